/** Puts spans together as the port promises them: one row per span, oldest first; traces newest first. Called by decoders and adapters. */
import type { Span, Trace } from "./trace-source.js";

/**
 * A trace of the spans a source sent.
 * Rows of one span (same id, half of a shared pair, service, kind and start) are one span: exporters repeat themselves, and Zipkin keeps
 * the pieces a tracer reports before its span has ended, without a duration and with a start made up; the longest row wins and the tags
 * and events of all of them stay. Rows that did end and began at different instants are calls of their own: a proxy that shares its
 * client's span gives every retry the same id.
 * @param spans at least one
 */
export function assembleTrace(traceId: string, spans: readonly Span[], isComplete: boolean): Trace {
  const rowsByKey = new Map<string, Span[]>();
  for (const span of spans) {
    const key = `${span.spanId}\u0000${span.isShared}\u0000${span.kind}\u0000${span.serviceName}`;
    const rows = rowsByKey.get(key);
    if (rows === undefined) rowsByKey.set(key, [span]);
    else rows.push(span);
  }
  const whole = [...rowsByKey.values()].flatMap((rows) => (rows.length === 1 ? rows : joinRows(rows)));
  return { traceId, spans: whole.sort((a, b) => a.startMs - b.startMs), isComplete };
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

/** One span per start; a piece without a duration joins the span that began nearest to it. */
function joinRows(rows: readonly Span[]): readonly Span[] {
  const byStart = new Map<number, Span>();
  const join = (startMs: number, row: Span) => {
    const known = byStart.get(startMs);
    byStart.set(startMs, known === undefined ? row : joinPieces(known, row));
  };
  for (const row of rows) if (row.durationMs > 0) join(row.startMs, row);
  for (const row of rows) if (row.durationMs <= 0) join(nearestTo(row.startMs, byStart.keys()), row);
  return [...byStart.values()];
}

/** The start itself where there is none. */
function nearestTo(startMs: number, starts: Iterable<number>): number {
  let nearest = startMs;
  let distanceMs = Number.POSITIVE_INFINITY;
  for (const start of starts) {
    if (Math.abs(start - startMs) >= distanceMs) continue;
    nearest = start;
    distanceMs = Math.abs(start - startMs);
  }
  return nearest;
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
