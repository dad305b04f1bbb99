/**
 * The metric contract against recorded answers of a real Prometheus, or the recorder of them. With RECORD_<FIXTURE> set to the URL of a
 * server that holds the contract's series (`RECORD_PROMETHEUS_3_15=http://127.0.0.1:9090`), its answers are written into the fixture;
 * a changed query must be recorded again, as its text is what answers are found by.
 */
import { createHttpClient } from "../../src/http/create-http-client.js";
import { createPrometheusSource } from "../../src/sources/prometheus/prometheus-source.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { at, scrapeMs } from "../contract/metric-contract-data.js";
import { recordBackend, replayBackend } from "./recorded-backend.js";

/** A source over the fixture `test/fixtures/<fixture>`; its clock stands still, so that its questions never change. */
export async function recordedMetricSource(fixture: string): Promise<MetricSource> {
  const upstreamUrl = process.env[`RECORD_${fixture.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`];
  const backend = await (upstreamUrl === undefined ? replayBackend(fixture) : recordBackend(fixture, upstreamUrl));
  const config = { name: fixture, cluster: null, isShard: false, scrapeIntervalMs: scrapeMs };
  const http = createHttpClient({ name: fixture, url: backend.url }, { clock: { nowMs: () => Date.now() } });
  const source = createPrometheusSource({ config, http, clock: { nowMs: () => at(60) } });
  return {
    ...source,
    async close() {
      await source.close();
      await backend.close();
    },
  };
}
