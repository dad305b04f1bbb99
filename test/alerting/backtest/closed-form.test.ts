import { describe, expect, test } from "@jest/globals";
import { createMemoryMetricSource } from "../../../src/sources/memory/memory-metric-source.js";
import { createMetricStore } from "../../../src/sources/memory/metric-store.js";
import { dayMs, hourMs } from "../../support/alert-stream.js";
import { closedFormCases } from "../../support/closed-form-cases.js";
import { closedFormScrapeMs, samplesOfCase } from "../../support/closed-form-series.js";
import { backtestClosedForm, evaluateClosedForm } from "../../support/run-closed-form.js";

const zeroMs = Date.UTC(2026, 5, 1);

describe("closed forms", () => {
  const cases = closedFormCases(2 * hourMs);
  const store = createMetricStore({ maxAgeMs: 40 * dayMs });
  for (const one of cases) {
    for (const { name, labels, value, atMs } of samplesOfCase(one, zeroMs)) {
      store.add({ ...labels, __name__: name }, atMs, value);
    }
  }
  const config = { name: "memory", cluster: null, scrapeIntervalMs: closedFormScrapeMs };

  test("fire and resolve in a backtest within one step of the arithmetic", async () => {
    const source = createMemoryMetricSource({ config, store });
    const { faults, summary } = await backtestClosedForm(source, cases, zeroMs);
    expect(faults).toEqual({});
    expect(summary).toMatchObject({ isComplete: true });
  });

  test("and do so live, cycle by cycle", async () => {
    const source = createMemoryMetricSource({ config, store });
    const short = cases.filter(({ lengthMs }) => lengthMs <= 8.2 * hourMs);
    expect(await evaluateClosedForm(source, short, zeroMs)).toEqual({});
  });
});
