import { createHttpClient } from "../../../src/http/create-http-client.js";
import { createPrometheusSource } from "../../../src/sources/prometheus/prometheus-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import { describeSourceFaults } from "../../contract/source-faults.contract.js";

const config = { name: "prom", cluster: null, isShard: false, scrapeIntervalMs: 15_000 };
const select = { metric: "m_total", matchers: [] };
const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };

describeSourceFaults("a Prometheus source", {
  make: (url, limits) =>
    createPrometheusSource({
      config,
      http: createHttpClient({ name: "prom", url, ...limits }, { clock: systemClock }),
      clock: systemClock,
    }),
  ask: (source, options, nth) => {
    const parts = [{ id: "x", expression: { kind: "increase", of, groupBy: ["service"] } as const }];
    return source.query({ parts, window: { fromMs: 0, toMs: 60_000 * nth }, stepMs: null, rangeMs: 60_000 }, options);
  },
  healthy: { kind: "answer", body: '{"status":"success","data":{"resultType":"vector","result":[]}}' },
});
