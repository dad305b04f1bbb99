// Where a ruler counted buckets by steps all through a window, its quantiles come of them; else of the raw series.
import { describe, expect, test } from "@jest/globals";
import { istio } from "../../../src/mesh/dialects/istio.js";
import { linkerd } from "../../../src/mesh/dialects/linkerd.js";
import {
  isLong,
  isRecorded,
  recordedAt,
  recordedBuckets,
  recordedLabels,
} from "../../../src/mesh/metrics/recorded-steps.js";
import {
  addIstioPair,
  createTestMetrics,
  memorySource,
  readerOf,
  type TestMetrics,
  testWindow,
} from "../../support/mesh-metrics.js";

const minuteMs = 60_000;
const hour = { fromMs: testWindow.toMs - 60 * minuteMs, toMs: testWindow.toMs };
const ratings = { cluster: "Kubernetes", namespace: "bookinfo", name: "ratings" };

/** Raw calls took up to 50 ms; the steps say up to 5 s, so that a figure tells where it comes from. */
function meshWith(evaluated: { readonly from: number; readonly everyMs?: number; readonly by?: string }): TestMetrics {
  const metrics = createTestMetrics();
  addIstioPair(metrics, { source: "reviews-v2", service: "ratings", workload: "ratings-v1", count: 100, ms: 40 });
  const { from, everyMs = 30_000, by = "istio" } = evaluated;
  for (let atMs = hour.fromMs + from * minuteMs; atMs <= hour.toMs + 2 * minuteMs; atMs += everyMs) {
    metrics.store.add({ __name__: recordedAt, mesh: by }, atMs, 1);
    for (const [le, count] of [
      ["2500", 0],
      ["5000", 10],
      ["+Inf", 10],
    ] as const) {
      const labels = { reporter: "source", destination_service: "ratings.bookinfo.svc.cluster.local", le };
      metrics.store.add(
        {
          ...labels,
          __name__: recordedBuckets,
          destination_service_name: "ratings",
          destination_cluster: "Kubernetes",
        },
        atMs,
        count,
      );
    }
  }
  return metrics;
}

async function median(metrics: TestMetrics, window = hour): Promise<number | null | undefined> {
  const { reader } = readerOf([memorySource(metrics)]);
  const { value } = await reader.golden(ratings, window).latencyMs("callers", 0.5);
  return value;
}

describe("a quantile", () => {
  test("is of the steps where they were recorded all through a long window", async () => {
    expect(await median(meshWith({ from: -1 }))).toBe(3750);
  });

  test.each([
    ["rules were loaded later than the window began", { from: 10 }],
    ["two rulers record, of which one may have missed what the other has", { from: -1, everyMs: 15_000 }],
    ["they are another mesh's", { from: -1, by: "linkerd" }],
  ])("is of the raw series where %s", async (_, evaluated) => {
    expect(await median(meshWith(evaluated))).toBeLessThan(50);
  });

  test("is of the raw series in a short window, of which a step is a large part", async () => {
    expect(await median(meshWith({ from: -1 }), testWindow)).toBeLessThan(50);
    expect([isLong(testWindow), isLong(hour)]).toEqual([false, true]);
  });
});

test("three evaluations that failed in an hour are borne, ten are not", () => {
  expect([120, 117, 110, 130].map((count) => isRecorded(count, hour))).toEqual([true, true, false, false]);
});

test("the rules keep every label that a view, a scope or a group of a quantile is told by", () => {
  expect(recordedLabels(istio)).toEqual(
    expect.arrayContaining(["reporter", "destination_service", "source_workload", "source_canonical_service"]),
  );
  expect(recordedLabels(linkerd)).toEqual(expect.arrayContaining(["direction", "tls", "authority", "deployment"]));
});
