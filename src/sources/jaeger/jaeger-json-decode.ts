/**
 * Jaeger's old JSON (`/api/traces`, up to v2.20) → traces. Wire form: jaegertracing/jaeger internal/uimodel/model.go.
 * Pure: runs on the loop for small answers and in a worker for big ones.
 */
import { asList, asNumber, asObject, asText, decodeError, isObject, type JsonObject } from "../../http/read-json.js";
import { type DecodedTraces, setOwn } from "../../telemetry/packed-traces.js";
import { createSpanCollector } from "../../telemetry/span-collector.js";
import { normaliseSpanId } from "../../telemetry/span-id.js";
import { normaliseTraceId } from "../../telemetry/trace-id.js";
import type { Span, SpanEvent } from "../../telemetry/trace-source.js";
import { isCutWarning, kindOfText, markSharedSpans, statusOf } from "./jaeger-status.js";

/**
 * Decodes an answer of `/api/traces` or `/api/traces/{id}`. `data: null` is no traces. Entries of `errors` become warnings, except
 * those that only say that a trace is not there.
 * @throws MESHLENS_ERR_SOURCE_DECODE naming the JSON path of a wrong shape
 */
export function decodeJaegerJson(source: string, answer: unknown): DecodedTraces {
  const { data, errors } = asObject(source, "", answer);
  const collector = createSpanCollector(source);
  asList(source, "data", data).forEach((value, t) => {
    const at = `data[${t}]`;
    const trace = asObject(source, at, value);
    const services = readProcesses(source, `${at}.processes`, trace["processes"]);
    if (asList(source, `${at}.warnings`, trace["warnings"]).some(saysCut)) collector.markCut(trace["traceID"]);
    asList(source, `${at}.spans`, trace["spans"]).forEach((span, s) => {
      const spanAt = `${at}.spans[${s}]`;
      collector.add(spanAt, trace["traceID"], () => {
        const fields = asObject(source, spanAt, span);
        if (asList(source, `${spanAt}.warnings`, fields["warnings"]).some(saysCut)) collector.markCut(trace["traceID"]);
        return readSpan(source, spanAt, fields, services);
      });
    });
  });
  const problems = asList(source, "errors", errors).filter(isObject).filter(isProblem);
  for (const { msg, traceID } of problems) {
    collector.warn(`Jaeger said: ${String(msg)}${typeof traceID === "string" ? ` (trace ${traceID})` : ""}`);
    collector.markCut(traceID);
  }
  const isWhole = problems.every(({ traceID }) => typeof traceID === "string");
  return collector.finish((trace) => ({
    traceId: trace.traceId,
    spans: markSharedSpans(trace.spans),
    isComplete: trace.isComplete && isWhole,
  }));
}

interface JaegerProcess {
  readonly serviceName: string;
  readonly tags: Readonly<Record<string, string>>;
}

function readProcesses(source: string, at: string, value: unknown): ReadonlyMap<string, JaegerProcess> {
  const processes = new Map<string, JaegerProcess>();
  for (const [id, process] of Object.entries(asObject(source, at, value ?? {}))) {
    const fields = asObject(source, `${at}.${id}`, process);
    const { tags } = readTags(source, `${at}.${id}.tags`, fields["tags"]);
    processes.set(id, { serviceName: asText(source, `${at}.${id}.serviceName`, fields["serviceName"] ?? ""), tags });
  }
  return processes;
}

function readSpan(source: string, at: string, span: JsonObject, processes: ReadonlyMap<string, JaegerProcess>): Span {
  const spanId = normaliseSpanId(asText(source, `${at}.spanID`, span["spanID"]));
  if (spanId === null) throw decodeError(source, `${at}.spanID`, "no hexadecimal span id");
  const process = typeof span["processID"] === "string" ? processes.get(span["processID"]) : undefined;
  const { tags, errors } = readTags(source, `${at}.tags`, span["tags"]);
  return {
    spanId,
    parentSpanId: readParent(source, at, span, spanId),
    isShared: false,
    serviceName: process?.serviceName ?? "",
    operation: asText(source, `${at}.operationName`, span["operationName"] ?? ""),
    kind: kindOfText(tags["span.kind"] ?? ""),
    startMs: asNumber(source, `${at}.startTime`, span["startTime"]) / 1000,
    durationMs: Math.max(0, asNumber(source, `${at}.duration`, span["duration"] ?? 0)) / 1000,
    status: statusOf(tags["otel.status_code"] ?? null, errors),
    tags: { ...process?.tags, ...tags },
    events: asList(source, `${at}.logs`, span["logs"]).map((log, i) => readEvent(source, `${at}.logs[${i}]`, log)),
  };
}

/** The CHILD_OF reference into the same trace; FOLLOWS_FROM where there is no other. Links to other traces are no parents. */
function readParent(source: string, at: string, span: JsonObject, spanId: string): string | null {
  const own = span["traceID"];
  const inside = asList(source, `${at}.references`, span["references"])
    .filter(isObject)
    .filter(({ traceID }) => traceID === own || isSameTrace(traceID, own));
  const parent = inside.find(({ refType }) => refType === "CHILD_OF") ?? inside[0];
  const id = parent?.["spanID"] ?? span["parentSpanID"];
  const parentId = typeof id === "string" ? normaliseSpanId(id) : null;
  return parentId === spanId ? null : parentId;
}

/** The same trace in two spellings; a reference that names no trace is into its own. */
function isSameTrace(a: unknown, b: unknown): boolean {
  return typeof a !== "string" || typeof b !== "string" || normaliseTraceId(a) === normaliseTraceId(b);
}

/** Tags as text. Of several tags with one key the last stands, but a text under `error` is kept over the bare `true` beside it. */
function readTags(
  source: string,
  at: string,
  value: unknown,
): { tags: Record<string, string>; errors: readonly string[] } {
  const tags: Record<string, string> = {};
  const errors: string[] = [];
  const list = asList(source, at, value);
  for (let i = 0; i < list.length; i++) {
    const tag = list[i];
    // Paths are spelt out only for what is wrong: a big answer has hundreds of thousands of tags.
    const { key, value: raw } = isObject(tag) ? tag : asObject(source, `${at}[${i}]`, tag);
    const name = typeof key === "string" ? key : asText(source, `${at}[${i}].key`, key);
    const text = textOf(raw);
    if (name === "error") errors.push(text);
    if (name !== "error" || text !== "true" || tags["error"] === undefined) setOwn(tags, name, text);
  }
  return { tags, errors };
}

function readEvent(source: string, at: string, value: unknown): SpanEvent {
  const log = asObject(source, at, value);
  const { tags } = readTags(source, `${at}.fields`, log["fields"]);
  const nameKey = "event" in tags ? "event" : "message" in tags ? "message" : null;
  const { [nameKey ?? ""]: name = "log", ...attributes } = tags;
  return { atMs: asNumber(source, `${at}.timestamp`, log["timestamp"]) / 1000, name, attributes };
}

/** Numbers beyond 2^53 arrive as text and stay so; lists and objects are kept as JSON. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}

function isProblem({ code, msg }: JsonObject): boolean {
  return code !== 404 && !/trace not found/i.test(String(msg));
}

function saysCut(warning: unknown): boolean {
  return typeof warning === "string" && isCutWarning(warning);
}
