/** A mesh's spans in the forms trace backends take: the memory source's own, Zipkin v2 JSON (Jaeger's Zipkin port too), OTLP JSON. */
import { assembleTrace } from "../../../telemetry/assemble-trace.js";
import type { Span, Trace } from "../../../telemetry/trace-source.js";
import type { MeshSpan } from "./mesh-span.js";

/** The spans by trace, as a memory trace source takes them: the same as one that read them back from Zipkin would show. */
export function tracesOfSpans(spans: readonly MeshSpan[]): Trace[] {
  const byTrace = grouped(spans, ({ traceId }) => traceId);
  return [...byTrace].map(([traceId, own]) => assembleTrace(traceId, own.map(storedSpan), true));
}

/** Body of `POST /api/v2/spans`. Source: openzipkin/zipkin-api zipkin2-api.yaml. */
export function zipkinSpans(spans: readonly MeshSpan[]): readonly Readonly<Record<string, unknown>>[] {
  return spans.map((span) => ({
    traceId: span.traceId,
    ...(span.parentSpanId === null ? {} : { parentId: span.parentSpanId }),
    id: span.spanId,
    kind: span.kind,
    name: span.operation,
    timestamp: span.startUs,
    duration: span.durationUs,
    localEndpoint: { serviceName: span.serviceName, ipv4: span.ip },
    annotations: [{ timestamp: span.startUs + span.durationUs, value: endMark(span) }],
    tags: span.tags,
  }));
}

/** Body of `POST /v1/traces`. Source: opentelemetry-proto trace.proto in its JSON mapping. */
export function otlpSpans(spans: readonly MeshSpan[]): Readonly<Record<string, unknown>> {
  const byPod = grouped(spans, ({ serviceName, ip }) => `${serviceName} ${ip}`);
  return {
    resourceSpans: [...byPod.values()].map((own) => ({
      resource: {
        attributes: attributes({ "service.name": own[0]?.serviceName ?? "", "net.host.ip": own[0]?.ip ?? "" }),
      },
      scopeSpans: [{ scope: { name: "envoy" }, spans: own.map(otlpSpan) }],
    })),
  };
}

function grouped(spans: readonly MeshSpan[], keyOf: (span: MeshSpan) => string): Map<string, MeshSpan[]> {
  const groups = new Map<string, MeshSpan[]>();
  for (const span of spans) {
    const group = groups.get(keyOf(span));
    if (group === undefined) groups.set(keyOf(span), [span]);
    else group.push(span);
  }
  return groups;
}

function storedSpan(span: MeshSpan): Span {
  const { spanId, parentSpanId, serviceName, operation, kind, startUs, durationUs, isError } = span;
  return {
    spanId,
    parentSpanId,
    isShared: false,
    serviceName,
    operation,
    kind,
    startMs: startUs / 1000,
    durationMs: durationUs / 1000,
    status: isError ? "ERROR" : "UNSET",
    tags: { "net.host.ip": span.ip, ...span.tags },
    events: [{ atMs: (startUs + durationUs) / 1000, name: endMark(span), attributes: {} }],
  };
}

function otlpSpan(span: MeshSpan) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.operation,
    kind: span.kind === "CLIENT" ? 3 : 2,
    // Nanoseconds do not fit a number: the µs are text with three zeros behind.
    startTimeUnixNano: `${span.startUs}000`,
    endTimeUnixNano: `${span.startUs + span.durationUs}000`,
    attributes: attributes(span.tags),
    status: span.isError ? { code: 2 } : {},
  };
}

function attributes(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

/** Zipkin's words for "client received" and "server sent". */
function endMark({ kind }: MeshSpan): string {
  return kind === "CLIENT" ? "cr" : "ss";
}
