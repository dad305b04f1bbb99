// Several sources, dead sources, and callers who may not see everything.
import { describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../../src/errors.js";
import type { MetricSource } from "../../../src/telemetry/metric-source.js";
import {
  addIstioCalls,
  addIstioPair,
  createTestMetrics,
  edgeBetween,
  everything,
  memorySource,
  readerOf,
  testWindow,
} from "../../support/mesh-metrics.js";

function bookinfo(count = 100) {
  const metrics = createTestMetrics();
  addIstioPair(metrics, { source: "productpage-v1", service: "reviews", workload: "reviews-v1", count });
  return metrics;
}

function dead(name: string, cluster: string | null = null): MetricSource {
  const refuse = () =>
    Promise.reject(new MeshlensError("MESHLENS_ERR_SOURCE_UNREACHABLE", `${name} refused.`, { source: name }));
  return { ...memorySource(createTestMetrics(), name, cluster), query: refuse, presentMetrics: refuse, probe: refuse };
}

const reviews = { cluster: "Kubernetes", namespace: "bookinfo", name: "reviews" };

describe("several metrics sources", () => {
  test("replicas of one cluster are not added: the first healthy one answers", async () => {
    const { reader } = readerOf([memorySource(bookinfo(), "a"), memorySource(bookinfo(), "b")]);
    expect((await reader.golden(reviews, testWindow).outcome("callers")).value?.requestCount).toBe(100);
  });

  test("shards of one cluster are added", async () => {
    const shards = ["a", "b"].map((name) => ({ ...memorySource(bookinfo(), name), isShard: true }));
    const { reader } = readerOf(shards);
    expect((await reader.golden(reviews, testWindow).outcome("callers")).value?.requestCount).toBe(200);
  });

  test("a call between clusters is counted once, though each end's source saw it", async () => {
    const call = { source: "productpage-v1", service: "reviews", workload: "reviews-v1", count: 100 };
    const caller = createTestMetrics();
    addIstioCalls(caller, { ...call, reporter: "source" });
    const server = createTestMetrics();
    addIstioCalls(server, { ...call, reporter: "destination" });
    const { reader } = readerOf([memorySource(caller, "east", "east"), memorySource(server, "west", "west")]);
    expect((await reader.golden(reviews, testWindow).outcome("callers")).value?.requestCount).toBe(100);
    const { value } = await reader.graph(testWindow, everything, 100);
    expect(
      (await edgeBetween(value?.edges ?? null, "productpage", "reviews").golden.outcome("server")).value?.requestCount,
    ).toBe(100);
  });

  test("one dead cluster leaves a partial answer with its state and no error", async () => {
    const { reader } = readerOf([memorySource(bookinfo(), "east", "east"), dead("west", "west")]);
    const { value, sources, errors } = await reader.golden(reviews, testWindow).outcome("callers");
    expect(value?.requestCount).toBe(100);
    expect(sources.map((source) => source.state)).toEqual(["OK", "UNAVAILABLE"]);
    expect(errors).toEqual([]);
  });

  test("all dead: null, one error per source, and the absence says why", async () => {
    const { reader } = readerOf([dead("east", "east"), dead("west", "west")]);
    const golden = reader.golden(reviews, testWindow);
    const pillar = await golden.outcome("callers");
    expect(pillar.value).toBeNull();
    expect(pillar.errors.map((error) => error.details.source)).toEqual(["east", "west"]);
    expect(await golden.absence()).toBe("SOURCE_DOWN");
    for (const read of [reader.graph(testWindow, everything, 10), reader.edgesOf(reviews, "BOTH", testWindow)]) {
      expect(await read).toMatchObject({ value: null, errors: [{}, {}] });
    }
  });

  test("a source that comes back in the middle of a request does not call a page whole whose service it could not look up", async () => {
    const alive = memorySource(bookinfo(), "east");
    let isDead = true;
    const flaky: MetricSource = {
      ...alive,
      query: (...asked) => (isDead ? dead("east").query(...asked) : alive.query(...asked)),
    };
    const { reader } = readerOf([flaky]);
    await reader.findService({ cluster: null, namespace: "bookinfo", name: "reviews" }, testWindow);
    isDead = false;
    const guessed = { ...reviews, cluster: "default" };
    const { value, errors } = await reader.golden(guessed, testWindow).outcome("callers");
    expect([value, errors.length]).toEqual([null, 1]);
    expect(await reader.edgesOf(guessed, "BOTH", testWindow)).toMatchObject({ value: null, errors: [{}] });
  });

  test("a silent source may take a third of the time for the lookup, and then says for all measures that it did not answer", async () => {
    const deadlines: number[] = [];
    const silent: MetricSource = {
      ...memorySource(bookinfo(), "east"),
      presentMetrics: (_names, _window, { deadlineMs }) => {
        deadlines.push(deadlineMs);
        const late = new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", "east did not answer.", { source: "east" });
        return Promise.reject(late);
      },
    };
    const deadlineMs = Date.now() + 30_000;
    const { reader } = readerOf([silent], { deadlineMs });
    await reader.findService({ cluster: null, namespace: "bookinfo", name: "reviews" }, testWindow);
    expect((await reader.golden(reviews, testWindow).outcome("callers")).sources[0]?.state).toBe("TIMEOUT");
    expect(deadlines).toHaveLength(1);
    expect(deadlines[0]).toBeLessThan(deadlineMs - 15_000);
  });

  test("no source configured is said so", async () => {
    const { reader } = readerOf([]);
    expect(await reader.golden(reviews, testWindow).absence()).toBe("NO_METRICS_SOURCE");
    expect((await reader.golden(reviews, testWindow).outcome("callers")).sources[0]?.state).toBe("NOT_CONFIGURED");
    expect((await reader.listServices(testWindow, everything)).sources[0]?.state).toBe("NOT_CONFIGURED");
  });

  test("warnings make the source DEGRADED beside its answer", async () => {
    const source = memorySource(bookinfo());
    const query: MetricSource["query"] = async (request, options) => ({
      ...(await source.query(request, options)),
      warnings: ["a store did not answer"],
    });
    const { reader } = readerOf([{ ...source, query }]);
    const pillar = await reader.golden(reviews, testWindow).outcome("callers");
    expect(pillar.value?.requestCount).toBe(100);
    expect(pillar.sources).toMatchObject([{ state: "DEGRADED", message: "a store did not answer" }]);
  });

  test("aliases rename clusters", async () => {
    const { reader } = readerOf(
      [memorySource(bookinfo())],
      {},
      { clusters: { aliases: { Kubernetes: "east" }, fallback: "default" } },
    );
    const { value } = await reader.listServices(testWindow, everything);
    expect(new Set(value?.map((service) => service.ref.cluster))).toEqual(new Set(["east"]));
  });
});

describe("finding a service", () => {
  test("a service of the last day is found although the window is silent, an unknown one is not", async () => {
    const { reader } = readerOf([memorySource(bookinfo())]);
    const later = { fromMs: testWindow.toMs + 6 * 3_600_000, toMs: testWindow.toMs + 7 * 3_600_000 };
    expect(await reader.findService({ ...reviews, cluster: null }, later)).toEqual({ ref: reviews, mesh: "ISTIO" });
    expect(await reader.findService({ cluster: null, namespace: "bookinfo", name: "nobody" }, later)).toBeNull();
  });

  test("with its source down the service is there, because nobody can say it is not", async () => {
    const { reader } = readerOf([dead("east")]);
    expect(await reader.findService({ ...reviews, cluster: null }, testWindow)).toEqual({
      ref: { ...reviews, cluster: "default" },
      mesh: null,
    });
  });

  test("a caller without inbound rows is a service with no inbound", async () => {
    const { reader } = readerOf([memorySource(bookinfo())]);
    const found = await reader.findService({ cluster: null, namespace: "bookinfo", name: "productpage" }, testWindow);
    expect(found?.mesh).toBeNull();
    const golden = reader.golden(found?.ref ?? reviews, testWindow);
    expect(await golden.absence()).toBe("NO_INBOUND");
    expect((await golden.outcome("callers")).value).toBeNull();
  });
});

describe("visibility", () => {
  const visibility = { namespaces: new Set(["shop"]) };
  function twoNamespaces() {
    const metrics = createTestMetrics();
    addIstioPair(metrics, { source: "cart", service: "stock", workload: "stock", namespace: "shop", count: 10 });
    addIstioPair(metrics, { source: "spy", service: "vault", workload: "vault", namespace: "secret", count: 10 });
    addIstioCalls(metrics, {
      reporter: "source",
      source: "vault",
      service: "stock.shop.svc.cluster.local",
      workload: null,
      namespace: "secret",
      count: 5,
    });
    return memorySource(metrics);
  }

  test("services of other namespaces are in no list and have no data", async () => {
    const { reader } = readerOf([twoNamespaces()], { visibility });
    const { value } = await reader.listServices(testWindow, everything);
    expect(value?.map((service) => service.ref.name)).toEqual(["cart", "stock"]);
    const vault = { cluster: "Kubernetes", namespace: "secret", name: "vault" };
    expect(await reader.findService(vault, testWindow)).toBeNull();
    expect((await reader.golden(vault, testWindow).outcome("callers")).value).toBeNull();
    expect((await reader.edgesOf(vault, "BOTH", testWindow)).value).toBeNull();
  });

  test("an edge is shown when one end is visible, the other end without its name", async () => {
    const { reader } = readerOf([twoNamespaces()], { visibility });
    const { value } = await reader.graph(testWindow, everything, 100);
    expect(value?.edges.map((edge) => [edge.source.label, edge.destination.label])).toEqual([
      ["cart", "stock"],
      ["not visible to you", "stock"],
    ]);
    expect(JSON.stringify(value)).not.toMatch(/vault|secret|spy/);
  });
});
