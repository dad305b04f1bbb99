/** TraceSource that keeps traces in this process: what `meshlens demo` and tests use, and the reference for the other adapters. */
import { MeshlensError } from "../../errors.js";
import { assembleTrace, newestFirst, traceStartMs } from "../../telemetry/assemble-trace.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import { normaliseTraceId, uniqueTraceIds } from "../../telemetry/trace-id.js";
import { spanMatches } from "../../telemetry/trace-match.js";
import type { DependencyLink, Span, Trace, TraceSource } from "../../telemetry/trace-source.js";

/** What it is and how much it keeps. */
export interface MemoryTraceSourceConfig {
  readonly name: string;
  readonly kind: "jaeger" | "zipkin";
  readonly cluster: string | null;
  readonly isShard: boolean;
  /** Traces that started longer ago are forgotten; null keeps them until room is needed. */
  readonly maxAgeMs: number | null;
  /** Spans kept in all; the traces appended longest ago make room first. */
  readonly maxSpans: number;
}

/** A trace source that can be fed. */
export interface MemoryTraceSource extends TraceSource {
  /** Adds traces; spans of a trace already held join it. A trace with more spans than `maxSpans` keeps its earliest and is not complete. */
  append(traces: readonly Trace[]): void;
}

/** Makes an empty source. */
export function createMemoryTraceSource(deps: {
  readonly config: MemoryTraceSourceConfig;
  readonly clock: Clock;
}): MemoryTraceSource {
  const { config, clock } = deps;
  const held = new Map<string, Trace>();
  let spanCount = 0;
  let isClosed = false;

  const isTooOld = (trace: Trace): boolean =>
    config.maxAgeMs !== null && traceStartMs(trace) < clock.nowMs() - config.maxAgeMs;
  const forget = (trace: Trace): void => {
    if (held.delete(trace.traceId)) spanCount -= trace.spans.length;
  };
  const append = (traces: readonly Trace[]): void => {
    for (const trace of traces) {
      const traceId = normaliseTraceId(trace.traceId);
      if (traceId === null || trace.spans.length === 0) continue;
      const known = held.get(traceId);
      if (known !== undefined) forget(known);
      const isComplete = trace.isComplete && (known?.isComplete ?? true);
      const whole = assembleTrace(traceId, [...(known?.spans ?? []), ...trace.spans], isComplete);
      const kept = whole.spans.length <= config.maxSpans ? whole : cutTrace(whole, config.maxSpans);
      held.set(traceId, kept);
      spanCount += kept.spans.length;
    }
    for (const trace of held.values()) {
      if (spanCount <= config.maxSpans && !isTooOld(trace)) break;
      forget(trace);
    }
  };
  const current = (options: CallOptions): Trace[] => {
    if (isClosed || options.signal.aborted) {
      throw new MeshlensError("MESHLENS_ERR_SOURCE_ABORTED", `The call to source ${config.name} was given up.`, {
        source: config.name,
      });
    }
    return [...held.values()].filter((trace) => !isTooOld(trace));
  };
  /** One question as `debug` shows it: there is no wire, so the query is the question itself. */
  const told = async <T extends { readonly length: number }>(
    operation: string,
    question: unknown,
    options: CallOptions,
    ask: (traces: Trace[]) => T,
  ): Promise<T> => {
    const startMs = clock.nowMs();
    const rows = ask(current(options));
    const query = JSON.stringify(question);
    const durationMs = clock.nowMs() - startMs;
    options.onUpstreamCall?.({ source: config.name, operation, query, rows: rows.length, durationMs, isShared: false });
    return rows;
  };
  const services = (options: CallOptions): Promise<readonly string[]> =>
    told("services", {}, options, (traces) =>
      [...new Set(traces.flatMap(({ spans }) => spans.map((span) => span.serviceName)))].filter(Boolean),
    );

  return {
    name: config.name,
    kind: config.kind,
    cluster: config.cluster,
    isShard: config.isShard,
    append,
    async probe(options) {
      return { version: null, capabilities: ["memory"], found: `${(await services(options)).length} services` };
    },
    services,
    async search(query, options) {
      const { fromMs, toMs } = query.window;
      const matches = (span: Span): boolean =>
        span.startMs > fromMs && span.startMs <= toMs && spanMatches(span, query);
      const found = await told("search", query, options, (traces) =>
        newestFirst(traces.filter(({ spans }) => spans.some(matches))),
      );
      return { traces: found.slice(0, query.limit), isCut: found.length > query.limit, warnings: [] };
    },
    async getTraces(traceIds, _window, options) {
      const wanted = new Set(uniqueTraceIds(traceIds));
      if (wanted.size === 0) return { traces: [], isCut: false, warnings: [] };
      const found = await told("traces", traceIds, options, (traces) =>
        traces.filter(({ traceId }) => wanted.has(traceId)),
      );
      return { traces: newestFirst(found), isCut: false, warnings: [] };
    },
    dependencies(window, options) {
      return told("dependencies", window, options, (traces) =>
        countLinks(traces.filter((trace) => traceStartMs(trace) > window.fromMs && traceStartMs(trace) <= window.toMs)),
      );
    },
    async close() {
      isClosed = true;
      held.clear();
      spanCount = 0;
    },
  };
}

function cutTrace(trace: Trace, maxSpans: number): Trace {
  return { traceId: trace.traceId, spans: trace.spans.slice(0, maxSpans), isComplete: false };
}

/** A call is a span whose parent, or the client it shares an id with, belongs to another service. */
function countLinks(traces: readonly Trace[]): DependencyLink[] {
  const links = new Map<string, DependencyLink>();
  for (const { spans } of traces) {
    const unshared = new Map(spans.filter((span) => !span.isShared).map((span) => [span.spanId, span]));
    const all = new Map(spans.map((span) => [span.spanId, span]));
    for (const span of spans) {
      const parentId = span.isShared ? span.spanId : (span.parentSpanId ?? "");
      // The children of a shared pair belong to its server half, the shared half itself to the client.
      const parent = span.isShared ? unshared.get(parentId) : all.get(parentId);
      if (parent === undefined || parent.serviceName === span.serviceName) continue;
      const key = JSON.stringify([parent.serviceName, span.serviceName]);
      const callCount = (links.get(key)?.callCount ?? 0) + 1;
      links.set(key, { source: parent.serviceName, destination: span.serviceName, callCount });
    }
  }
  return [...links.values()];
}
