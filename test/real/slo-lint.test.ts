import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runCommandLine } from "../support/run-command.js";
import { feedSamples } from "./backends/load-metrics.js";
import { emptyPrometheus2, emptyPrometheus3 } from "./backends/prometheus.js";
import type { ServerProcess } from "./backends/server-process.js";
import { cartSamples, scrapeMs } from "./cart-samples.js";
import { startOwn } from "./start-own.js";

const stopping = new AbortController();
const servers: ServerProcess[] = [];
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-lint-"));
});
afterAll(async () => {
  stopping.abort();
  await Promise.all(servers.map((server) => server.stop(5_000)));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const objectives = `apiVersion: meshlens/v1
namespace: shop
objectives:
  - { service: cart, availability: 99.9% }
  - { service: cart, latency: { target: 99%, thresholdMs: 250 } }
  - { service: ghost, availability: 99.9% }
  - service: cart
    name: many
    ratio: { target: 99%, failed: 'rate(istio_requests_total[{{.window}}]) / 100' }
`;

test.each([emptyPrometheus2(), emptyPrometheus3()])(
  "slo lint --config against $name: buckets, retention, traffic, a missed target, no series, more than one series",
  async (backend) => {
    const url = await startOwn(backend, { folder: join(folder, backend.name), servers, signal: stopping.signal });
    await feedSamples(backend.name, url, cartSamples(Math.floor(Date.now() / scrapeMs) * scrapeMs));
    const config = join(folder, `${backend.name}.yaml`);
    await writeFile(
      config,
      `sources: [{ name: prometheus, kind: prometheus, url: "${url}", scrapeInterval: 1m }]\nmesh: { dialect: istio }\n`,
    );
    await writeFile(join(folder, "slo.yaml"), objectives);
    const { code, stdout, stderr } = await runCommandLine(["slo", "lint", "slo.yaml", "--config", config, "--json"], {
      cwd: folder,
    });
    const { findings } = JSON.parse(stdout) as { findings: { code: string; line: number; message: string }[] };
    const found = findings.map(({ code: word, line }) => `${line} ${word}`);
    expect([code, stderr]).toEqual([0, ""]);
    expect(found).toEqual(
      expect.arrayContaining([
        "4 SLO_DATA_RETENTION",
        "4 SLO_DATA_TRAFFIC",
        "4 SLO_DATA_MISSED",
        "5 SLO_DATA_BUCKET",
        "6 SLO_DATA_NONE",
        "7 SLO_DATA_NONE",
      ]),
    );
    expect(findings.find(({ line, code: word }) => line === 7 && word === "SLO_DATA_NONE")?.message).toContain(
      "gives several series",
    );
  },
  300_000,
);
