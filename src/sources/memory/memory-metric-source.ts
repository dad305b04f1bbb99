/** MetricSource over samples in memory: the embedded backend of the demo, and the reference of the contract suite. */
import { MeshlensError } from "../../errors.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import { timePoints } from "../../telemetry/time-points.js";
import { evaluatePart, sampleReader } from "./evaluate-expression.js";
import { labelPredicate } from "./label-match.js";
import type { MetricStore } from "./metric-store.js";
import { createSelectSeries } from "./preferred-series.js";

/** How the source calls itself. */
export interface MemoryMetricSourceConfig {
  readonly name: string;
  readonly cluster: string | null;
  readonly scrapeIntervalMs: number;
}

/** Answers at once from what the store holds at that moment. */
export function createMemoryMetricSource(deps: {
  readonly config: MemoryMetricSourceConfig;
  readonly store: MetricStore;
}): MetricSource {
  const { config, store } = deps;
  const selectSeries = createSelectSeries(store);

  function tell(operation: string, query: string, rows: number, options: CallOptions): void {
    options.onUpstreamCall?.({ source: config.name, operation, query, rows, durationMs: 0, isShared: false });
  }

  return {
    name: config.name,
    kind: "prometheus",
    cluster: config.cluster,
    isShard: false,
    scrapeIntervalMs: () => config.scrapeIntervalMs,
    async query(request, options) {
      const timestampsMs = timePoints(request);
      const readers = { read: sampleReader(request, timestampsMs), selectSeries };
      const rows =
        timestampsMs.length === 0
          ? []
          : request.parts.flatMap((part) =>
              evaluatePart(store, part, request, timestampsMs, readers, config.scrapeIntervalMs),
            );
      const operation = request.stepMs === null ? "instant" : "range";
      tell(operation, JSON.stringify(request.parts), rows.length, options);
      return { timestampsMs, rows, warnings: [] };
    },
    async evaluate() {
      throw new MeshlensError(
        "MESHLENS_ERR_SOURCE_UNSUPPORTED",
        `The metrics source ${config.name} lies in memory and evaluates no PromQL: write plain sums such as sum(rate(counter[{{.window}}])), which are counted, or use a Prometheus.`,
        { source: config.name },
      );
    },
    readClock: async () => null,
    async presentMetrics(names, window, options) {
      const present = names.filter((name) =>
        [...store.seriesOf(name)].some((series) => series.hasSample(window.fromMs, window.toMs)),
      );
      tell("metric-names", names.join(" "), present.length, options);
      return new Set(present);
    },
    async exemplars({ metric, matchers }, { fromMs, toMs }, limit, options) {
      const matches = labelPredicate(matchers);
      const found = store
        .exemplarsOf(metric)
        .filter(({ labels, atMs }) => atMs > fromMs && atMs <= toMs && matches(labels))
        .toSorted((a, b) => b.atMs - a.atMs)
        .slice(0, limit);
      tell("exemplars", metric, found.length, options);
      return found;
    },
    async probe() {
      return { version: null, capabilities: [], found: `${store.metricNames().length} metric names` };
    },
    async close() {},
  };
}
