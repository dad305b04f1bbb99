/**
 * Jaeger's `/api/v3` traces (OTLP JSON) → traces. All traces of an answer stand in one list, in pieces; spans carry their trace's id.
 * Wire form: opentelemetry-proto trace.proto in JSON, default values left out. Pure: runs on the loop or in a worker.
 */
import { asList, asNumber, asObject, asText, decodeError, isObject, type JsonObject } from "../../http/read-json.js";
import { type DecodedTraces, setOwn } from "../../telemetry/packed-traces.js";
import { createSpanCollector } from "../../telemetry/span-collector.js";
import { normaliseSpanId } from "../../telemetry/span-id.js";
import type { Span, SpanEvent, SpanKind } from "../../telemetry/trace-source.js";
import { isCutWarning, kindOfText, markSharedSpans, statusOf } from "./jaeger-status.js";

const kindByNumber: readonly (SpanKind | null)[] = [null, "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];

/** Where Jaeger 2 keeps what the old JSON had in a span's `warnings`. */
const warningsKey = "@jaeger@warnings";

/**
 * Decodes `{"result": {"resourceSpans": [...]}}`.
 * @throws MESHLENS_ERR_SOURCE_DECODE naming the JSON path of a wrong shape
 */
export function decodeJaegerOtlp(source: string, answer: unknown): DecodedTraces {
  const { result } = asObject(source, "", answer);
  const collector = createSpanCollector(source);
  const { resourceSpans } = asObject(source, "result", result ?? {});
  asList(source, "result.resourceSpans", resourceSpans).forEach((value, r) => {
    const at = `result.resourceSpans[${r}]`;
    const group = asObject(source, at, value);
    const { attributes } = asObject(source, `${at}.resource`, group["resource"] ?? {});
    const resource = readAttributes(source, `${at}.resource.attributes`, attributes);
    asList(source, `${at}.scopeSpans`, group["scopeSpans"]).forEach((scope, c) => {
      const scopeAt = `${at}.scopeSpans[${c}]`;
      asList(source, `${scopeAt}.spans`, asObject(source, scopeAt, scope)["spans"]).forEach((span, s) => {
        const spanAt = `${scopeAt}.spans[${s}]`;
        const traceId = isObject(span) ? span["traceId"] : undefined;
        collector.add(spanAt, traceId, () => {
          const decoded = readSpan(source, spanAt, asObject(source, spanAt, span), resource);
          if (isCutWarning(decoded.tags[warningsKey] ?? "")) collector.markCut(traceId);
          return decoded;
        });
      });
    });
  });
  return collector.finish((trace) => ({ ...trace, spans: markSharedSpans(trace.spans) }));
}

function readSpan(source: string, at: string, span: JsonObject, resource: Readonly<Record<string, string>>): Span {
  const spanId = normaliseSpanId(asText(source, `${at}.spanId`, span["spanId"]));
  if (spanId === null) throw decodeError(source, `${at}.spanId`, "no hexadecimal span id");
  const parentId = normaliseSpanId(asText(source, `${at}.parentSpanId`, span["parentSpanId"] ?? ""));
  const { "service.name": serviceName = "", ...resourceTags } = resource;
  const own = readAttributes(source, `${at}.attributes`, span["attributes"]);
  const start = nanoseconds(source, `${at}.startTimeUnixNano`, span["startTimeUnixNano"]);
  const end = nanoseconds(source, `${at}.endTimeUnixNano`, span["endTimeUnixNano"] ?? span["startTimeUnixNano"]);
  return {
    spanId,
    parentSpanId: parentId === spanId ? null : parentId,
    isShared: false,
    serviceName,
    operation: asText(source, `${at}.name`, span["name"] ?? ""),
    kind: readKind(span["kind"]),
    startMs: microsecondsToMs(start),
    durationMs: Math.max(0, microsecondsToMs(end - start)),
    status: statusOf(readStatusCode(span["status"]), own["error"] === undefined ? [] : [own["error"]]),
    tags: { ...resourceTags, ...own },
    events: asList(source, `${at}.events`, span["events"]).map((event, i) =>
      readEvent(source, `${at}.events[${i}]`, event),
    ),
  };
}

function readEvent(source: string, at: string, value: unknown): SpanEvent {
  const event = asObject(source, at, value);
  return {
    atMs: microsecondsToMs(nanoseconds(source, `${at}.timeUnixNano`, event["timeUnixNano"])),
    name: asText(source, `${at}.name`, event["name"] ?? ""),
    attributes: readAttributes(source, `${at}.attributes`, event["attributes"]),
  };
}

function readAttributes(source: string, at: string, value: unknown): Record<string, string> {
  const attributes: Record<string, string> = {};
  asList(source, at, value).forEach((item, i) => {
    const { key, value: raw } = asObject(source, `${at}[${i}]`, item);
    setOwn(attributes, asText(source, `${at}[${i}].key`, key), anyValueText(raw));
  });
  return attributes;
}

/** OTLP's AnyValue as text; 64-bit integers come as text and stay so, lists become JSON lists of texts. */
function anyValueText(value: unknown): string {
  if (!isObject(value)) return "";
  const { stringValue, intValue, doubleValue, boolValue, bytesValue, arrayValue, kvlistValue } = value;
  const plain = stringValue ?? intValue ?? doubleValue ?? boolValue ?? bytesValue;
  if (plain !== undefined) return typeof plain === "string" ? plain : String(plain);
  if (isObject(arrayValue) && Array.isArray(arrayValue["values"]))
    return JSON.stringify(arrayValue["values"].map(anyValueText));
  return isObject(kvlistValue) ? JSON.stringify(kvlistValue["values"] ?? []) : "";
}

function readKind(kind: unknown): SpanKind | null {
  if (typeof kind === "string") return kindOfText(kind.replace("SPAN_KIND_", ""));
  return typeof kind === "number" ? (kindByNumber[kind] ?? null) : null;
}

function readStatusCode(status: unknown): string | null {
  const code = isObject(status) ? status["code"] : undefined;
  if (code === 2 || code === "STATUS_CODE_ERROR") return "ERROR";
  return code === 1 || code === "STATUS_CODE_OK" ? "OK" : null;
}

/** Nanoseconds since the epoch pass 2^53: they come as text and are read whole. */
function nanoseconds(source: string, at: string, value: unknown): bigint {
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt(value);
  return BigInt(Math.round(asNumber(source, at, value)));
}

/** Times keep the microsecond, as every backend stores at least that; what is below it would be noise of a double. */
function microsecondsToMs(nanos: bigint): number {
  return Number(nanos / 1000n) / 1000;
}
