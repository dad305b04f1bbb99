import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { createPrometheusSource } from "../../src/sources/prometheus/prometheus-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { countHistory } from "../support/count-history.js";
import { histories } from "../support/counter-histories.js";
import { feedSamples } from "./backends/load-metrics.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const intervals = [5_000, 15_000, 30_000, 60_000];
/** The same histories for both servers, in series and targets of their own. */
const runs = intervals.flatMap((scrapeMs) =>
  [true, false].flatMap((withRestarts) =>
    fc.sample(histories(scrapeMs, withRestarts), { seed: 20261121 + scrapeMs, numRuns: 5 }).map((history, i) => {
      const run = `${scrapeMs}-${withRestarts ? "restarts" : "jitter"}-${i}`;
      return { run, history };
    }),
  ),
);

describe.each(["prometheus2", "prometheus3"] as const)("steps counted by %s", (name) => {
  const { url } = state[name];
  const sources = new Map<number, MetricSource>();

  beforeAll(async () => {
    const samples = runs.flatMap(({ run, history }) =>
      history.series.flatMap(({ labels: { __name__, ...labels }, samples: points }) =>
        points.map(([atMs, value]) => ({
          name: __name__,
          labels: { ...labels, run, pod: run, instance: run },
          value,
          atMs,
        })),
      ),
    );
    await feedSamples(name, url, samples);
    for (const scrapeMs of intervals) {
      const config = { name, cluster: null, isShard: false, scrapeIntervalMs: scrapeMs };
      const http = createHttpClient({ name, url }, { clock });
      sources.set(scrapeMs, createPrometheusSource({ config, clock, http }));
    }
  });
  afterAll(() => Promise.all([...sources.values()].map((source) => source.close())));

  test.each(runs.map(({ run, history }) => [run, history] as const))(
    "add up to what the counters of %s truly counted",
    async (run, { scrapeMs, truth }) => {
      const source = sources.get(scrapeMs) as MetricSource;
      expect(await countHistory(source, 30_000, run)).toEqual(truth);
    },
  );
});
