// The number of upstream calls never grows with the mesh: at most 8 for a list, a graph or a page, the first of a cold start included.
import { describe, expect, test } from "@jest/globals";
import type { AnnouncedMeasure } from "../../../src/mesh/mesh.js";
import type { LogSource } from "../../../src/telemetry/log-source.js";
import type { MetricSource } from "../../../src/telemetry/metric-source.js";
import {
  addIstioPair,
  createTestMetrics,
  everything,
  memorySource,
  readerOf,
  type TestMetrics,
  testWindow,
} from "../../support/mesh-metrics.js";

/** A chain of services: s0 calls s1 calls s2 ... */
function chainOf(services: number): TestMetrics {
  const metrics = createTestMetrics();
  for (let i = 0; i < services; i++) {
    addIstioPair(metrics, {
      source: i === 0 ? "istio-ingressgateway" : `s${i - 1}`,
      service: `s${i}`,
      workload: `s${i}`,
      count: 10,
    });
  }
  return metrics;
}

const quantiles = [0.5, 0.95, 0.99];
const budget = 8;

describe.each([10, 100, 1000])("with %i services", (services) => {
  const source = memorySource(chainOf(services));

  test("a list of the first hundred services with three quantiles", async () => {
    const { reader, calls } = readerOf([source]);
    const { value } = await reader.listServices(testWindow, everything);
    expect(value).toHaveLength(services);
    const counts = await Promise.all(
      (value ?? []).slice(0, 100).map(async ({ ref }) => {
        const golden = reader.golden(ref, testWindow);
        const [outcome] = await Promise.all([
          golden.outcome("callers"),
          golden.absence(),
          ...quantiles.map((quantile) => golden.latencyMs("callers", quantile)),
        ]);
        return outcome.value?.requestCount;
      }),
    );
    expect(new Set(counts)).toEqual(new Set([10]));
    expect(calls.length).toBeLessThanOrEqual(budget);
  });

  test("a graph with every measure of its edges and nodes", async () => {
    const { reader, calls } = readerOf([source]);
    const measures: AnnouncedMeasure[] = (["services", "edges"] as const).flatMap((of) => [
      { of, measure: "outcome", view: "callers" },
      ...quantiles.map((quantile) => ({ of, measure: "latency", view: "callers", quantile }) as const),
    ]);
    reader.announce(measures, null, testWindow);
    const { value } = await reader.graph(testWindow, everything, 5000);
    expect(value?.edges).toHaveLength(services);
    const counts = await Promise.all([
      ...(value?.edges ?? []).map(async ({ golden }) => {
        for (const quantile of quantiles) expect((await golden.latencyMs("callers", quantile)).value).not.toBeNull();
        return (await golden.outcome("server")).value?.requestCount;
      }),
      ...(value?.nodes ?? []).flatMap((node) => {
        const golden = value?.golden(node) ?? null;
        return golden === null ? [] : [(async () => (await golden.outcome("callers")).value?.requestCount)()];
      }),
    ]);
    expect(new Set(counts)).toEqual(new Set([10]));
    expect(calls.length).toBeLessThanOrEqual(budget);
  });

  test.each([true, false])("a service page with edges and series (announced: %s)", async (isAnnounced) => {
    const { reader, calls } = readerOf([source]);
    const found = await reader.findService({ cluster: null, namespace: "bookinfo", name: "s5" }, testWindow);
    const ref = found?.ref ?? { cluster: "", namespace: "", name: "" };
    const golden = reader.golden(ref, testWindow);
    if (isAnnounced) {
      const edges = (["callers", "server"] as const).map(
        (view): AnnouncedMeasure => ({ of: "edges", measure: "latency", view, quantile: 0.95 }),
      );
      reader.announce(edges, ref, testWindow);
    }
    const [edges] = await Promise.all([
      reader.edgesOf(ref, "BOTH", testWindow),
      golden.outcome("callers"),
      golden.outcome("server"),
      golden.requestRateSeries("callers", 60),
      golden.errorRatioSeries("callers", 60),
      golden.latencyMs("server", 0.95),
      ...quantiles.flatMap((quantile) => [
        golden.latencyMs("callers", quantile),
        golden.latencyMsSeries("callers", quantile, 60),
      ]),
    ]);
    expect(edges.value?.map((edge) => [edge.source.label, edge.destination.label])).toEqual([
      ["s4", "s5"],
      ["s5", "s6"],
    ]);
    for (const edge of edges.value ?? []) {
      expect((await edge.golden.latencyMs("callers", 0.95)).value).not.toBeNull();
      expect((await edge.golden.latencyMs("server", 0.95)).value).not.toBeNull();
    }
    expect(calls.length).toBeLessThanOrEqual(budget);
  });
});

test("several services asked in one tick share their questions, and only they are asked for", async () => {
  const { reader, calls } = readerOf([memorySource(chainOf(100))]);
  await reader.listServices(testWindow, everything);
  calls.length = 0;
  const goldens = ["s3", "s7", "s9"].map((name) =>
    reader.golden({ cluster: "Kubernetes", namespace: "bookinfo", name }, testWindow),
  );
  const outcomes = await Promise.all(goldens.map((golden) => golden.outcome("callers")));
  expect(outcomes.map(({ value }) => value?.requestCount)).toEqual([10, 10, 10]);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.rows).toBe(3);
});

test("a reader's second look at an answer asks nothing", async () => {
  const { reader, calls } = readerOf([memorySource(chainOf(10))]);
  const golden = reader.golden({ cluster: "Kubernetes", namespace: "bookinfo", name: "s1" }, testWindow);
  await golden.outcome("callers");
  const asked = calls.length;
  await golden.outcome("callers");
  expect(calls).toHaveLength(asked);
});

test("what a graph counts is there before its quantiles, which may take far longer", async () => {
  const memory = memorySource(chainOf(10));
  let answerQuantiles = () => {};
  const released = new Promise<void>((resolve) => {
    answerQuantiles = resolve;
  });
  const slow: MetricSource = {
    ...memory,
    async query(request, options) {
      if (request.parts.some(({ expression }) => expression.kind === "quantile")) await released;
      return memory.query(request, options);
    },
  };
  const { reader } = readerOf([slow]);
  reader.announce(
    [
      { of: "edges", measure: "outcome", view: "callers" },
      { of: "edges", measure: "latency", view: "callers", quantile: 0.95 },
    ],
    null,
    testWindow,
  );
  const { value } = await reader.graph(testWindow, everything, 5000);
  const [edge] = value?.edges ?? [];
  expect((await edge?.golden.outcome("callers"))?.value?.requestCount).toBe(10);
  const latency = edge?.golden.latencyMs("callers", 0.95);
  expect(latency).toBeInstanceOf(Promise);
  answerQuantiles();
  expect((await latency)?.value).not.toBeNull();
});

test("what one tick asks of logs goes out before its metric questions, which take longer to word", async () => {
  const asked: string[] = [];
  const memory = memorySource(chainOf(10));
  const metrics: MetricSource = {
    ...memory,
    query: (request, options) => {
      asked.push("metrics");
      return memory.query(request, options);
    },
  };
  const logs: LogSource = {
    ...{ name: "logs", kind: "elasticsearch", cluster: null, isShard: false },
    probe: () => Promise.reject(new Error("not asked")),
    close: async () => {},
    ask: async () => {
      asked.push("logs");
      return [{ kind: "search", records: [], next: null, total: null, warnings: [] }];
    },
  };
  const { reader } = readerOf([metrics], {}, { logSources: [logs] });
  await reader.listServices(testWindow, everything);
  asked.length = 0;
  const ref = { cluster: "Kubernetes", namespace: "bookinfo", name: "s1" };
  const selection = { levels: null, text: null, lines: "any", pods: null } as const;
  await Promise.all([
    reader.golden(ref, testWindow).outcome("callers"),
    reader.logs(ref, testWindow, selection, 20, null, false),
  ]);
  expect(asked).toEqual(["logs", "metrics"]);
});
