/** The backends inside the demo: memory adapters with room for a day of a mesh, and the hands that feed them. Made once per demo. */
import { createMemoryLogSource, type MemoryLogSource } from "../../sources/memory/memory-log-source.js";
import { createMemoryMetricSource } from "../../sources/memory/memory-metric-source.js";
import { createMemoryTraceSource, type MemoryTraceSource } from "../../sources/memory/memory-trace-source.js";
import { createMemoryWorkloadSource, type MemoryWorkloadSource } from "../../sources/memory/memory-workload-source.js";
import { createMetricStore, type MetricStore } from "../../sources/memory/metric-store.js";
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource } from "../../telemetry/metric-source.js";

/** How long the embedded Prometheus waits between scrapes. */
export const scrapeIntervalMs = 15_000;

const maxAgeMs = 24 * 3_600_000;

/** All pillars. */
export interface EmbeddedBackends {
  readonly metricStore: MetricStore;
  readonly metrics: MetricSource;
  readonly traces: MemoryTraceSource;
  readonly logs: MemoryLogSource;
  readonly workloads: MemoryWorkloadSource;
}

/** Empty ones. A day is kept of each pillar, of traces and logs no more than some 40 MB each. */
export function createEmbeddedBackends(clock: Clock): EmbeddedBackends {
  const metricStore = createMetricStore({ maxAgeMs });
  const common = { cluster: null, isShard: false, maxAgeMs };
  return {
    metricStore,
    metrics: createMemoryMetricSource({
      config: { name: "prometheus", cluster: null, scrapeIntervalMs },
      store: metricStore,
    }),
    traces: createMemoryTraceSource({
      config: { ...common, name: "jaeger", kind: "jaeger", maxSpans: 160_000 },
      clock,
    }),
    logs: createMemoryLogSource({ config: { ...common, name: "elasticsearch", maxRecords: 250_000 }, clock }),
    workloads: createMemoryWorkloadSource({
      config: { name: "kubernetes", cluster: null, maxAgeMs, maxChanges: 10_000 },
      clock,
    }),
  };
}
