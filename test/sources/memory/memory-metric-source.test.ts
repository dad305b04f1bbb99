import { describe, expect, test } from "@jest/globals";
import { createMemoryMetricSource } from "../../../src/sources/memory/memory-metric-source.js";
import { createMetricStore } from "../../../src/sources/memory/metric-store.js";
import { describeMetricSource } from "../../contract/metric-source.contract.js";

const config = { name: "memory", cluster: null, scrapeIntervalMs: 15_000 };
const hourMs = 3_600_000;

describeMetricSource(
  "memory",
  async (series) => {
    const store = createMetricStore({ maxAgeMs: 6 * hourMs });
    for (const { labels, samples } of series) for (const [atMs, value] of samples) store.add(labels, atMs, value);
    return createMemoryMetricSource({ config, store });
  },
  "unsupported",
);

describe("a metric store", () => {
  test("forgets samples, series and exemplars past its age", () => {
    const store = createMetricStore({ maxAgeMs: hourMs });
    const labels = { __name__: "m", service: "kept" };
    store.addExemplar(labels, { traceId: "1".padStart(32, "0"), value: 1, atMs: 0 });
    store.add({ __name__: "gone" }, 0, 1);
    for (let atMs = 0; atMs <= 3 * hourMs; atMs += 15_000) store.add(labels, atMs, atMs);
    const [series] = [...store.seriesOf("m")].map((one) => one.samples(-1, 3 * hourMs));
    expect(series?.timesMs[0]).toBeLessThanOrEqual(2 * hourMs);
    expect(series?.timesMs[0]).toBeGreaterThanOrEqual(2 * hourMs - 96 * 15_000 - hourMs / 20);
    expect(series?.timesMs.length).toBe(series?.values.length);
    expect(store.exemplarsOf("m")).toEqual([]);
    expect(store.metricNames()).toEqual(["m"]);
  });

  test("leaves out a sample that is not newer than the last of its series", () => {
    const store = createMetricStore({ maxAgeMs: hourMs });
    store.add({ __name__: "m", a: "1", b: "" }, 1000, 1);
    store.add({ __name__: "m", b: "", a: "1" }, 1000, 2);
    store.add({ __name__: "m", a: "1" }, 500, 3);
    const found = [...store.seriesOf("m")].map((one) => ({ labels: one.labels, ...one.samples(0, 2000) }));
    expect(found).toEqual([{ labels: { a: "1" }, timesMs: Float64Array.of(1000), values: Float64Array.of(1) }]);
  });

  test("gives the newest exemplars of a selector", async () => {
    const store = createMetricStore({ maxAgeMs: hourMs });
    for (let i = 1; i <= 5; i += 1) {
      const traceId = String(i).padStart(32, "0");
      store.addExemplar({ __name__: "m", service: i === 3 ? "b" : "a" }, { traceId, value: i, atMs: i * 1000 });
    }
    const source = createMemoryMetricSource({ config, store });
    const options = { signal: new AbortController().signal, deadlineMs: Number.POSITIVE_INFINITY };
    const selector = { metric: "m", matchers: [{ label: "service", op: "eq" as const, value: "a" }] };
    const found = await source.exemplars(selector, { fromMs: 1000, toMs: 5000 }, 2, options);
    expect(found.map(({ value }) => value)).toEqual([5, 4]);
  });
});
