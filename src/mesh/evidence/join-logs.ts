/** Which of a trace's log lines belong to it or to one of its spans, and by what. Pure; trace-logs.ts brings the lines. */
import type { LogRecord } from "../../telemetry/log-source.js";
import type { Span } from "../../telemetry/trace-source.js";
import { spanPod, spanRequestId } from "../identity/span-service.js";
import type { LogMatch, SpanPlace } from "../mesh.js";

/** Lines found for a trace, each kind as it was asked for. `byTime` is asked only when the other two are empty. */
export interface TraceLines<R extends LogRecord = LogRecord> {
  readonly byTraceId: readonly R[];
  readonly byRequestId: readonly R[];
  readonly byTime: readonly R[];
}

/** Lines with the strongest way any of them was joined; null when there are none. */
export interface Joined<R extends LogRecord = LogRecord> {
  readonly match: LogMatch | null;
  readonly records: readonly R[];
}

/** Log clocks are cut to whole ms, and a line may be stamped just after the span it speaks of. */
const beforeMs = 1;
const afterMs = 5;

/**
 * A trace's lines, oldest first: those with its id and, beside them, access-log lines of its requests, which carry no trace id; only where
 * there are neither, lines its pods wrote while their spans ran.
 */
export function joinToTrace<R extends LogRecord>(spans: readonly SpanPlace[], lines: TraceLines<R>): Joined<R> {
  const byTime = lines.byTime.filter((record) => spans.some((span) => isInSpan(record, span)));
  return strongest([
    ["TRACE_ID", lines.byTraceId],
    ["REQUEST_ID", lines.byRequestId],
    ["TIME_WINDOW", byTime],
  ]);
}

/**
 * A span's lines out of its trace's: those with its id, the access-log line its proxy wrote for it, and, only where there are neither, lines
 * of its pod in its time that name no other span. Of several spans with one id (a shared pair, its retries) a line belongs to those whose
 * pod wrote it in their time, where there are such.
 */
export function joinToSpan<R extends LogRecord>(
  span: Span,
  lines: TraceLines<R>,
  trace: readonly Span[] = [span],
): Joined<R> {
  const namesakes = trace.filter((other) => other.spanId === span.spanId);
  const isMine = (record: R) =>
    record.spanId !== null &&
    padded(record.spanId) === span.spanId &&
    (isInSpan(record, span) || !namesakes.some((other) => isInSpan(record, other)));
  const isNobodys = (record: R) => record.spanId === null && record.accessLog === null && isInSpan(record, span);
  return strongest([
    ["TRACE_ID", lines.byTraceId.filter(isMine)],
    ["REQUEST_ID", accessLineOf(span, [...lines.byRequestId, ...lines.byTraceId])],
    ["TIME_WINDOW", [...lines.byTraceId, ...lines.byTime].filter(isNobodys)],
  ]);
}

/** Unites the first two ways; the last is asked only when they have nothing. */
function strongest<R extends LogRecord>(ways: readonly (readonly [LogMatch, readonly R[]])[]): Joined<R> {
  const match = ways.find(([, records]) => records.length > 0)?.[0] ?? null;
  const used = ways.filter(([way]) => (way === "TIME_WINDOW") === (match === "TIME_WINDOW"));
  const once = new Map(
    used.flatMap(([, records]) => records.map((record) => [`${record.index} ${record.id}`, record])),
  );
  return { match, records: [...once.values()].sort((a, b) => a.atMs - b.atMs) };
}

/** Whether the pod of the span wrote the line while the span ran. */
function isInSpan(record: LogRecord, span: SpanPlace): boolean {
  const pod = spanPod(span);
  if (pod === null || record.pod !== pod.pod) return false;
  if (pod.namespace !== null && record.namespace !== null && pod.namespace !== record.namespace) return false;
  return span.startMs - beforeMs <= record.atMs && record.atMs <= span.startMs + span.durationMs + afterMs;
}

/** A proxy writes one line per span: of several candidates (the next attempt begins as this one ends) the one stamped nearest its start. */
function accessLineOf<R extends LogRecord>(span: Span, records: readonly R[]): readonly R[] {
  const distance = (record: R) => Math.abs(record.atMs - span.startMs);
  return records
    .filter((record) => isAccessLineOf(record, span))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 1);
}

/** Same pod, request and side. */
function isAccessLineOf(record: LogRecord, span: Span): boolean {
  if (record.accessLog === null || !isInSpan(record, span)) return false;
  const requestId = spanRequestId(span);
  if (requestId === null || record.requestId === null || bareRequestId(requestId) !== bareRequestId(record.requestId)) {
    return false;
  }
  const { upstreamCluster } = record.accessLog;
  const spanCluster = span.tags["upstream_cluster"];
  if (upstreamCluster !== null && spanCluster !== undefined) return upstreamCluster === spanCluster;
  const isInbound = upstreamCluster?.startsWith("inbound|") ?? null;
  return isInbound === null || span.kind === null || isInbound === (span.kind === "SERVER");
}

/** Request ids by which the lines of a trace are found. */
export function requestIdsOf(spans: readonly SpanPlace[]): readonly string[] {
  return [...new Set(spans.flatMap((span) => requestIdSpellings(spanRequestId(span) ?? "")))];
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Envoy keeps its sampling decision in the 14th hex digit of a request id and may rewrite it at a hop. */
const decisionAt = 14;

function requestIdSpellings(requestId: string): readonly string[] {
  if (requestId === "") return [];
  if (!uuid.test(requestId)) return [requestId];
  const withDecision = (digit: string) => requestId.slice(0, decisionAt) + digit + requestId.slice(decisionAt + 1);
  return [...new Set([requestId, ...["4", "9", "a", "b"].map(withDecision)])];
}

function bareRequestId(requestId: string): string {
  if (!uuid.test(requestId)) return requestId;
  return (requestId.slice(0, decisionAt) + requestId.slice(decisionAt + 1)).toLowerCase();
}

function padded(spanId: string): string {
  return spanId.toLowerCase().padStart(16, "0");
}
