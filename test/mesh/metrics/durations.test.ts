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

/** Labels of the counters already added for a service. */
function labelsOf({ store }: TestMetrics, service: string): readonly Readonly<Record<string, string>>[] {
  return [...store.seriesOf("istio_requests_total")]
    .map(({ labels }) => labels)
    .filter((labels) => labels["destination_service_name"] === service);
}
