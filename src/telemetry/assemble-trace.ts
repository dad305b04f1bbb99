/** Puts spans together as the port promises them: one row per span, oldest first; traces newest first. Called by decoders and adapters. */
import type { Span, Trace } from "./trace-source.js";

/**
 * A trace of the spans a source sent.
 * Rows of one span (same id, half of a shared pair, service and kind) are one span: exporters repeat themselves, and Zipkin keeps the
 * pieces a tracer reports early; the longest row wins and the tags and events of all of them stay.
 * @param spans at least one
 */
export function assembleTrace(traceId: string, spans: readonly Span[], isComplete: boolean): Trace {
  const byKey = new Map<string, Span>();
  for (const span of spans) {
    const key = `${span.spanId}\u0000${span.isShared}\u0000${span.kind}\u0000${span.serviceName}`;
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? span : joinPieces(known, span));
  }
  return { traceId, spans: [...byKey.values()].sort((a, b) => a.startMs - b.startMs), isComplete };
}

/** Instant at which a trace starts; reading it materialises the spans. */
export function traceStartMs(trace: Trace): number {
  return trace.spans[0]?.startMs ?? 0;
}

/** Newest start first, then by id, so that the order of a result does not depend on the backend's. */
export function newestFirst(traces: readonly Trace[]): Trace[] {
  return traces
    .map((trace) => ({ trace, startMs: traceStartMs(trace) }))
    .sort((a, b) => b.startMs - a.startMs || (a.trace.traceId < b.trace.traceId ? -1 : 1))
    .map(({ trace }) => trace);
}

function joinPieces(a: Span, b: Span): Span {
  const [long, short] = b.durationMs > a.durationMs ? [b, a] : [a, b];
  const known = new Set(long.events.map((event) => `${event.atMs}\u0000${event.name}`));
  const events = [...long.events, ...short.events.filter((event) => !known.has(`${event.atMs}\u0000${event.name}`))];
  return {
    ...long,
    parentSpanId: long.parentSpanId ?? short.parentSpanId,
    operation: long.operation || short.operation,
    status: long.status === "UNSET" ? short.status : long.status,
    tags: { ...short.tags, ...long.tags },
    events: events.sort((x, y) => x.atMs - y.atMs),
  };
}
