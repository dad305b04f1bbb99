/** The rendered metrics, scraped into a memory source and read by the mesh: the counts an engineer is shown are the exact ones. */
import { describe, expect, test } from "@jest/globals";
import type { Exchange } from "../../../src/demo/simulation/exchange.js";
import { createIstioMetrics } from "../../../src/demo/telemetry/metrics/istio-metrics.js";
import { createLinkerdMetrics } from "../../../src/demo/telemetry/metrics/linkerd-metrics.js";
import type { MeshMetrics } from "../../../src/demo/telemetry/metrics/mesh-metrics.js";
import { createStoreSink } from "../../../src/demo/telemetry/metrics/store-sink.js";
import { createMemoryMetricSource } from "../../../src/sources/memory/memory-metric-source.js";
import { createMetricStore } from "../../../src/sources/memory/metric-store.js";
import { edgeBetween, everything, readerOf } from "../../support/mesh-metrics.js";
import { stories } from "./stories.js";
import { pods, shifted, t0 } from "./tiny-mesh.js";

const window = { fromMs: t0, toMs: t0 + 600_000 };

/** Some healthy pages before the window, then each exchange as often as said, one a second. */
async function edgesOf(metrics: MeshMetrics, traffic: readonly (readonly [Exchange, number])[]) {
  const store = createMetricStore({ maxAgeMs: 86_400_000 });
  const sink = createStoreSink(store);
  for (const pod of Object.values(pods)) metrics.addPod(pod);
  metrics.record(shifted(stories.healthy, -60_000));
  for (const [exchange, times] of traffic)
    for (let i = 0; i < times; i++) metrics.record(shifted(exchange, 1_000 * i + 1_000));
  for (let atMs = t0 - 45_000; atMs <= window.toMs; atMs += 15_000) metrics.scrapeAt(atMs, sink);
  const source = createMemoryMetricSource({ config: { name: "demo", cluster: null, scrapeIntervalMs: 15_000 }, store });
  const { reader } = readerOf([source]);
  const { value } = await reader.graph(window, everything, 1000);
  return value?.edges ?? null;
}

describe("Istio", () => {
  test("calls that were retried: attempts at the server, calls at the caller", async () => {
    const edges = await edgesOf(createIstioMetrics({ hasSizes: false }), [
      [stories.retriesHelp, 40],
      [stories.retriesEnd, 3],
    ]);
    const { golden } = edgeBetween(edges, "reviews", "ratings");
    expect((await golden.outcome("callers")).value).toMatchObject({ requestCount: 43, failedCount: 3 });
    expect((await golden.outcome("server")).value).toMatchObject({ requestCount: 40 * 2 + 3 * 3, failedCount: 49 });
  });

  test("given up, denied, aborted and unreachable each have their cause", async () => {
    const edges = await edgesOf(createIstioMetrics({ hasSizes: false }), [
      [stories.delay, 5],
      [stories.denied, 7],
      [stories.noEndpoints, 2],
    ]);
    const toReviews = (await edgeBetween(edges, "productpage", "reviews").golden.outcome("callers")).value;
    expect(toReviews?.failures).toEqual([{ cause: "CALLER_GAVE_UP", count: 10 }]);
    const toRatings = (await edgeBetween(edges, "reviews", "ratings").golden.outcome("callers")).value;
    expect(toRatings).toMatchObject({
      requestCount: 10 + 7 + 2,
      failures: [{ cause: "NO_ENDPOINTS", count: 2 }],
      clientErrors: [{ cause: "DENIED", count: 7 }],
    });
  });

  test("a black hole and a host outside the mesh are nodes of their own", async () => {
    const edges = await edgesOf(createIstioMetrics({ hasSizes: false }), [
      [stories.blackHole, 9],
      [stories.mysql, 4],
    ]);
    const out = edges?.filter(({ protocol }) => protocol === "TCP") ?? [];
    expect(out.map(({ destination }) => destination.kind).sort()).toEqual(["BLACK_HOLE", "EXTERNAL"]);
    const told = out.map((edge) => [edge.destination.kind, edge.traffic]);
    const perSecond = (count: number) => count / 600;
    expect(Object.fromEntries(told)).toMatchObject({
      BLACK_HOLE: { connectionsPerSecond: perSecond(9), connectionErrorRatio: 1, sentBytesPerSecond: null },
      EXTERNAL: {
        connectionsPerSecond: perSecond(4),
        connectionErrorRatio: 0,
        sentBytesPerSecond: perSecond(27 * 4),
        receivedBytesPerSecond: perSecond(11 * 4),
      },
    });
  });
});

describe("Linkerd", () => {
  test("each try counts at both ends, timeouts and denials by the one rule", async () => {
    const edges = await edgesOf(createLinkerdMetrics(), [
      [stories.retriesHelp, 40],
      [stories.routeTimeout, 6],
      [stories.denied, 7],
    ]);
    const calls = (await edgeBetween(edges, "reviews", "ratings").golden.outcome("callers")).value;
    expect(calls).toMatchObject({
      requestCount: 80 + 6,
      failedCount: 46,
      failures: expect.arrayContaining([{ cause: "TIMEOUT", count: 6 }]),
    });
    // No reviews-v3 was called yet, so nothing tells whose deployment it is.
    const denied = (await edgeBetween(edges, "reviews-v3", "ratings").golden.outcome("callers")).value;
    expect(denied?.clientErrors).toEqual([{ cause: "DENIED", count: 7 }]);
  });
});
