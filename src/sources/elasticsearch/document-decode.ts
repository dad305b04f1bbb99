/** One Elasticsearch document as a LogRecord, whatever its shape: each piece is the first of its candidate fields that says something. */
import { accessLogKeys, accessLogOfFields, accessLogOfText, accessLogText } from "../../telemetry/access-log-line.js";
import { levelOfField, levelOfSeverityNumber } from "../../telemetry/log-level.js";
import { jsonOfLine, levelOfLine, levelOfObject } from "../../telemetry/log-line.js";
import type { AccessLogEntry, LogLevel, LogRecord } from "../../telemetry/log-source.js";
import { normaliseTraceId } from "../../telemetry/trace-id.js";
import type { FieldCandidates } from "./field-candidates.js";

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a document is decoded from. */
export interface SearchHit {
  readonly index: string;
  readonly id: string;
  /** Its instant in whole ms, as sorted by. */
  readonly sortMs: number;
  readonly source: JsonObject;
}

/** The record a document holds. Pieces the document does not have are null; nothing here throws. */
export function logRecordOf(hit: SearchHit, candidates: FieldCandidates): LogRecord {
  const { source } = hit;
  const first = (paths: readonly string[]) => firstText(source, paths);
  const line = lineOf(source, candidates);
  const json = jsonOfLine(line);
  const accessLog = accessLogOf(source, json, line, candidates);
  const inJson = (...keys: readonly string[]) => (json === null ? null : firstText(json, keys));
  const traceId = first(candidates.exact.traceId) ?? inJson("trace_id", "traceId", "trace.id") ?? traceIdInText(line);
  return {
    id: `${hit.index}/${hit.id}`,
    index: hit.index,
    atMs: instantOf(valueAt(source, candidates.timestamp)) ?? hit.sortMs,
    level: levelOf(source, json, line, accessLog, candidates),
    message: inJson("message", "msg") ?? (json !== null && accessLog !== null ? accessLogText(accessLog) : line),
    namespace: first(candidates.exact.namespace),
    pod: first(candidates.exact.pod),
    container: first(candidates.exact.container),
    serviceNames: [...new Set(candidates.exact.service.map((path) => firstText(source, [path])))].filter(
      (n) => n !== null,
    ),
    traceId: traceId === null ? null : normaliseTraceId(traceId),
    spanId: (first(candidates.exact.spanId) ?? inJson("span_id", "spanId", "span.id"))?.toLowerCase() ?? null,
    requestId: first(candidates.exact.requestId) ?? inJson("request_id", "requestId") ?? accessLog?.requestId ?? null,
    accessLog,
  };
}

/**
 * The value at a dotted path, whether the document nests it, keeps the dots in its keys, or both
 * (`kubernetes.labels` → `app.kubernetes.io/name`).
 */
export function valueAt(source: JsonObject, path: string): unknown {
  if (Object.hasOwn(source, path)) return source[path];
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
    const child = source[path.slice(0, dot)];
    if (!isJsonObject(child)) continue;
    const value = valueAt(child, path.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The level a document's fields tell; UNKNOWN when only its text may. */
export function levelByField(source: JsonObject, candidates: FieldCandidates): LogLevel {
  const levels = [
    ...candidates.level.map((path) => levelOfField(valueAt(source, path))),
    ...candidates.severityNumber.map((path) => levelOfSeverityNumber(valueAt(source, path))),
  ];
  return levels.find((level) => level !== "UNKNOWN") ?? "UNKNOWN";
}

/** The line a document is about, as it was written; "" when it has none. */
export function lineOf(source: JsonObject, candidates: FieldCandidates): string {
  return (firstText(source, candidates.message) ?? "").trimEnd();
}

/** Whether a value is an object with keys. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function firstText(source: JsonObject, paths: readonly string[]): string | null {
  for (const path of paths) {
    const value = valueAt(source, path);
    const one = Array.isArray(value) ? value[0] : value;
    if (typeof one === "string" && one !== "") return one;
    if (typeof one === "number") return String(one);
  }
  return null;
}

function accessLogOf(
  source: JsonObject,
  json: JsonObject | null,
  line: string,
  candidates: FieldCandidates,
): AccessLogEntry | null {
  for (const prefix of candidates.accessPrefixes) {
    if (valueAt(source, `${prefix}response_flags`) === undefined) continue;
    const entry = accessLogOfFields(
      Object.fromEntries(accessLogKeys.map((key) => [key, valueAt(source, prefix + key)])),
    );
    if (entry !== null) return entry;
  }
  return json === null ? accessLogOfText(line) : accessLogOfFields(json);
}

function levelOf(
  source: JsonObject,
  json: JsonObject | null,
  line: string,
  accessLog: AccessLogEntry | null,
  candidates: FieldCandidates,
): LogLevel {
  const told = levelByField(source, candidates);
  if (told !== "UNKNOWN") return told;
  if (accessLog !== null) return json === null ? "UNKNOWN" : levelOfObject(json);
  return levelOfLine(line);
}

const traceIdWords = /\btrace[_-]?id\b["']?\s*[:=]\s*["']?([0-9a-f]{16}(?:[0-9a-f]{16})?)\b/i;

function traceIdInText(line: string): string | null {
  return traceIdWords.exec(line.slice(0, 2000))?.[1] ?? null;
}

/** Epoch ms with the fraction that a date string has beyond the millisecond; null when it is no date. */
function instantOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string") return null;
  const epochMs = /^\d{12,14}(\.\d+)?$/.test(value) ? Number(value) : Date.parse(value);
  if (Number.isNaN(epochMs)) return null;
  const beyond = /\.\d{3}(\d{1,6})/.exec(value)?.[1];
  return beyond === undefined || !value.includes(":") ? epochMs : epochMs + Number(`0.${beyond}`);
}
