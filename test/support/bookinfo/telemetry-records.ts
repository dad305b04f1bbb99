/**
 * The recording in the words of the ports, made without any adapter: feeds memory sources, and is what a real source must give back.
 * Log records come from the lines themselves, before a shipper wrapped them.
 */
import type { AccessLogEntry, LogRecord } from "../../../src/telemetry/log-source.js";
import type { Span, Trace } from "../../../src/telemetry/trace-source.js";
import { type LogDocument, logDocuments } from "./log-documents.js";
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
    message: line.message,
    namespace: line.workload.namespace,
    pod: line.workload.pod,
    container: line.container,
    serviceNames: [line.workload.app],
    traceId: line.traceId?.padStart(32, "0") ?? null,
    spanId: line.spanId,
    requestId: line.requestId,
    accessLog: line.container === "istio-proxy" ? asAccessLog(line) : null,
  };
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
