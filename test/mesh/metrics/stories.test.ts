// What a real Envoy mesh counts in each kind of trouble, as rows; and what must be told of it.
import { expect, test } from "@jest/globals";
import {
  addIstioCalls,
  addIstioPair,
  createTestMetrics,
  edgeBetween,
  everything,
  istioDestination,
  istioSource,
  memorySource,
  readerOf,
  type TestMetrics,
  testWindow,
} from "../../support/mesh-metrics.js";

function bookinfo(): TestMetrics {
  const metrics = createTestMetrics();
  addIstioPair(metrics, {
    source: "istio-ingressgateway",
    service: "productpage",
    workload: "productpage-v1",
    count: 600,
    ms: 20,
  });
  return metrics;
}

async function graphOf(metrics: TestMetrics) {
  const { reader } = readerOf([memorySource(metrics)]);
  const { value } = await reader.graph(testWindow, everything, 1000);
  return { reader, value };
}

async function edgeFacts(metrics: TestMetrics, source: string, destination: string) {
  const { value } = await graphOf(metrics);
  const edge = edgeBetween(value?.edges ?? null, source, destination);
  const [callers, server] = await Promise.all([edge.golden.outcome("callers"), edge.golden.outcome("server")]);
  return { edge, callers: callers.value, server: server.value, traffic: edge.traffic };
}

test("delay-jason: reviews fails for its caller by giving up, while ratings only looks slow to its own", async () => {
  const metrics = bookinfo();
  const gaveUp = {
    source: "productpage-v1",
    service: "reviews",
    workload: "reviews-v2",
    code: "0",
    flags: "DC",
    ms: 3000,
  };
  addIstioPair(metrics, { ...gaveUp, count: 422 });
  addIstioPair(metrics, { ...gaveUp, count: 278, code: "200", flags: "-", ms: 5 });
  const delayed = { source: "reviews-v2", service: "ratings", workload: "ratings-v1", count: 422 };
  addIstioCalls(metrics, { ...delayed, reporter: "source", flags: "DI", ms: 7003 });
  addIstioCalls(metrics, { ...delayed, reporter: "destination", ms: 4 });

  const reviews = await edgeFacts(metrics, "productpage", "reviews");
  expect(reviews.callers?.failures).toEqual([{ cause: "CALLER_GAVE_UP", count: 422 }]);
  expect(reviews.callers?.errorRatio).toBeCloseTo(422 / 700);
  const ratings = await edgeFacts(metrics, "reviews", "ratings");
  expect(ratings.callers).toMatchObject({ requestCount: 422, failedCount: 0, errorRatio: 0 });
  expect(ratings.callers?.responseFlags).toMatchObject([{ flag: "DI", share: 1 }]);
  expect((await ratings.edge.golden.latencyMs("callers", 0.95)).value).toBeGreaterThan(5000);
  expect((await ratings.edge.golden.latencyMs("server", 0.95)).value).toBeLessThanOrEqual(5);
});

test("delay-jason-v3: calls given up during the injected delay are at the caller only, and belong to ratings", async () => {
  const metrics = bookinfo();
  const toRatings = { source: "reviews-v3", service: "ratings" };
  addIstioCalls(metrics, {
    ...toRatings,
    reporter: "source",
    workload: null,
    count: 226,
    code: "0",
    flags: "DI,DC",
    ms: 2501,
  });
  addIstioPair(metrics, { ...toRatings, workload: "ratings-v1", count: 234 });
  const { callers, server } = await edgeFacts(metrics, "reviews", "ratings");
  expect(callers?.failures).toEqual([{ cause: "CALLER_GAVE_UP", count: 226 }]);
  expect(callers?.requestCount).toBe(460);
  expect(server).toMatchObject({ requestCount: 234, failedCount: 0 });
  const { reader } = readerOf([memorySource(metrics)]);
  const ref = { cluster: "Kubernetes", namespace: "bookinfo", name: "ratings" };
  // Both kinds of rows make one quantile, although only one kind knows workload, namespace and cluster.
  expect((await reader.golden(ref, testWindow).latencyMs("callers", 0.4)).value).toBeLessThanOrEqual(5);
  expect((await reader.golden(ref, testWindow).latencyMs("callers", 0.6)).value).toBeGreaterThan(2500);
});

test("abort: an injected answer is seen at the caller although ratings' own proxy was never asked", async () => {
  const metrics = bookinfo();
  const toRatings = { source: "reviews-v2", service: "ratings" };
  addIstioCalls(metrics, {
    ...toRatings,
    reporter: "source",
    workload: null,
    count: 213,
    code: "500",
    flags: "FI",
    ms: 1,
  });
  addIstioPair(metrics, { ...toRatings, workload: "ratings-v1", count: 253 });
  const { callers, server, edge } = await edgeFacts(metrics, "reviews", "ratings");
  expect(callers?.failures).toEqual([{ cause: "FAULT_INJECTED", count: 213 }]);
  expect(server).toMatchObject({ requestCount: 253, errorRatio: 0 });
  expect(edge.destination.service).toEqual({ cluster: "Kubernetes", namespace: "bookinfo", name: "ratings" });
});

test("retries: 7 % of calls fail where 51 % of attempts do", async () => {
  const metrics = bookinfo();
  const toRatings = { source: "reviews-v2", service: "ratings", workload: "ratings-v1" };
  addIstioCalls(metrics, { ...toRatings, reporter: "source", count: 434, ms: 20 });
  addIstioCalls(metrics, { ...toRatings, reporter: "source", count: 33, code: "503", flags: "URX" });
  addIstioCalls(metrics, { ...toRatings, reporter: "destination", count: 434 });
  addIstioCalls(metrics, { ...toRatings, reporter: "destination", count: 459, code: "503" });
  const { callers, server, traffic } = await edgeFacts(metrics, "reviews", "ratings");
  expect(callers?.failures).toEqual([{ cause: "RETRIES_EXHAUSTED", count: 33 }]);
  expect(callers?.errorRatio).toBeCloseTo(0.07, 2);
  expect(server?.errorRatio).toBeCloseTo(0.514, 2);
  expect(traffic?.retryRatio).toBeCloseTo((893 - 467) / 467);
  expect(traffic?.mutualTlsRatio).toBe(1);
});

test("rbac-deny: a denial is the client's error, not a failure", async () => {
  const metrics = bookinfo();
  const toRatings = { service: "ratings", workload: "ratings-v1", isMutualTls: false };
  addIstioPair(metrics, { ...toRatings, source: "reviews-v3", count: 234, code: "403" });
  addIstioPair(metrics, { ...toRatings, source: "reviews-v2", count: 233 });
  const { callers, traffic } = await edgeFacts(metrics, "reviews", "ratings");
  expect(callers).toMatchObject({ requestCount: 467, failedCount: 0, errorRatio: 0 });
  expect(callers?.clientErrors).toEqual([{ cause: "DENIED", count: 234 }]);
  expect(traffic?.mutualTlsRatio).toBe(0);
});

function addTcp(
  metrics: TestMetrics,
  labels: Record<string, string>,
  connections: number,
  bytes: { sent: number; received: number } | null,
) {
  const all = { ...labels, request_protocol: "tcp", connection_security_policy: "unknown" };
  metrics.counted("istio_tcp_connections_opened_total", all, connections);
  metrics.counted("istio_tcp_connections_closed_total", all, connections);
  if (bytes === null) return;
  // The proxy names bytes from its client's side.
  metrics.counted("istio_tcp_received_bytes_total", all, bytes.sent);
  metrics.counted("istio_tcp_sent_bytes_total", all, bytes.received);
}

test("blackhole: blocked egress is a node with who tried, and details' own errors are its own", async () => {
  const metrics = bookinfo();
  addIstioPair(metrics, {
    source: "productpage-v1",
    service: "details",
    workload: "details-v1",
    count: 700,
    code: "500",
  });
  const blackHole = {
    ...istioSource("details-v1"),
    ...istioDestination("x", null),
    destination_service: "unknown",
    destination_service_name: "BlackHoleCluster",
    reporter: "source",
    response_flags: "UH",
  };
  addTcp(metrics, blackHole, 700, null);
  const { edge, traffic, callers } = await edgeFacts(metrics, "details", "BlackHoleCluster");
  expect(edge).toMatchObject({ protocol: "TCP", reporter: "SOURCE", destination: { kind: "BLACK_HOLE" } });
  expect(traffic).toMatchObject({ connectionErrorRatio: 1, sentBytesPerSecond: null });
  expect(traffic?.connectionsPerSecond).toBeCloseTo(700 / 600);
  expect(callers).toBeNull();
  expect(await edge.golden.absence()).toBe("TCP_ONLY");
  const details = await edgeFacts(metrics, "productpage", "details");
  expect(details.callers?.failures).toEqual([{ cause: "SERVER_ERROR", count: 700 }]);
});

test("route-timeout: the caller's proxy timed out, the server's saw its caller go", async () => {
  const metrics = bookinfo();
  const toRatings = { source: "reviews-v2", service: "ratings", workload: "ratings-v1", count: 267, ms: 1000 };
  addIstioCalls(metrics, { ...toRatings, reporter: "source", code: "504", flags: "UT" });
  addIstioCalls(metrics, { ...toRatings, reporter: "destination", code: "0", flags: "DC" });
  const { callers, server } = await edgeFacts(metrics, "reviews", "ratings");
  expect(callers?.failures).toEqual([{ cause: "TIMEOUT", count: 267 }]);
  expect(server?.failures).toEqual([{ cause: "CALLER_GAVE_UP", count: 267 }]);
});

test("no-endpoints: ratings goes silent, not red, at its own proxies, and red at its callers", async () => {
  const metrics = bookinfo();
  const toRatings = { source: "reviews-v2", service: "ratings", code: "503", flags: "UH", ms: 1 };
  addIstioCalls(metrics, { ...toRatings, reporter: "source", workload: null, count: 267 });
  const { callers, server } = await edgeFacts(metrics, "reviews", "ratings");
  expect(callers?.failures).toEqual([{ cause: "NO_ENDPOINTS", count: 267 }]);
  expect(server).toBeNull();
});

test("app-down: callers see a server's error, the dead application's own sidecar says why", async () => {
  const metrics = bookinfo();
  const toRatings = { source: "reviews-v2", service: "ratings", workload: "ratings-v1", count: 266, code: "503" };
  addIstioCalls(metrics, { ...toRatings, reporter: "source" });
  addIstioCalls(metrics, { ...toRatings, reporter: "destination", flags: "UF" });
  const { callers, server } = await edgeFacts(metrics, "reviews", "ratings");
  expect(callers?.failures).toEqual([{ cause: "SERVER_ERROR", count: 266 }]);
  expect(server?.failures).toEqual([{ cause: "CONNECTION_FAILED", count: 266 }]);
});

test("mysql: TCP to a host outside has connections and bytes in the callers' direction, no requests", async () => {
  const metrics = bookinfo();
  const labels = {
    ...istioSource("ratings-v2"),
    ...istioDestination("mysql.example.com", null),
    reporter: "source",
    response_flags: "-",
  };
  addTcp(metrics, labels, 467, { sent: 12_000, received: 60_000 });
  const { edge, traffic } = await edgeFacts(metrics, "ratings", "mysql.example.com");
  expect(edge.destination).toMatchObject({ kind: "EXTERNAL", service: null });
  expect(traffic).toMatchObject({ connectionErrorRatio: 0, sentBytesPerSecond: 20, receivedBytesPerSecond: 100 });
});

test("a client going away at the gateway is counted and in neither side of the ratio", async () => {
  const metrics = bookinfo();
  const toPage = { source: "istio-ingressgateway", service: "productpage", workload: "productpage-v1" };
  addIstioPair(metrics, { ...toPage, count: 30, code: "0", flags: "DC" });
  addIstioPair(metrics, { ...toPage, count: 60, code: "500" });
  const { reader } = readerOf([memorySource(metrics)]);
  const ref = { cluster: "Kubernetes", namespace: "bookinfo", name: "productpage" };
  const { value } = await reader.golden(ref, testWindow).outcome("callers");
  expect(value).toMatchObject({ requestCount: 690, leftCount: 30, failedCount: 60, errorRatio: 60 / 660 });
});

test("with destination rows only the view falls back to the server's, callers are named by their workloads", async () => {
  const metrics = createTestMetrics();
  addIstioCalls(metrics, {
    reporter: "destination",
    source: "ts-basic",
    service: "ts-seat",
    workload: "ts-seat",
    count: 90,
  });
  const { edge, callers, traffic } = await edgeFacts(metrics, "ts-basic", "ts-seat");
  expect(edge.reporter).toBe("DESTINATION");
  expect(callers?.requestCount).toBe(90);
  expect(traffic?.retryRatio).toBeNull();
});

test("ambient: the waypoint's view is taken, the sidecar's and the layer-4 rows of the same calls are not added", async () => {
  const metrics = createTestMetrics();
  const toReviews = { source: "productpage-v1", service: "reviews", workload: "reviews-v1", count: 100 };
  addIstioCalls(metrics, { ...toReviews, reporter: "waypoint" });
  addIstioCalls(metrics, { ...toReviews, reporter: "source" });
  const ztunnel = { app: "ztunnel", response_flags: "-" };
  for (const reporter of ["source", "destination"]) {
    addTcp(
      metrics,
      { ...istioSource("productpage-v1"), ...istioDestination("reviews", "reviews-v1"), ...ztunnel, reporter },
      7,
      null,
    );
    addTcp(
      metrics,
      { ...istioSource("productpage-v1"), ...istioDestination("reviews", "waypoint"), ...ztunnel, reporter },
      9,
      null,
    );
    addTcp(
      metrics,
      { ...istioSource("reviews-v1"), ...istioDestination("redis", "redis-0"), ...ztunnel, reporter },
      5,
      null,
    );
  }
  const { value } = await graphOf(metrics);
  expect(value?.edges.map((edge) => [edge.destination.label, edge.protocol, edge.reporter])).toEqual([
    ["reviews", "HTTP", "WAYPOINT"],
    ["redis", "TCP", "SOURCE"],
  ]);
  const [reviews, redis] = value?.edges ?? [];
  expect((await reviews?.golden.outcome("callers"))?.value?.requestCount).toBe(100);
  expect(redis?.traffic.connectionsPerSecond).toBeCloseTo(5 / 600);
});

test("an edge without traffic in the window is not drawn", async () => {
  const metrics = bookinfo();
  addIstioPair(metrics, { source: "productpage-v1", service: "idle", workload: "idle-v1", count: 0 });
  const { value, reader } = await graphOf(metrics);
  expect(value?.nodes.map((node) => node.label)).not.toContain("idle");
  const ref = { cluster: "Kubernetes", namespace: "bookinfo", name: "idle" };
  expect((await reader.golden(ref, testWindow).outcome("callers")).value).toMatchObject({
    requestCount: 0,
    errorRatio: null,
  });
});
