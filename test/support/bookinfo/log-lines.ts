/** The recording as lines of containers, before a shipper wraps them: applications' own, and the proxies' JSON access logs. */
import type { ApplicationLine, Call, Connection, ProxyView, Recording } from "./recording.js";
import { timeline } from "./timeline.js";
import { hostOf, ratings, type Workload } from "./workloads.js";

/** One line on a container's standard output. */
export interface ContainerLine {
  readonly workload: Workload;
  /** The application's name, or `istio-proxy`. */
  readonly container: string;
  readonly atUs: number;
  /** The line itself. */
  readonly text: string;
  /** Its fields when it is JSON; null for plain text. */
  readonly fields: Readonly<Record<string, unknown>> | null;
  /** What the line says, for expectations; UNKNOWN for access logs, which have no level. */
  readonly level: "INFO" | "WARN" | "ERROR" | "UNKNOWN";
  readonly message: string;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly requestId: string | null;
}

/** All lines written within the range, by time. */
export function containerLines(recording: Recording): ContainerLine[] {
  const lines = [
    ...recording.lines.map(applicationLine),
    ...recording.calls.flatMap(callAccessLines),
    ...recording.connections.map(connectionAccessLine),
  ];
  return lines.filter((line) => line.atUs >= timeline.fromMs * 1000).sort((a, b) => a.atUs - b.atUs);
}

/** ISO time in ms of an instant in µs. */
export function isoTime(atUs: number): string {
  return new Date(Math.floor(atUs / 1000)).toISOString();
}

/** ratings writes plain text, with its ids in the text; the other applications write JSON. */
function applicationLine(line: ApplicationLine): ContainerLine {
  const { workload, atUs, level, message, traceId, spanId, requestId } = line;
  const time = isoTime(atUs);
  const told = { workload, container: workload.app, atUs, level, message, traceId, spanId, requestId };
  if (workload === ratings) {
    const text = `${time} ${level} [${workload.app}] ${message} trace_id=${traceId} span_id=${spanId} request_id=${requestId}`;
    return { ...told, text, fields: null };
  }
  const fields = {
    time,
    level,
    message,
    service: workload.app,
    version: workload.version,
    trace_id: traceId,
    span_id: spanId,
    request_id: requestId,
  };
  return { ...told, text: JSON.stringify(fields), fields };
}

function callAccessLines(call: Call): ContainerLine[] {
  const isRouted = call.service !== null;
  const outbound = {
    downstream_local_address: `${call.source.ip}:15001`,
    downstream_remote_address: `${call.source.ip}:40112`,
    upstream_cluster: isRouted ? `outbound|9080||${hostOf(call.service)}` : null,
    upstream_host: call.destination ? `${call.destination.ip}:9080` : null,
    upstream_local_address: call.destination ? `${call.source.ip}:50212` : null,
  };
  const lines = [accessLine(call.source, call.client, call.requestId, { ...request(call, call.client), ...outbound })];
  if (call.server && call.destination) {
    const inbound = {
      downstream_local_address: `${call.destination.ip}:9080`,
      downstream_remote_address: `${call.source.ip}:50212`,
      upstream_cluster: "inbound|9080||",
      upstream_host: `${call.destination.ip}:9080`,
      upstream_local_address: "127.0.0.6:41234",
    };
    lines.push(
      accessLine(call.destination, call.server, call.requestId, { ...request(call, call.server), ...inbound }),
    );
  }
  return lines;
}

function request(call: Call, view: ProxyView) {
  return {
    authority: call.service === null ? "bookinfo.example.com" : `${call.service}:9080`,
    bytes_received: 0,
    bytes_sent: view.code === 0 ? 0 : call.responseBytes,
    method: "GET",
    path: call.path,
    protocol: "HTTP/1.1",
    request_id: call.requestId,
    response_code: view.code,
    response_code_details: view.codeDetails,
    response_flags: view.flags,
    route_name: call.service === null ? null : "default",
    user_agent: "bookinfo-load",
  };
}

function connectionAccessLine(connection: Connection): ContainerLine {
  const { source, host } = connection;
  const view = { startUs: connection.startUs, durationUs: connection.durationUs };
  return accessLine(source, view, null, {
    authority: null,
    bytes_received: connection.sentBytes,
    bytes_sent: connection.receivedBytes,
    method: null,
    path: null,
    protocol: null,
    request_id: null,
    response_code: 0,
    response_code_details: null,
    response_flags: host === null ? "UH" : "-",
    route_name: null,
    user_agent: null,
    downstream_local_address: `${source.ip}:15001`,
    downstream_remote_address: `${source.ip}:40990`,
    upstream_cluster: host === null ? "BlackHoleCluster" : `outbound|443||${host}`,
    upstream_host: host === null ? null : "192.0.2.80:443",
    upstream_local_address: host === null ? null : `${source.ip}:50990`,
  });
}

/** Envoy writes a line when the call has ended, and gives it the time it began. */
function accessLine(
  workload: Workload,
  { startUs, durationUs }: Pick<ProxyView, "startUs" | "durationUs">,
  requestId: string | null,
  known: Readonly<Record<string, string | number | null>>,
): ContainerLine {
  const fields = {
    ...known,
    duration: Math.floor(durationUs / 1000),
    requested_server_name: null,
    start_time: isoTime(startUs),
    upstream_transport_failure_reason: null,
    x_forwarded_for: null,
  };
  const text = JSON.stringify(fields);
  const ids = { traceId: null, spanId: null, requestId };
  return { workload, container: "istio-proxy", atUs: startUs, text, fields, level: "UNKNOWN", message: text, ...ids };
}
