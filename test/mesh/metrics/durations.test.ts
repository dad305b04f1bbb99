import { expect, test } from "@jest/globals";
import {
  addIstioPair,
  createTestMetrics,
  everything,
  memorySource,
  readerOf,
  type TestMetrics,
  testWindow,
} from "../../support/mesh-metrics.js";

test("an edge tells the sum of its calls' durations as either end saw them, all edges by one question", async () => {
  const metrics = createTestMetrics();
  for (const service of ["reviews", "ratings"]) {
    const call = { source: "productpage-v1", service, workload: `${service}-v1` };
    addIstioPair(metrics, { ...call, count: 200 });
    for (const own of labelsOf(metrics, service))
      metrics.counted(
        "istio_request_duration_milliseconds_sum",
        own,
        (own["reporter"] === "source" ? 20 : 5) * (service === "reviews" ? 200 : 400),
      );
  }
  addIstioPair(metrics, { source: "productpage-v1", service: "details", workload: "details-v1", count: 100 });
  const { reader, calls } = readerOf([memorySource(metrics)]);
  const { value } = await reader.graph(testWindow, everything, 100);
  const before = calls.length;
  const told = await Promise.all(
    (value?.edges ?? []).map(async ({ destination, golden }) => {
      const [callers, server] = await Promise.all([golden.durationSumMs("callers"), golden.durationSumMs("server")]);
      return [destination.label, callers.value, server.value];
    }),
  );
  expect(calls.length - before).toBe(1);
  expect(Object.fromEntries(told.map(([label, ...sums]) => [label, sums]))).toEqual({
    reviews: [4000, 1000],
    ratings: [8000, 2000],
    details: [null, null],
  });
});

test("plain Envoy's and OpenTelemetry's sums are read too, in ms, though their counts take arithmetic", async () => {
  const metrics = createTestMetrics();
  const proxy = { namespace: "shop", app: "cart", envoy_cluster_name: "outbound|9080||stock.shop.svc.cluster.local" };
  metrics.counted("envoy_cluster_upstream_rq", { ...proxy, envoy_response_code: "200" }, 100);
  metrics.counted("envoy_cluster_upstream_rq_total", proxy, 100);
  metrics.observed("envoy_cluster_upstream_rq_time", proxy, 100, 30);
  metrics.counted("envoy_cluster_upstream_rq_time_sum", proxy, 3000);
  const pair = { client: "frontend", server: "checkout" };
  metrics.counted("traces_service_graph_request_total", pair, 100);
  metrics.counted("traces_service_graph_request_failed_total", pair, 8);
  metrics.observed("traces_service_graph_request_client_seconds", pair, 100, 0.04);
  metrics.counted("traces_service_graph_request_client_seconds_sum", pair, 4);
  const { reader } = readerOf([memorySource(metrics)]);
  const { value } = await reader.graph(testWindow, everything, 100);
  const sums = await Promise.all(
    (value?.edges ?? []).map(async ({ source, destination, golden }) => [
      `${source.label} > ${destination.label}`,
      (await golden.durationSumMs("callers")).value,
    ]),
  );
  expect(Object.fromEntries(sums)).toEqual({ "cart > stock": 3000, "frontend > checkout": 4000 });
});

test("span metrics tell a service's sum; what has no series of sums tells none", async () => {
  const metrics = createTestMetrics();
  const spans = { service_name: "checkout", span_kind: "SPAN_KIND_SERVER", status_code: "STATUS_CODE_UNSET" };
  metrics.counted("calls_total", spans, 100);
  metrics.observed("duration_milliseconds", spans, 100, 40);
  metrics.counted("duration_milliseconds_sum", spans, 4000);
  addIstioPair(metrics, { source: "productpage-v1", service: "reviews", workload: "reviews-v1", count: 100 });
  const { reader } = readerOf([memorySource(metrics)]);
  const { value } = await reader.listServices(testWindow, everything);
  const sums = await Promise.all(
    (value ?? []).map(async ({ ref }) => [
      ref.name,
      (await reader.golden(ref, testWindow).durationSumMs("server")).value,
    ]),
  );
  expect(Object.fromEntries(sums)).toMatchObject({ checkout: 4000, reviews: null });
});

/** Labels of the counters already added for a service. */
function labelsOf({ store }: TestMetrics, service: string): readonly Readonly<Record<string, string>>[] {
  return [...store.seriesOf("istio_requests_total")]
    .map(({ labels }) => labels)
    .filter((labels) => labels["destination_service_name"] === service);
}
