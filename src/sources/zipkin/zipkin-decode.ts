/**
 * Zipkin v2 JSON → traces. Wire form: openzipkin/zipkin-api zipkin2-api.yaml; only `traceId` and `id` are required of a span.
 * Pure: runs on the loop for small answers and in a worker for big ones.
 */
import { asList, asNumber, asObject, asText, decodeError, isObject, type JsonObject } from "../../http/read-json.js";
import type { DecodedTraces } from "../../telemetry/packed-traces.js";
import { createSpanCollector } from "../../telemetry/span-collector.js";
import { normaliseSpanId } from "../../telemetry/span-id.js";
import { type SpanConditions, spanMatches } from "../../telemetry/trace-match.js";
import type { Span, SpanEvent, SpanKind, Trace } from "../../telemetry/trace-source.js";

const kinds: ReadonlySet<string> = new Set(["SERVER", "CLIENT", "PRODUCER", "CONSUMER"]);

/**
 * Decodes a list of traces (a list of spans each).
 * @param conditions leaves out traces of which no span meets all of them, because Zipkin looks for each over all spans of the service;
 * the service's name in lower case, as Zipkin keeps names; null keeps all
 * @throws MESHLENS_ERR_SOURCE_DECODE naming the JSON path of a wrong shape
 */
export function decodeZipkin(source: string, answer: unknown, conditions: SpanConditions | null): DecodedTraces {
  if (!Array.isArray(answer)) throw decodeError(source, "", "no list of traces");
  const collector = createSpanCollector(source);
  asList(source, "", answer).forEach((value, t) => {
    const spans = asList(source, `[${t}]`, value);
    const earliestUs = earliestOf(spans);
    spans.forEach((span, s) => {
      const at = `[${t}][${s}]`;
      const traceId = isObject(span) ? span["traceId"] : undefined;
      collector.add(at, traceId, () => readSpan(source, at, asObject(source, at, span), earliestUs));
    });
  });
  const keeps = (trace: Trace): boolean =>
    conditions === null || trace.spans.some((span) => spanMatches(span, conditions));
  return collector.finish((trace) => (keeps(trace) ? trace : null));
}

function readSpan(source: string, at: string, span: JsonObject, earliestUs: number | null): Span {
  const spanId = normaliseSpanId(asText(source, `${at}.id`, span["id"]));
  if (spanId === null) throw decodeError(source, `${at}.id`, "no hexadecimal span id");
  const parentId = normaliseSpanId(asText(source, `${at}.parentId`, span["parentId"] ?? ""));
  const local = readEndpoint(source, `${at}.localEndpoint`, span["localEndpoint"]);
  const remote = readEndpoint(source, `${at}.remoteEndpoint`, span["remoteEndpoint"]);
  const tags = readTags(source, at, span["tags"]);
  for (const [key, text] of endpointTags(local, remote)) tags[key] ??= text;
  return {
    spanId,
    parentSpanId: parentId === spanId ? null : parentId,
    isShared: span["shared"] === true,
    serviceName: local.serviceName ?? "",
    operation: asText(source, `${at}.name`, span["name"] ?? ""),
    kind: typeof span["kind"] === "string" && kinds.has(span["kind"]) ? (span["kind"] as SpanKind) : null,
    startMs: asNumber(source, `${at}.timestamp`, startUsOf(span) ?? earliestUs) / 1000,
    durationMs: Math.max(0, asNumber(source, `${at}.duration`, span["duration"] ?? 0)) / 1000,
    status: Object.hasOwn(tags, "error") ? "ERROR" : "UNSET",
    tags,
    events: asList(source, `${at}.annotations`, span["annotations"]).map((value, i) =>
      readEvent(source, `${at}.annotations[${i}]`, value),
    ),
  };
}

/** A copy, which is made in one go: tags set one after the other leave ten times their size behind. */
function readTags(source: string, at: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const tags = { ...asObject(source, `${at}.tags`, value) } as Record<string, string>;
  // Paths are spelt out only for what is wrong.
  for (const key in tags) if (typeof tags[key] !== "string") asText(source, `${at}.tags.${key}`, tags[key]);
  return tags;
}

function readEvent(source: string, at: string, value: unknown): SpanEvent {
  const annotation = asObject(source, at, value);
  return {
    atMs: asNumber(source, `${at}.timestamp`, annotation["timestamp"]) / 1000,
    name: asText(source, `${at}.value`, annotation["value"] ?? ""),
    attributes: {},
  };
}

/** A span a tracer reported early has no timestamp: its first annotation stands in, else the start of its trace. */
function startUsOf(span: JsonObject): number | null {
  if (typeof span["timestamp"] === "number") return span["timestamp"];
  const annotations = Array.isArray(span["annotations"]) ? span["annotations"].filter(isObject) : [];
  const times = annotations.map(({ timestamp }) => timestamp).filter((time) => typeof time === "number");
  return times.length === 0 ? null : Math.min(...times);
}

function earliestOf(spans: readonly unknown[]): number | null {
  let earliest: number | null = null;
  for (const span of spans) {
    const start = isObject(span) ? startUsOf(span) : null;
    if (start !== null && (earliest === null || start < earliest)) earliest = start;
  }
  return earliest;
}

interface Endpoint {
  readonly serviceName: string | null;
  readonly ip: string | null;
  readonly port: string | null;
}

const nowhere: Endpoint = { serviceName: null, ip: null, port: null };

function readEndpoint(source: string, at: string, value: unknown): Endpoint {
  if (value === undefined || value === null) return nowhere;
  const { serviceName, ipv4, ipv6, port } = asObject(source, at, value);
  const ip = ipv4 ?? ipv6;
  return {
    serviceName: typeof serviceName === "string" ? serviceName : null,
    ip: typeof ip === "string" ? ip : null,
    port: typeof port === "number" ? String(port) : null,
  };
}

/** Endpoints under the names Jaeger's Zipkin door gives them, so that a reader finds them in one place whatever the backend. */
function endpointTags(local: Endpoint, remote: Endpoint): readonly (readonly [key: string, text: string])[] {
  const tags: [string, string][] = [];
  const add = (key: string, text: string | null) => {
    if (text !== null) tags.push([key, text]);
  };
  add("net.host.ip", local.ip);
  add("net.host.port", local.port);
  add("peer.service", remote.serviceName);
  add("net.peer.ip", remote.ip);
  add("net.peer.port", remote.port);
  return tags;
}
