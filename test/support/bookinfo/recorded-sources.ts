/** The committed recording in the memory sources: a whole mesh without a backend, for tests. */

import type { PluggedSources } from "../../../src/server/compose.js";
import { logRecordOf } from "../../../src/sources/elasticsearch/document-decode.js";
import { fieldCandidates } from "../../../src/sources/elasticsearch/field-candidates.js";
import { createMemoryLogSource } from "../../../src/sources/memory/memory-log-source.js";
import { createMemoryMetricSource } from "../../../src/sources/memory/memory-metric-source.js";
import { createMemoryTraceSource } from "../../../src/sources/memory/memory-trace-source.js";
import { createMetricStore } from "../../../src/sources/memory/metric-store.js";
import { decodeZipkin } from "../../../src/sources/zipkin/zipkin-decode.js";
import type { Clock } from "../../../src/telemetry/clock.js";
import { loadBookinfo } from "./load-bookinfo.js";

/** Fresh sources that hold the recording; its log lines as Fluentd shipped them. */
export function recordedSources(clock: Clock): PluggedSources {
  const { metrics, traces, logs, expected } = loadBookinfo();
  const shared = { cluster: null, isShard: false, maxAgeMs: null };
  const store = createMetricStore({ maxAgeMs: Number.MAX_SAFE_INTEGER });
  for (const { name, labels, atMs, value } of metrics) store.add({ ...labels, __name__: name }, atMs, value);
  const metricConfig = { name: "metrics", cluster: null, scrapeIntervalMs: expected.scrapeIntervalMs };
  const traceSource = createMemoryTraceSource({
    config: { ...shared, name: "traces", kind: "jaeger", maxSpans: 100_000 },
    clock,
  });
  traceSource.append(decodeZipkin("traces", traces, null).traces);
  const logSource = createMemoryLogSource({ config: { ...shared, name: "logs", maxRecords: 100_000 }, clock });
  const shipped = logs.filter(({ index }) => index.startsWith("logstash-"));
  const fields = fieldCandidates();
  logSource.append(shipped.map(({ index, id, source }) => logRecordOf({ index, id, sortMs: 0, source }, fields)));
  return {
    metricSources: [createMemoryMetricSource({ config: metricConfig, store })],
    traceSources: [traceSource],
    logSources: [logSource],
    workloadSources: [],
  };
}
