/**
 * The recording in the words of the ports, made without any adapter: feeds memory sources, and is what a real source must give back.
 * Log records come from the lines themselves and from what each shipper keeps of them.
 */
import { accessLogText } from "../../../src/telemetry/access-log-line.js";
import type { AccessLogEntry, LogRecord } from "../../../src/telemetry/log-source.js";
import type { Span, Trace } from "../../../src/telemetry/trace-source.js";
import { type LogDocument, logDocuments, logIndices } from "./log-documents.js";
import { type ContainerLine, containerLines, isoTime } from "./log-lines.js";
import { recordMesh } from "./record-mesh.js";
import type { Recording } from "./recording.js";
import { type ZipkinSpan, zipkinTraces } from "./zipkin-spans.js";

/** Every trace, oldest first; ids padded to 32 digits. Tags are those of the proxies, without what backends add. */
export function recordedTraces(recording: Recording = recordMesh()): Trace[] {
  return zipkinTraces(recording).map((spans) => ({
    traceId: (spans[0]?.traceId ?? "").padStart(32, "0"),
    spans: spans.map(asSpan).sort((a, b) => a.startMs - b.startMs),
    isComplete: true,
  }));
}

/** The records of one index, oldest first, with the ids the index gives them. */
export function recordedLogs(index: string, recording: Recording = recordMesh()): LogRecord[] {
  return logDocuments(containerLines(recording))
    .filter((document) => document.index === index)
    .map(asRecord);
}

function asSpan(span: ZipkinSpan): Span {
  return {
    spanId: span.id,
    parentSpanId: span.parentId ?? null,
    isShared: span.shared === true,
    serviceName: span.localEndpoint.serviceName,
    operation: span.name,
    kind: span.kind,
    startMs: span.timestamp / 1000,
    durationMs: span.duration / 1000,
    status: "error" in span.tags ? "ERROR" : "UNSET",
    tags: span.tags,
    events: [],
  };
}

function asRecord({ index, id, line }: LogDocument): LogRecord {
  return {
    id: `${index}/${id}`,
    index,
    atMs: Date.parse(isoTime(line.atUs)),
    level: line.level,
    namespace: line.workload.namespace,
    pod: line.workload.pod,
    container: line.container,
    traceId: line.traceId?.padStart(32, "0") ?? null,
    ...toldByShape(index, line),
    ...accessOf(line),
  };
}

/** An access line's message is what it says in words. */
function accessOf(line: ContainerLine): Partial<Pick<LogRecord, "message">> & Pick<LogRecord, "accessLog"> {
  if (line.container !== "istio-proxy") return { accessLog: null };
  const accessLog = asAccessLog(line);
  return { accessLog, message: accessLogText(accessLog) };
}

/** Where the shapes differ: which fields they have, and whether a plain line was taken apart before it was indexed. */
function toldByShape(index: string, line: ContainerLine) {
  const { spanId, requestId, message, workload } = line;
  if (index === logIndices.ecs) return { message, spanId, requestId, serviceNames: [workload.app] };
  // The port ranks the Deployment's name before service.name.
  const deployed = [workload.name, workload.app];
  if (index === logIndices.otel) return { message, spanId, requestId: null, serviceNames: deployed };
  const serviceNames = [workload.app];
  // Of a plain line only the trace id is looked for in the text.
  if (line.fields === null) return { message: line.text, spanId: null, requestId: null, serviceNames };
  return { message, spanId, requestId, serviceNames };
}

function asAccessLog({ fields }: ContainerLine): AccessLogEntry {
  const text = (name: string) => (fields?.[name] ?? null) as string | null;
  const number = (name: string) => (fields?.[name] ?? null) as number | null;
  const flags = text("response_flags");
  return {
    method: text("method"),
    path: text("path"),
    protocol: text("protocol"),
    responseCode: number("response_code"),
    responseFlags: flags === null || flags === "-" ? [] : flags.split(","),
    responseCodeDetails: text("response_code_details"),
    durationMs: number("duration"),
    bytesReceived: number("bytes_received"),
    bytesSent: number("bytes_sent"),
    upstreamCluster: text("upstream_cluster"),
    upstreamHost: text("upstream_host"),
    authority: text("authority"),
    requestId: text("request_id"),
    userAgent: text("user_agent"),
  };
}
