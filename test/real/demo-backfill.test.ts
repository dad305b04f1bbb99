import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type StartedCommand, startCommand } from "../support/run-command.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";
import { fetchJson, posting } from "./backends/http-json.js";
import { prometheus3On } from "./backends/prometheus.js";
import type { ServerProcess } from "./backends/server-process.js";
import { startOwn } from "./start-own.js";

// The file of the command itself, at the real clock: the scenarios' own back-fill is of fixed minutes and written by the tests.
const minuteMs = 60_000;
const stopping = new AbortController();
const servers: ServerProcess[] = [];
let folder = "";
let demo: StartedCommand | null = null;
let meshlens: ConfiguredServer | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-backfill-"));
});

afterAll(async () => {
  stopping.abort();
  demo?.kill("SIGKILL");
  await Promise.allSettled([
    demo?.finished,
    meshlens?.stop("test over"),
    ...servers.map((server) => server.stop(3_000)),
  ]);
  await rm(folder, { recursive: true, force: true });
});

/** A Prometheus on blocks that promtool made of a file. */
function startPrometheusOn(file: string): Promise<string> {
  const backend = prometheus3On((metrics) => copyFile(file, metrics));
  return startOwn(backend, { folder, servers, signal: stopping.signal });
}

interface Answer {
  readonly data: {
    readonly serviceGraph: { readonly edges: readonly { readonly golden: { requestCount: number | null } }[] };
  };
}

/** Every edge with the counts of both ends. */
async function edgesOf(url: string, fromMs: number, toMs: number) {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  const query = `{ serviceGraph(range: { absolute: { from: "${from}", to: "${to}" } }) {
    edges { source { label } destination { label } connectionRate golden { requestCount server { requestCount } } }
  } }`;
  const { data } = await fetchJson<Answer>(`${url}/graphql`, posting("application/json", JSON.stringify({ query })));
  return data.serviceGraph.edges;
}

test("promtool takes the file of --backfill-out, and Prometheus then counts what the demo does", async () => {
  const file = join(folder, "demo.om");
  const startedMs = Date.now();
  const started = startCommand(["demo", "--port", "0", "--history", "10m", "--backfill-out", file]);
  demo = started;
  const urlOfDemo = () => /living on at (http\S+)/.exec(started.output().stdout)?.[1];
  await waitUntil("a demo that is ready", () => urlOfDemo() !== undefined, { limitMs: 60_000 });
  meshlens = await startConfigured(
    `sources: [{ name: filled, kind: prometheus, url: "${await startPrometheusOn(file)}" }]`,
  );

  const range = [startedMs - 8 * minuteMs, startedMs - 2 * minuteMs] as const;
  const counted = await edgesOf(urlOfDemo() ?? "", ...range);
  expect(counted.filter(({ golden }) => (golden.requestCount ?? 0) > 100).length).toBeGreaterThan(4);
  expect(await edgesOf(meshlens.url, ...range)).toEqual(counted);
});
