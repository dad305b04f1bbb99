import { describe, expect, test } from "@jest/globals";
import { seriesStep } from "../../../src/mesh/metrics/series-step.js";
import {
  addIstioCalls,
  addIstioPair,
  createTestMetrics,
  memorySource,
  readerOf,
  testWindow,
} from "../../support/mesh-metrics.js";

const every15s = [{ scrapeIntervalMs: () => 15_000 }];

describe("step and look-back of a series", () => {
  test("an hour at 60 points has a point a minute and looks a minute back", () => {
    expect(seriesStep({ fromMs: 0, toMs: 3_600_000 }, 60, every15s)).toEqual({ stepMs: 60_000, rangeMs: 60_000 });
  });

  test("a step is never finer than the scrapes, a rate never narrower than four of them", () => {
    expect(seriesStep({ fromMs: 0, toMs: 60_000 }, 1000, every15s)).toEqual({ stepMs: 15_000, rangeMs: 60_000 });
  });

  test("the slowest source decides", () => {
    const slow = [...every15s, { scrapeIntervalMs: () => 60_000 }];
    expect(seriesStep({ fromMs: 0, toMs: 600_000 }, 60, slow)).toEqual({ stepMs: 60_000, rangeMs: 240_000 });
  });
});

test("rates and ratios over time: at most the points asked for, null where nothing was counted", async () => {
  const metrics = createTestMetrics();
  const call = { source: "productpage-v1", service: "reviews", workload: "reviews-v1" };
  addIstioPair(metrics, { ...call, count: 450 });
  addIstioPair(metrics, { ...call, count: 150, code: "503" });
  addIstioPair(metrics, { ...call, service: "idle", workload: "idle-v1", count: 0 });
  const { reader } = readerOf([memorySource(metrics)]);
  const golden = reader.golden({ cluster: "Kubernetes", namespace: "bookinfo", name: "reviews" }, testWindow);
  const [rate, ratio] = await Promise.all([
    golden.requestRateSeries("callers", 4),
    golden.errorRatioSeries("callers", 4),
  ]);
  expect(rate.value?.timestampsMs.length).toBeLessThanOrEqual(4);
  expect(rate.value?.timestampsMs).toEqual(ratio.value?.timestampsMs);
  expect(rate.value?.values.at(-1)).toBeCloseTo(1, 1);
  expect(ratio.value?.values.at(-1)).toBeCloseTo(0.25, 1);
  const idle = reader.golden({ cluster: "Kubernetes", namespace: "bookinfo", name: "idle" }, testWindow);
  expect((await idle.errorRatioSeries("callers", 4)).value?.values.every((value) => value === null)).toBe(true);
  expect((await idle.requestRateSeries("callers", 4)).value?.values.at(-1)).toBe(0);
});

test("denied calls are failed ones in a series of errors where that is asked", async () => {
  const metrics = createTestMetrics();
  const call = { source: "productpage-v1", service: "reviews", workload: "reviews-v1" };
  addIstioPair(metrics, { ...call, count: 300 });
  addIstioPair(metrics, { ...call, count: 200, code: "403" });
  addIstioPair(metrics, { ...call, count: 100, code: "404" });
  const { reader } = readerOf([memorySource(metrics)]);
  const golden = reader.golden({ cluster: "Kubernetes", namespace: "bookinfo", name: "reviews" }, testWindow);
  expect((await golden.errorRatioSeries("callers", 2, true)).value?.values.at(-1)).toBeCloseTo(1 / 3, 1);
  expect((await golden.errorRatioSeries("callers", 2)).value?.values.at(-1)).toBe(0);
});

test("a service's series leave out of the ratio those who went away at the gateway, and only those", async () => {
  const metrics = createTestMetrics();
  const gone = { service: "reviews", workload: "reviews-v1", code: "0", flags: "DC" };
  addIstioCalls(metrics, { ...gone, reporter: "source", source: "istio-ingressgateway", count: 400 });
  addIstioCalls(metrics, { ...gone, reporter: "source", source: "productpage-v1", count: 100 });
  addIstioCalls(metrics, {
    reporter: "source",
    source: "productpage-v1",
    service: "reviews",
    workload: "reviews-v1",
    count: 100,
  });
  const { reader } = readerOf([memorySource(metrics)]);
  const golden = reader.golden({ cluster: "Kubernetes", namespace: "bookinfo", name: "reviews" }, testWindow);
  expect((await golden.errorRatioSeries("callers", 2)).value?.values.at(-1)).toBeCloseTo(0.5, 1);
  expect((await golden.outcome("callers")).value).toMatchObject({ requestCount: 600, leftCount: 400, errorRatio: 0.5 });
});
