/** Gathers the spans of one answer into traces: one broken span is left out with a warning, it never costs the batch. Called by decoders. */
import { isMeshlensError, MeshlensError } from "../errors.js";
import { assembleTrace, newestFirst } from "./assemble-trace.js";
import type { DecodedTraces } from "./packed-traces.js";
import { normaliseTraceId } from "./trace-id.js";
import type { Span, Trace } from "./trace-source.js";

/** Takes spans in any order, of any number of traces. */
export interface SpanCollector {
  /**
   * Adds one span of a trace whose id may have any spelling. An id that is none, or a MESHLENS_ERR_SOURCE_DECODE of `read`, leaves the
   * span out and makes its trace incomplete.
   * @param at JSON path of the span
   */
  add(at: string, traceIdText: unknown, read: () => Span): void;
  /** The source says that it cut this trace. */
  markCut(traceIdText: unknown): void;
  warn(warning: string): void;
  /**
   * The traces with at least one span, newest first, changed or dropped (null) by `finishTrace`.
   * @throws MESHLENS_ERR_SOURCE_DECODE when not a single span could be read though there were some: then the format is another
   */
  finish(finishTrace?: (trace: Trace) => Trace | null): DecodedTraces;
}

/** Makes a collector for one answer of the source of this name. */
export function createSpanCollector(source: string): SpanCollector {
  const spansOf = new Map<string, Span[]>();
  const cut = new Set<string>();
  const warnings: string[] = [];
  let goodCount = 0;
  let brokenCount = 0;
  let firstError: MeshlensError | null = null;

  /** Spans of a trace stand together: most ids are the one before. */
  let last: { readonly text: unknown; readonly traceId: string | null } = { text: undefined, traceId: null };
  const idOf = (text: unknown): string | null => {
    if (text !== last.text) last = { text, traceId: typeof text === "string" ? normaliseTraceId(text) : null };
    return last.traceId;
  };
  const leaveOut = (error: MeshlensError): void => {
    brokenCount++;
    firstError ??= error;
  };
  return {
    add(at, traceIdText, read) {
      const traceId = idOf(traceIdText);
      if (traceId === null) return leaveOut(noTraceId(source, at));
      try {
        const span = read();
        const spans = spansOf.get(traceId);
        if (spans === undefined) spansOf.set(traceId, [span]);
        else spans.push(span);
        goodCount++;
      } catch (error) {
        if (!isMeshlensError(error)) throw error;
        leaveOut(error);
        cut.add(traceId);
      }
    },
    markCut(traceIdText) {
      const traceId = idOf(traceIdText);
      if (traceId !== null) cut.add(traceId);
    },
    warn(warning) {
      warnings.push(warning);
    },
    finish(finishTrace = (trace) => trace) {
      if (firstError !== null) {
        if (goodCount === 0) throw firstError;
        warnings.push(
          `${brokenCount} of ${brokenCount + goodCount} spans could not be read and were left out. ${firstError.message}`,
        );
      }
      const traces: Trace[] = [];
      for (const [traceId, spans] of spansOf) {
        const trace = finishTrace(assembleTrace(traceId, spans, !cut.has(traceId)));
        if (trace !== null) traces.push(trace);
      }
      return { traces: newestFirst(traces), receivedCount: spansOf.size, warnings };
    },
  };
}

function noTraceId(source: string, at: string): MeshlensError {
  const problem = "no hexadecimal trace id";
  return new MeshlensError("MESHLENS_ERR_SOURCE_DECODE", `Source ${source} answered ${problem} at ${at}.`, {
    source,
    at,
  });
}
