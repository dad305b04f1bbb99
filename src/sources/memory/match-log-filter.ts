/** The meaning of a LogFilter, put to one record: what every log adapter's query must amount to. */
import { wordsOf } from "../../telemetry/log-line.js";
import type { LogFilter, LogRecord } from "../../telemetry/log-source.js";
import { traceIdSpellings } from "../../telemetry/trace-id.js";
import type { LogTexts } from "./id-filter.js";
import { isInScope } from "./log-block.js";

/** Whether all given conditions hold. Text without a word matches nothing. */
export function matchesLogFilter(record: LogRecord, filter: LogFilter): boolean {
  const atMs = Math.floor(record.atMs);
  return (
    atMs > filter.window.fromMs &&
    atMs <= filter.window.toMs &&
    (filter.scope === null || isInScope(record, filter.scope)) &&
    (filter.levels === null || filter.levels.includes(record.level)) &&
    matchesTexts(record, filter) &&
    (filter.pods === null || (record.pod !== null && filter.pods.includes(record.pod))) &&
    (filter.lines === "any" || (filter.lines === "access") === (record.accessLog !== null))
  );
}

/** Whether the conditions hold that are put to what a record says. */
export function matchesTexts(record: LogTexts, filter: LogFilter): boolean {
  return (
    (filter.text === null || hasWords(record.message, filter.text)) &&
    (filter.traceIds === null || hasTraceId(record, filter.traceIds)) &&
    (filter.spanIds === null || hasId(record.spanId, record.message, filter.spanIds)) &&
    (filter.requestIds === null || hasRequestId(record, filter.requestIds))
  );
}

function hasWords(message: string, text: string): boolean {
  const wanted = wordsOf(text);
  if (wanted.length === 0) return false;
  const words = new Set(wordsOf(message));
  return wanted.every((word) => words.has(word));
}

function hasTraceId(record: LogTexts, ids: readonly string[]): boolean {
  if (record.traceId !== null && ids.includes(record.traceId)) return true;
  return hasId(null, record.message, ids.flatMap(traceIdSpellings));
}

function hasId(field: string | null, message: string, ids: readonly string[]): boolean {
  const lower = ids.map((id) => id.toLowerCase());
  if (field !== null && lower.includes(field.toLowerCase())) return true;
  const text = message.toLowerCase();
  // A word stands in the text as it is: most lines need not be taken apart.
  const within = lower.filter((id) => text.includes(id));
  if (within.length === 0) return false;
  const words = new Set(wordsOf(message));
  return within.some((id) => words.has(id));
}

function hasRequestId(record: LogTexts, ids: readonly string[]): boolean {
  return (record.requestId !== null && ids.includes(record.requestId)) || ids.some((id) => record.message.includes(id));
}
