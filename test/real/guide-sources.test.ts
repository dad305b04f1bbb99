import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { guideBlocks } from "../support/deploy/guides.js";
import { repositoryRoot } from "../support/repository-root.js";
import { type SlackStandIn, startSlackStandIn } from "../support/slack/stand-in.js";
import { fetchText } from "./backends/http-json.js";
import { feedSamples } from "./backends/load-metrics.js";
import { emptyPrometheus3 } from "./backends/prometheus.js";
import { runCommand } from "./backends/run-command.js";
import type { ServerProcess } from "./backends/server-process.js";
import { cartSamples, scrapeMs } from "./cart-samples.js";
import { startOwn } from "./start-own.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const servers: ServerProcess[] = [];
const remedy = "Mend the guide.";
let folder = "";
let slack: SlackStandIn;

/** A folder of work with the configuration that the guides speak of, over real backends, one of which has traffic of the last hours. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-guide-sources-"));
  slack = await startSlackStandIn();
  const backend = emptyPrometheus3();
  const url = await startOwn(backend, { folder, servers, signal: new AbortController().signal });
  const nowMs = Math.floor(Date.now() / scrapeMs) * scrapeMs;
  await feedSamples(backend.name, url, [...cartSamples(nowMs, "storefront"), ...cartSamples(nowMs, "checkout")]);
  const configuration = `sources:
  - { name: prometheus, kind: prometheus, url: "${url}", scrapeInterval: 1m }
  - { name: jaeger, kind: jaeger, url: "${state.jaeger.url}" }
  - { name: logs, kind: elasticsearch, url: "${state.elasticsearch9.url}", index: "logstash-*" }
slo: { files: ["slo/*.yaml"] }
slack: { token: "${slack.token}", channel: "#mesh-alerts", apiUrl: "${slack.apiUrl.replace(/\/$/, "")}" }
`;
  const place = join(folder, "place");
  await cp(join(repositoryRoot, "deploy"), join(place, "deploy"), { recursive: true });
  await writeFile(join(place, "meshlens.yaml"), configuration);
  await mkdir(join(folder, "bin"));
  const meshlens = join(folder, "bin/meshlens");
  await writeFile(
    meshlens,
    `#!/bin/sh\nexec ${process.execPath} ${join(repositoryRoot, "dist/src/cli/main.js")} "$@"\n`,
  );
  await chmod(meshlens, 0o755);
});
afterAll(async () => {
  await slack.close();
  await Promise.all(servers.map((server) => server.stop(5_000)));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function type(script: string): Promise<string> {
  const environment = {
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    ELASTICSEARCH_URL: state.elasticsearch9.url,
  };
  return runCommand("bash", ["-euo", "pipefail", "-c", script], { cwd: join(folder, "place"), environment, remedy });
}

test("the commands of the guides that need sources, typed over real ones, end well and say what the guide says", async () => {
  const blocks = guideBlocks();
  // What writes the objectives that the configuration names comes first.
  const typed = [
    ...blocks.filter(({ script }) => script.includes("slo/shop.yaml <<")),
    ...blocks.filter(({ needs }) => needs === "sources"),
  ];
  // The days of the guide are whoever's days; here there are hours.
  const from = new Date(Date.now() - 2 * 3_600_000).toISOString();
  const said: string[] = [];
  for (const { script } of typed)
    said.push(await type(script.replace("2026-11-01", from).replace("2026-11-08", "now")));
  const all = said.join("");
  for (const words of ["prometheus  prometheus", "everything works", "2 objectives, 0 errors"])
    expect(all).toContain(words);
  expect(all).toMatch(/PASS +metrics/);
  expect(slack.workspace.channels[0]?.messages.length).toBeGreaterThan(0);
  expect(existsSync(join(folder, "place/transitions.jsonl"))).toBe(true);
}, 240_000);

test("the index template goes where the guide puts it", async () => {
  const [block, ...others] = guideBlocks().filter(({ needs }) => needs === "elasticsearch");
  expect(others).toEqual([]);
  const path = `${state.elasticsearch9.url}/_index_template/meshlens-logs`;
  try {
    await type(block?.script ?? "");
    const shipped = JSON.parse(await readFile(join(folder, "place/deploy/elasticsearch/index-template.json"), "utf8"));
    const { index_templates: kept } = JSON.parse(await fetchText(path)) as { index_templates: readonly unknown[] };
    expect(kept).toMatchObject([{ name: "meshlens-logs", index_template: { index_patterns: shipped.index_patterns } }]);
  } finally {
    await fetchText(path, { method: "DELETE" });
  }
});
