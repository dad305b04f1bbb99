import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type GrafanaValues, interpolateGraphql } from "../../dashboards/src/preview/grafana-values.js";
import { apiRules, recordingRules } from "../../dashboards/src/recording-rules.js";
import { loadConfig } from "../../src/config/load-config.js";
import { istio } from "../../src/mesh/dialects/istio.js";
import { linkerd } from "../../src/mesh/dialects/linkerd.js";
import { stepMs } from "../../src/mesh/metrics/recorded-steps.js";
import { compose } from "../../src/server/compose.js";
import { neverBehind } from "../../src/server/loop-delay.js";
import { type RunningServer, startServer } from "../../src/server/start-server.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { type JsonDashboard, readDashboards, targetsOf } from "../dashboards/support/dashboard-json.js";
import { actOf, acts, endMs, type ScenarioName, startMs } from "../e2e/programme.js";
import { writeConfig } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";
import { fetchText } from "./backends/http-json.js";
import { feedSamples } from "./backends/load-metrics.js";
import { prometheus3On } from "./backends/prometheus.js";
import type { ServerProcess } from "./backends/server-process.js";
import { askPanel } from "./prometheus-answers.js";
import { askCounted, type CountedAnswer, exactQuantiles, ruledSamples } from "./recorded-answers.js";
import { samplesOfText, seriesBesideDemo } from "./series-beside-demo.js";
import { startOwn } from "./start-own.js";

// A Prometheus with the programme of the demo as both meshes count it, side by side as during a migration, and a Meshlens over each mesh.
const minuteMs = 60_000;
const meshes = ["Istio", "Linkerd"] as const;
type MeshName = (typeof meshes)[number];
const stopping = new AbortController();
const servers: ServerProcess[] = [];
const running = new Map<MeshName, RunningServer>();
const all = readDashboards();
const whole = { fromMs: startMs, toMs: endMs };
let folder = "";
let prometheus = "";

const playedBy = (proxies: "istio" | "linkerd") => async (file: string) => {
  const worker = new Worker(new URL("./programme-worker.js", import.meta.url), { workerData: { file, proxies } });
  await once(worker, "message");
  await worker.terminate();
};

function startPrometheus(): Promise<string> {
  const backend = prometheus3On(playedBy("istio"), playedBy("linkerd"));
  return startOwn(backend, { folder, servers, signal: stopping.signal });
}

/** Over the real Prometheus at the programme's end, with objectives, and a Jaeger that is not there. */
async function startMeshlens(mesh: MeshName, url = prometheus): Promise<RunningServer> {
  const loaded = loadConfig(
    writeConfig(`server: { port: 0, logLevel: silent }
sources:
  - { name: prometheus, kind: prometheus, url: "${url}" }
  - { name: jaeger, kind: jaeger, url: "http://127.0.0.1:1" }
mesh: { dialect: ${mesh.toLowerCase()} }
slo: { defaults: { availability: { target: 0.99, window: 1d } } }
store: { url: "file::memory:" }
`),
    {},
  );
  const clock = { nowMs: () => endMs };
  const composition = await compose(loaded, { clock });
  const withoutClock = (source: MetricSource): MetricSource => ({ ...source, readClock: async () => null });
  const server = await startServer(loaded, {
    loopDelay: neverBehind,
    clock,
    // The programme is of May: the backend's own clock, which is today's, would lead the objectives away from it.
    composition: { ...composition, metricSources: composition.metricSources.map(withoutClock) },
    environment: {},
    pause: (_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
  });
  return server;
}

interface RowsAnswer {
  readonly status: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly errors: unknown;
}

async function askRows(mesh: MeshName, query: string, values: GrafanaValues): Promise<RowsAnswer> {
  const body = JSON.stringify({ query: interpolateGraphql(query, values) });
  const response = await fetch(`${running.get(mesh)?.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const { data, errors } = (await response.json()) as {
    data?: { grafana: Record<string, RowsAnswer["rows"]> };
    errors?: unknown;
  };
  return { status: response.status, rows: Object.values(data?.grafana ?? {})[0] ?? [], errors };
}

const board = (name: string) => all.get(`meshlens-${name}`) as JsonDashboard;
const targetOf = (name: string, title: string, refId: string) => {
  const found = targetsOf(board(name)).find(({ at, target }) => at === title && target.refId === refId);
  if (found === undefined) throw new Error(`${name} has no ${refId} in ${title}`);
  return found.target;
};
const settled = (scenario: ScenarioName) => {
  const { switchMs, endMs: toMs } = actOf(scenario);
  return { fromMs: switchMs + minuteMs, toMs };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-dashboards-"));
  prometheus = await startPrometheus();
  await feedSamples("prometheus", prometheus, seriesBesideDemo(startMs, endMs));
  for (const mesh of meshes) {
    const server = await startMeshlens(mesh);
    running.set(mesh, server);
    const { url } = server;
    const metrics = () => fetchText(`${url}/metrics`);
    await waitUntil("an evaluation", async () => (await metrics()).includes("meshlens_slo_burn_rate{"), {
      limitMs: 300_000,
    });
    await askRows(mesh, targetOf("mesh", "Services by failures", "A").url_options?.body_graphql_query ?? "", {
      ...whole,
    });
    await askRows(mesh, '{ grafana(namespace: "bookinfo") { traces(service: "reviews") { traceId } } }', whole);
    for (let atMs = endMs - 10 * minuteMs; atMs <= endMs; atMs += 15_000) {
      await feedSamples(
        "prometheus",
        prometheus,
        samplesOfText(await metrics(), atMs, { job: "meshlens", instance: url }, 1 + (atMs - startMs) / minuteMs),
      );
    }
  }
}, 1_200_000);

afterAll(async () => {
  stopping.abort();
  await Promise.allSettled([...running.values()].map((server) => server.stop("test over")));
  await Promise.allSettled(servers.map((server) => server.stop(3_000)));
  await rm(folder, { recursive: true, force: true });
});

describe.each([...all.keys()])("%s", (name) => {
  const dashboard = all.get(name) as JsonDashboard;
  const promql = targetsOf(dashboard).filter(({ target }) => target.expr !== undefined);
  const meshOf = (refId: string) => meshes.find((mesh) => refId.startsWith(mesh.toLowerCase()));

  test.each(promql.map(({ at, target }) => [at, target.refId, target] as const))(
    "%s: %s has data while its mesh is chosen, and none of the other's",
    async (_, refId, target) => {
      const mesh = meshOf(refId);
      const values = mesh === undefined ? whole : { ...whole, mesh };
      const answer = await askPanel(prometheus, target, values);
      expect(answer.some(({ values: points }) => points.length > 0)).toBe(true);
      if (mesh === undefined || !target.expr?.includes("$mesh")) return;
      const other = await askPanel(prometheus, target, { ...whole, mesh: mesh === "Istio" ? "Linkerd" : "Istio" });
      expect(other).toEqual([]);
    },
  );

  test("no target breaks on a service that is not there, nor on one with quotes in its name", async () => {
    for (const { target } of promql) {
      for (const service of ["nothing", "odd'name", "a.b+c"]) {
        const answer = await askPanel(prometheus, target, { ...whole, service, namespace: "no(where" });
        if (/\$service/.test(target.expr ?? "")) expect(answer.flatMap(({ values }) => values)).toEqual([]);
      }
    }
  });

  const rows = targetsOf(dashboard).filter(({ target }) => target.expr === undefined);
  test.each(rows.map(({ at, target }) => [at, target.refId, target] as const))(
    "%s: the rows of %s have their columns",
    async (_, __, target) => {
      const query = target.url_options?.body_graphql_query ?? "";
      const values = { ...whole, namespace: "bookinfo", service: "reviews", mesh: "Istio" as const };
      const { status, rows: answered } = await askRows("Istio", query, values);
      // The only trace source is down: its rows alone are 502, everything else is there.
      expect(status).toBe(query.includes("Grafana_traces") ? 502 : 200);
      for (const row of answered) expect(Object.keys(row)).toEqual(target.columns?.map(({ selector }) => selector));
      if (/Grafana_(nodes|edges|services|series|slos|burns|sources|links)/.test(query))
        expect(answered.length).toBeGreaterThan(0);
      const unknown = await askRows("Istio", query, { ...values, service: 'say "hi"\\' });
      expect([unknown.status, unknown.errors]).toEqual([200, undefined]);
    },
  );
});

describe.each(meshes)("headline numbers of %s", (mesh) => {
  const what = mesh.toLowerCase();
  const scenarios = ["healthy", "ratings-abort", "retries-mask", "canary-split", "storm"] as const;
  const cases = scenarios.flatMap((scenario) =>
    ["productpage", "reviews", "ratings"].map((service) => [scenario, service] as const),
  );

  test.each(cases)("%s: those of %s are the API's", async (scenario, service) => {
    const values = { ...settled(scenario), mesh, namespace: "bookinfo", service };
    const query = targetOf("service", "The same by Meshlens", "A").url_options?.body_graphql_query ?? "";
    const [row] = (await askRows(mesh, query, values)).rows;
    const figure = async (title: string, refId: string) =>
      (await askPanel(prometheus, targetOf("service", title, `${what} ${refId}`), values))[0]?.values[0] ?? null;
    const [calls, errors, p95] = [
      await figure("Calls", "calls"),
      await figure("Failed calls", "error ratio"),
      await figure("p95", "p95"),
    ];
    // Prometheus extrapolates a rate to the range's ends, Meshlens counts.
    expect(Number(calls) / Number(row?.["requestsPerSecond"])).toBeCloseTo(1, 1);
    expect(Number(errors)).toBeCloseTo(Number(row?.["errorRatio"]), 2);
    expect(Number(p95) / Number(row?.["p95Ms"])).toBeCloseTo(1, 1);
  });

  test("a waypoint's calls are counted once, and a gRPC status that blames the server is a failure", async () => {
    const values = { ...settled("healthy"), mesh, namespace: "shop", service: "quotes" };
    const figure = async (title: string, refId: string) =>
      (await askPanel(prometheus, targetOf("service", title, `${what} ${refId}`), values))[0]?.values[0];
    expect(await figure("Calls", "calls")).toBeCloseTo(4, 1);
    expect(await figure("Failed calls", "error ratio")).toBeCloseTo(0.25, 2);
  });
});

describe("the recording rules", () => {
  const byService = (title: string, refId: string) => targetOf("mesh", title, refId);
  const cases = (["Calls by service", "Failed calls by service"] as const).flatMap((title) => {
    const what = title === "Calls by service" ? "calls" : "error ratio";
    return meshes.map((mesh) => [mesh, title, `${mesh.toLowerCase()} ${what}`] as const);
  });
  const range = settled("ratings-abort");
  const ruleTimes = { fromMs: range.fromMs, toMs: range.toMs, rateInterval: "5m" };

  beforeAll(async () => {
    for (const { record, expr, labels } of Object.values(recordingRules).flat()) {
      const answer = await askPanel(prometheus, { refId: "", datasource: { type: "", uid: "" }, expr }, ruleTimes);
      expect({ record, series: answer.length > 0 }).toEqual({ record, series: true });
      const samples = answer.flatMap(({ labels: own, values, atMs }) =>
        values.map((value, i) => ({ name: record, labels: { ...own, ...labels }, atMs: atMs[i] ?? 0, value })),
      );
      await feedSamples("prometheus", prometheus, samples);
    }
  });

  test.each(cases)(
    "%s: %s is the same by the rules as by the raw series, which are not read then",
    async (mesh, title, refId) => {
      const values = { ...ruleTimes, mesh, namespace: "bookinfo" };
      const target = byService(title, refId);
      const raw = { ...target, expr: (target.expr ?? "").replaceAll("meshlens:", "absent:") };
      const [ruled, asked] = [
        await askPanel(prometheus, target, { ...values, hasRules: true }),
        await askPanel(prometheus, raw, values),
      ];
      const byName = (all: typeof ruled) =>
        new Map(all.map(({ labels, values: points }) => [labels["service"], points.at(-1)]));
      expect(ruled.length).toBeGreaterThan(2);
      for (const [service, value] of byName(asked))
        expect(byName(ruled).get(service)).toBeCloseTo(value ?? Number.NaN, 6);
      const off = { ...values, hasRules: true };
      expect(await askPanel(prometheus, raw, off)).toEqual([]);
    },
  );
});

/** Where a person would look in a scenario: panel, the line there, and what it must say. */
const seen: readonly {
  readonly scenario: ScenarioName;
  readonly mesh: MeshName;
  readonly on: readonly [board: string, panel: string, refId: string];
  readonly choice?: Partial<GrafanaValues>;
  readonly line?: Readonly<Record<string, string>>;
  readonly least: number;
  readonly most?: number;
}[] = [
  // Nothing is wrong: calls there are, and each of the figures that tell of trouble stays where it belongs.
  { scenario: "healthy", mesh: "Istio", on: ["mesh", "Calls", "istio calls"], least: 10 },
  {
    scenario: "healthy",
    mesh: "Istio",
    on: ["mesh", "Failed calls by service", "istio error ratio"],
    choice: { namespace: "bookinfo" },
    least: 0,
    most: 0.001,
  },
  {
    scenario: "healthy",
    mesh: "Linkerd",
    on: ["mesh", "Failed calls by service", "linkerd error ratio"],
    choice: { namespace: "bookinfo" },
    least: 0,
    most: 0.001,
  },
  {
    scenario: "healthy",
    mesh: "Istio",
    on: ["service", "p95", "istio p95"],
    choice: { service: "productpage" },
    least: 1,
    most: 30,
  },
  {
    scenario: "ratings-delay-v3",
    mesh: "Istio",
    on: ["service", "Response flags", "istio flags"],
    choice: { service: "ratings" },
    line: { response_flags: "DI,DC" },
    least: 0.1,
  },
  {
    scenario: "ratings-delay-v3",
    mesh: "Istio",
    on: ["edge", "95th percentile by both proxies", "istio p95"],
    choice: { service: "ratings", caller: "reviews-v3" },
    least: 2_000,
  },
  {
    scenario: "ratings-delay",
    mesh: "Istio",
    on: ["edge", "95th percentile by both proxies", "istio p95"],
    choice: { service: "ratings", caller: "reviews-v2" },
    least: 5_000,
  },
  {
    scenario: "ratings-delay",
    mesh: "Istio",
    on: ["edge", "95th percentile by both proxies", "istio server p95"],
    choice: { service: "ratings", caller: "reviews-v2" },
    least: 0,
    most: 100,
  },
  {
    scenario: "ratings-delay",
    mesh: "Istio",
    on: ["service", "Response flags", "istio flags"],
    choice: { service: "reviews" },
    line: { response_flags: "DC" },
    least: 0.1,
  },
  {
    scenario: "ratings-abort",
    mesh: "Istio",
    on: ["service", "Failed calls", "istio error ratio"],
    choice: { service: "ratings" },
    least: 0.1,
  },
  {
    scenario: "ratings-abort",
    mesh: "Istio",
    on: ["service", "Response flags", "istio flags"],
    choice: { service: "ratings" },
    line: { response_flags: "FI" },
    least: 0.1,
  },
  {
    scenario: "canary-split",
    mesh: "Istio",
    on: ["workload", "Share of the calls", "istio version share"],
    choice: { service: "reviews" },
    line: { destination_version: "v3" },
    least: 0.05,
  },
  {
    scenario: "canary-split",
    mesh: "Linkerd",
    on: ["workload", "Share of the calls", "linkerd version share"],
    choice: { service: "reviews" },
    line: { deployment: "reviews-v3" },
    least: 0.05,
  },
  {
    scenario: "retries-mask",
    mesh: "Istio",
    on: ["edge", "Failed calls by both proxies", "istio server errors"],
    choice: { service: "ratings" },
    least: 0.05,
  },
  {
    scenario: "rbac-denied",
    mesh: "Istio",
    on: ["service", "Calls by code", "istio codes"],
    choice: { service: "ratings" },
    line: { response_code: "403" },
    least: 0.1,
  },
  {
    scenario: "egress-blocked",
    mesh: "Istio",
    on: ["egress", "Blocked and undeclared egress", "istio undeclared"],
    line: { destination_service_name: "BlackHoleCluster" },
    least: 0.01,
  },
  {
    scenario: "egress-firestore",
    mesh: "Istio",
    on: ["egress", "Connections to external hosts", "istio opened"],
    least: 0.01,
  },
  {
    scenario: "mysql-slow",
    mesh: "Istio",
    on: ["workload", "95th percentile by version", "istio version p95"],
    choice: { service: "ratings" },
    least: 200,
  },
  {
    scenario: "crashloop",
    mesh: "Istio",
    on: ["service", "Failed calls", "istio error ratio"],
    choice: { service: "ratings" },
    least: 0.002,
  },
  { scenario: "storm", mesh: "Linkerd", on: ["mesh", "Failed calls by service", "linkerd error ratio"], least: 0.05 },
];

describe("each scenario is visible where a person would look", () => {
  test("none is left out", () => {
    const shown = new Set(seen.map(({ scenario }) => scenario));
    expect(acts.map(({ scenario }) => scenario).filter((one) => !shown.has(one))).toEqual([]);
  });

  test.each(seen)(
    "$scenario in $mesh: $on",
    async ({ scenario, mesh, on, choice = {}, line = {}, least, most = Number.POSITIVE_INFINITY }) => {
      const answer = await askPanel(prometheus, targetOf(...on), { ...settled(scenario), mesh, ...choice });
      const lines = answer.filter(({ labels }) =>
        Object.entries(line).every(([name, value]) => labels[name] === value),
      );
      const highest = Math.max(...lines.flatMap(({ values }) => values));
      expect({ highest: highest >= least && highest <= most, was: highest }).toMatchObject({ highest: true });
    },
  );
});

// Last of all: who asks after this finds the rules' series.
describe.each(meshes)("the API of %s by the recording rules", (mesh) => {
  const hourMs = 60 * minuteMs;
  const windows = [
    { fromMs: endMs - hourMs, toMs: endMs },
    { fromMs: startMs + 10 * minuteMs, toMs: startMs + 10 * minuteMs + hourMs },
  ];
  const dialect = mesh === "Istio" ? istio : linkerd;
  const raw: CountedAnswer[] = [];
  const ruled: CountedAnswer[] = [];
  const ask = async (window: (typeof windows)[number]) =>
    askCounted(prometheus, window, (url) => startMeshlens(mesh, url));

  beforeAll(async () => {
    for (const window of windows) raw.push(await ask(window));
    for (const rule of apiRules[mesh === "Istio" ? "istio" : "linkerd"]) {
      const samples = await ruledSamples(prometheus, rule, { fromMs: startMs, toMs: endMs + minuteMs, stepMs });
      expect(samples.length).toBeGreaterThan(100);
      await feedSamples("prometheus", prometheus, samples);
    }
    for (const window of windows) ruled.push(await ask(window));
  }, 200_000);

  test.each([0, 1])("every count and what there is to see stay as they were (window %i)", (i) => {
    const [before, after] = [raw[i]?.figures ?? new Map(), ruled[i]?.figures ?? new Map()];
    expect(before.size).toBeGreaterThan(200);
    const isQuantile = (path: string) => / latency .* value$/.test(path);
    const counts = (all: typeof before) => [...all].filter(([path]) => !isQuantile(path));
    expect(counts(after)).toEqual(counts(before));
    expect([...after.keys()]).toEqual([...before.keys()]);
  });

  test.each([0, 1])("quantiles are those of exact counts, which raw ones come near at best (window %i)", async (i) => {
    const off = { raw: 0, ruled: 0 };
    for (const quantile of [0.5, 0.95, 0.99]) {
      const exact = await exactQuantiles(prometheus, dialect, quantile, windows[i] ?? whole);
      for (const service of ["productpage", "reviews", "ratings", "orders", "shipping", "profile"]) {
        const path = `services services nodes ${service} golden latency ${quantile} value`;
        const offBy = (answer: CountedAnswer | undefined) =>
          Math.abs((answer?.figures.get(path) ?? 0) / (exact.get(service) ?? 0) - 1);
        expect({ quantile, service, off: Math.round(offBy(ruled[i]) * 25) }).toEqual({ quantile, service, off: 0 });
        off.raw = Math.max(off.raw, offBy(raw[i]));
        off.ruled = Math.max(off.ruled, offBy(ruled[i]));
      }
    }
    expect(off.ruled).toBeLessThanOrEqual(off.raw);
  });

  test.each([0, 1])("as many queries read half the samples, though every workload has one pod (window %i)", (i) => {
    expect(ruled[i]?.queries).toBe(raw[i]?.queries);
    expect((ruled[i]?.samples ?? 0) / (raw[i]?.samples ?? 0)).toBeLessThan(0.6);
  });
});
