import { createHttpClient } from "../../src/http/create-http-client.js";
import { createPrometheusSource } from "../../src/sources/prometheus/prometheus-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import { scrapeMs } from "../contract/metric-contract-data.js";
import { describeMetricSource } from "../contract/metric-source.contract.js";
import { feedSamples } from "./backends/load-metrics.js";
import { readTestState } from "./state-file.js";

const state = readTestState();

for (const name of ["prometheus2", "prometheus3"] as const) {
  const { url, version } = state[name];
  describeMetricSource(`Prometheus ${version}`, async (series) => {
    const samples = series.flatMap(({ labels: { __name__, ...labels }, samples: points }) =>
      points.map(([atMs, value]) => ({ name: __name__, labels, value, atMs })),
    );
    await feedSamples(name, url, samples);
    const config = { name, cluster: null, isShard: false, scrapeIntervalMs: scrapeMs };
    return createPrometheusSource({ config, clock, http: createHttpClient({ name, url }, { clock }) });
  });
}
