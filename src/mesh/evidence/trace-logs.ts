/**
 * Log lines of traces and spans. All that one tick of a request asks go out as one call per log source, with two questions per trace (its id,
 * its request ids); traces that found nothing share one second call by pod and time. Spans never ask: their trace's lines are sorted here.
 */
import DataLoader from "dataloader";
import type { LogFilter } from "../../telemetry/log-source.js";
import type { SourceStatus } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import { spanPod } from "../identity/span-service.js";
import type { JoinedLogs, MeshLogRecord, MeshSpan, MeshTrace, Pillar, SpanPlace } from "../mesh.js";
import { mapPillar, mergeStatuses, notConfigured, pillarOf } from "../pillar.js";
import type { EvidenceDeps } from "./evidence-deps.js";
import { joinToSpan, joinToTrace, requestIdsOf, type TraceLines } from "./join-logs.js";
import type { AskLogs } from "./log-asker.js";
import { meshLogRecord } from "./log-search.js";

/** Lines of one trace that are read at most; those beyond, the youngest, are not told apart by span. */
const maxLines = 1_000;
/** Lines may be stamped by other clocks, and work may go on after the last span. */
export const [marginBeforeMs, marginAfterMs] = [60_000, 5 * 60_000];
/** How many pods one question by time may name. */
const maxPods = 100;

/** Reads of one request. */
export interface TraceLogs {
  ofTrace(trace: MeshTrace, limit: number): Promise<Pillar<JoinedLogs>>;
  ofSpan(trace: MeshTrace, span: MeshSpan, limit: number): Promise<Pillar<JoinedLogs>>;
}

type Lines = TraceLines<MeshLogRecord>;

/** One per request: equal traces share their lines. */
export function createTraceLogs(deps: EvidenceDeps, visibility: Visibility, ask: AskLogs): TraceLogs {
  const read = (filter: LogFilter, limit: number) => readLines(filter, limit, deps, visibility, ask);
  const loader = new DataLoader<{ readonly trace: MeshTrace; readonly limit: number }, Pillar<Lines>, string>(
    async (keys) => {
      // A trace whose spans are asked for too is read once, with the greater limit.
      const limits = new Map<string, number>();
      for (const { trace, limit } of keys) {
        limits.set(trace.traceId, Math.max(limit, limits.get(trace.traceId) ?? 0));
      }
      const reads = new Map<string, Promise<Pillar<Lines>>>();
      for (const { trace } of keys) {
        if (!reads.has(trace.traceId)) {
          reads.set(trace.traceId, linesOf(trace, limits.get(trace.traceId) ?? maxLines, read));
        }
      }
      return Promise.all(keys.map(({ trace }) => reads.get(trace.traceId) ?? notConfigured("elasticsearch", "logs")));
    },
    { cacheKeyFn: ({ trace, limit }) => `${trace.traceId} ${limit}` },
  );
  const load = async (
    trace: MeshTrace,
    limit: number,
    join: (lines: Lines) => JoinedLogs,
    shown: number,
  ): Promise<Pillar<JoinedLogs>> => {
    if (deps.logSources.length === 0) return notConfigured("elasticsearch", "logs");
    const lines = await loader.load({ trace, limit });
    return mapPillar(lines, (value) => {
      const joined = join(value);
      return { match: joined.match, records: joined.records.slice(0, shown) };
    });
  };
  return {
    ofTrace: (trace, limit) =>
      load(trace, Math.min(maxLines, limit), (lines) => joinToTrace(trace.places(), lines), limit),
    ofSpan: (trace, span, limit) => load(trace, maxLines, (lines) => joinToSpan(span, lines, trace.spans()), limit),
  };
}

type Read = (filter: LogFilter, limit: number) => Promise<Pillar<readonly MeshLogRecord[]>>;

async function linesOf(trace: MeshTrace, limit: number, read: Read): Promise<Pillar<Lines>> {
  const spans = trace.places();
  const window = windowOf(spans, marginBeforeMs, marginAfterMs);
  const requestIds = requestIdsOf(spans);
  const [byId, byRequest] = await Promise.all([
    read({ ...anyLine, window, traceIds: [trace.traceId] }, limit),
    requestIds.length === 0 ? null : read({ ...anyLine, window, requestIds }, limit),
  ]);
  const byTraceId = byId.value ?? [];
  const byRequestId = byRequest?.value ?? [];
  const pods = [...new Set(spans.flatMap((span) => spanPod(span)?.pod ?? []))].slice(0, maxPods);
  const isFound = byTraceId.length + byRequestId.length > 0;
  const byTime =
    isFound || byId.value === null || pods.length === 0
      ? null
      : await read({ ...anyLine, window: windowOf(spans, 5, 10), pods }, maxLines);
  return {
    value: byId.value === null ? null : { byTraceId, byRequestId, byTime: byTime?.value ?? [] },
    sources: mergeStatuses(...statusesOf(byId, byRequest, byTime)),
    errors: byId.errors,
  };
}

function statusesOf(...pillars: readonly (Pillar<unknown> | null)[]): readonly (readonly SourceStatus[])[] {
  return pillars.flatMap((pillar) => (pillar === null ? [] : [pillar.sources]));
}

/** A filter that takes any line. */
export const anyLine = {
  scope: null,
  levels: null,
  text: null,
  traceIds: null,
  requestIds: null,
  spanIds: null,
  pods: null,
  lines: "any",
} as const;

/** From the first span's start to the last one's end, with so much before and after. */
export function windowOf(spans: readonly SpanPlace[], beforeMs: number, afterMs: number): TimeWindow {
  const fromMs = spans.reduce((least, span) => Math.min(least, span.startMs), Number.POSITIVE_INFINITY);
  const toMs = spans.reduce((most, span) => Math.max(most, span.startMs + span.durationMs), Number.NEGATIVE_INFINITY);
  return { fromMs: Math.floor(fromMs - beforeMs), toMs: Math.ceil(toMs + afterMs) };
}

/** Lines of all sources, oldest first, that the caller may see. */
export async function readLines(
  filter: LogFilter,
  limit: number,
  deps: EvidenceDeps,
  visibility: Visibility,
  ask: AskLogs,
): Promise<Pillar<readonly MeshLogRecord[]>> {
  const asked = await ask("search", () => ({
    kind: "search",
    filter,
    order: "oldest",
    limit,
    after: null,
    withTotal: false,
  }));
  return pillarOf(asked, (answers) =>
    answers
      .flatMap(({ source, value }) => (value?.records ?? []).map((record) => ({ source, record })))
      .filter(({ record }) => canSee(visibility, record.namespace ?? ""))
      .map(({ source, record }) => meshLogRecord(record, source, deps, visibility))
      .sort((a, b) => a.atMs - b.atMs),
  );
}
