/** TraceSource that keeps traces in this process: what `meshlens demo` and tests use, and the reference for the other adapters. */
import { MeshlensError } from "../../errors.js";
import { assembleTrace, newestFirst } from "../../telemetry/assemble-trace.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import { normaliseTraceId, uniqueTraceIds } from "../../telemetry/trace-id.js";
import { spanMatches } from "../../telemetry/trace-match.js";
import type { Span, Trace, TraceQuery, TraceSource } from "../../telemetry/trace-source.js";
import { joinLinks } from "./count-links.js";
import { createTraceShelf, type ShelvedTrace } from "./trace-shelf.js";

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
  counts(): { readonly traces: number; readonly spans: number };
}

/** Makes an empty source. */
export function createMemoryTraceSource(deps: {
  readonly config: MemoryTraceSourceConfig;
  readonly clock: Clock;
}): MemoryTraceSource {
  const { config, clock } = deps;
  const shelf = createTraceShelf();
  const held = new Map<string, ShelvedTrace>();
  let spanCount = 0;
  let isClosed = false;

  const isTooOld = (trace: ShelvedTrace): boolean =>
    config.maxAgeMs !== null && trace.startMs < clock.nowMs() - config.maxAgeMs;
  const forget = (trace: ShelvedTrace): void => {
    if (held.delete(trace.traceId)) spanCount -= trace.spanCount;
  };
  const append = (traces: readonly Trace[]): void => {
    for (const trace of traces) {
      const traceId = normaliseTraceId(trace.traceId);
      if (traceId === null || trace.spans.length === 0) continue;
      const shelved = held.get(traceId);
      const known = shelved === undefined ? null : shelf.reader()(shelved);
      if (shelved !== undefined) forget(shelved);
      const isComplete = trace.isComplete && (known?.isComplete ?? true);
      const whole = assembleTrace(traceId, [...(known?.spans ?? []), ...trace.spans], isComplete);
      const kept = whole.spans.length <= config.maxSpans ? whole : cutTrace(whole, config.maxSpans);
      held.set(traceId, shelf.put(kept));
      spanCount += kept.spans.length;
    }
    for (const trace of held.values()) {
      if (spanCount <= config.maxSpans && !isTooOld(trace)) break;
      forget(trace);
    }
  };
  const current = (options: CallOptions): ShelvedTrace[] => {
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
    ask: (traces: ShelvedTrace[]) => T,
  ): Promise<T> => {
    const startMs = clock.nowMs();
    const rows = ask(current(options));
    const query = JSON.stringify(question);
    const durationMs = clock.nowMs() - startMs;
    options.onUpstreamCall?.({ source: config.name, operation, query, rows: rows.length, durationMs, isShared: false });
    return rows;
  };
  const services = (options: CallOptions): Promise<readonly string[]> =>
    told("services", {}, options, (traces) => [...new Set(traces.flatMap((trace) => trace.services))].filter(Boolean));

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
      const found = await told("search", query, options, (traces) => searched(traces, query, shelf.reader()));
      return { traces: found.slice(0, query.limit), isCut: found.length > query.limit, warnings: [] };
    },
    async getTraces(traceIds, _window, options) {
      const wanted = uniqueTraceIds(traceIds);
      if (wanted.length === 0) return { traces: [], isCut: false, warnings: [] };
      const found = await told("traces", traceIds, options, (traces) => {
        const ids = new Set(wanted);
        return traces.filter(({ traceId }) => ids.has(traceId)).map(shelf.reader());
      });
      return { traces: newestFirst(found), isCut: false, warnings: [] };
    },
    dependencies({ fromMs, toMs }, options) {
      return told("dependencies", { fromMs, toMs }, options, (traces) =>
        joinLinks(traces.filter(({ startMs }) => startMs > fromMs && startMs <= toMs).flatMap(({ links }) => links)),
      );
    },
    counts: () => ({ traces: held.size, spans: spanCount }),
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

/** The matching traces, newest first, to one beyond the limit; traces are read only where what is known of them does not rule them out. */
function searched(shelved: ShelvedTrace[], query: TraceQuery, read: (one: ShelvedTrace) => Trace): Trace[] {
  const { fromMs, toMs } = query.window;
  const matches = (span: Span): boolean => span.startMs > fromMs && span.startMs <= toMs && spanMatches(span, query);
  const candidates = shelved.filter(
    ({ startMs, lastStartMs, longestMs, services, failing }) =>
      startMs <= toMs &&
      lastStartMs > fromMs &&
      longestMs >= (query.minDurationMs ?? 0) &&
      (query.errorsOnly ? failing : services).includes(query.serviceName),
  );
  const found: Trace[] = [];
  for (const one of candidates.sort((a, b) => b.startMs - a.startMs || (a.traceId < b.traceId ? -1 : 1))) {
    const trace = read(one);
    if (trace.spans.some(matches)) found.push(trace);
    if (found.length > query.limit) break;
  }
  return found;
}
