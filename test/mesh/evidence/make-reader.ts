/** An evidence reader over memory sources, with the calls it made. */
import { createEvidenceReader, type EvidenceReader } from "../../../src/mesh/evidence/evidence-reader.js";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { createTraceServiceNames } from "../../../src/mesh/identity/trace-service-names.js";
import { noLinkTargets } from "../../../src/mesh/links/link-targets.js";
import type { TraceSelection } from "../../../src/mesh/mesh.js";
import { createMemoryTraceSource, type MemoryTraceSource } from "../../../src/sources/memory/memory-trace-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import type { LogSource } from "../../../src/telemetry/log-source.js";
import type { ServiceRef } from "../../../src/telemetry/service-ref.js";
import type { UpstreamCall } from "../../../src/telemetry/source.js";
import type { Trace, TraceSource } from "../../../src/telemetry/trace-source.js";
import { seeAll, type Visibility } from "../../../src/telemetry/visibility.js";
import { t0 } from "../../support/spans.js";

/** A window around the made-up traces. */
export const hour = { fromMs: t0 - 1_800_000, toMs: t0 + 1_800_000 };
export const ratings: ServiceRef = { cluster: "default", namespace: "bookinfo", name: "ratings" };
export const reviews: ServiceRef = { ...ratings, name: "reviews" };
export const everyTrace: TraceSelection = {
  errorsOnly: false,
  minDurationMs: null,
  maxDurationMs: null,
  operation: null,
  tags: {},
};

/** A memory source that holds the given traces. */
export function holding(kind: "jaeger" | "zipkin", traces: readonly Trace[], name: string = kind): MemoryTraceSource {
  const config = { name, kind, cluster: null, isShard: false, maxAgeMs: null, maxSpans: 100_000 };
  const source = createMemoryTraceSource({ config, clock: systemClock });
  source.append(traces);
  return source;
}

/** A reader for one request, and what it asked upstream (`jaeger search`, ...; log sources count their own). */
export function makeReader(given: {
  readonly traces?: readonly TraceSource[];
  readonly logs?: readonly LogSource[];
  readonly visibility?: Visibility;
}): { readonly reader: EvidenceReader; readonly calls: UpstreamCall[] } {
  const calls: UpstreamCall[] = [];
  const reader = createEvidenceReader(
    {
      traceSources: given.traces ?? [],
      logSources: given.logs ?? [],
      clock: systemClock,
      clusters: noClusterNames,
      names: createTraceServiceNames(systemClock),
      links: noLinkTargets,
      workloadsOf: () => [],
    },
    {
      visibility: given.visibility ?? seeAll,
      signal: new AbortController().signal,
      deadlineMs: Date.now() + 20_000,
      onUpstreamCall: (call) => calls.push(call),
    },
  );
  return { reader, calls };
}

/** How often each source was asked each thing, but for the names it keeps for a minute. */
export function callCounts(calls: readonly UpstreamCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { source, operation } of calls) {
    if (operation === "services") continue;
    counts[`${source} ${operation}`] = (counts[`${source} ${operation}`] ?? 0) + 1;
  }
  return counts;
}
