import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { createPrometheusSource } from "../../src/sources/prometheus/prometheus-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { hourMs } from "../support/alert-stream.js";
import { closedFormCases } from "../support/closed-form-cases.js";
import { closedFormScrapeMs, samplesOfCase } from "../support/closed-form-series.js";
import { backtestClosedForm, evaluateClosedForm } from "../support/run-closed-form.js";
import { feedSamples } from "./backends/load-metrics.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
/** A time no other suite has data in. */
const zeroMs = Date.UTC(2026, 2, 10);
const servers = ["prometheus2", "prometheus3"] as const;
/** Outages by turns over the servers, which saves a third of the time; both have all the other stories. */
const casesOf = (name: (typeof servers)[number]) =>
  closedFormCases(40 * hourMs).filter(
    ({ service }, index) => !service.startsWith("outage-") || index % servers.length === servers.indexOf(name),
  );

describe.each(servers)("closed forms over %s", (name) => {
  const { url } = state[name];
  const cases = casesOf(name);
  let source: MetricSource;

  beforeAll(async () => {
    await feedSamples(
      name,
      url,
      cases.flatMap((one) => samplesOfCase(one, zeroMs)),
    );
    const config = { name, cluster: null, isShard: false, scrapeIntervalMs: closedFormScrapeMs };
    source = createPrometheusSource({ config, clock, http: createHttpClient({ name, url }, { clock }) });
  });
  afterAll(() => source.close());

  test("fire and resolve in a backtest within one step of the arithmetic", async () => {
    const { faults, summary } = await backtestClosedForm(source, cases, zeroMs);
    expect(faults).toEqual({});
    expect(summary.isComplete).toBe(true);
  }, 300_000);

  test("and do so live, cycle by cycle", async () => {
    const short = cases.filter(({ lengthMs }) => lengthMs <= 8.2 * hourMs);
    expect(short.length).toBeGreaterThan(15);
    expect(await evaluateClosedForm(source, short, zeroMs)).toEqual({});
  }, 300_000);
});
