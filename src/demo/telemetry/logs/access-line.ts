/** Istio's JSON access log of a request or connection, as either proxy writes it when it has ended (Envoy 1.40). */
import type { HttpAttempt, HttpExchange, ProxyView, TcpExchange } from "../../simulation/exchange.js";
import type { MeshPod } from "../../simulation/mesh-model.js";
import { portOf, requestIdOf } from "../../simulation/trace-ids.js";
import { authorityOf, flagText, inboundCluster, isGateway, outboundCluster, userAddress } from "../proxy-facts.js";
import { wholeMs } from "../whole-ms.js";
import type { MeshLogLine } from "./mesh-log-line.js";

/** The caller's proxy's line: one for a call with all its tries. */
export function clientAccessLine(call: HttpExchange): MeshLogLine {
  const { requestNumber, source, client, target, attempts, span } = call;
  const chosen = client.destination;
  const atDoor = isGateway(source);
  const served = attempts.at(-1)?.server;
  return httpLine(call, client, source, {
    downstream_local_address: `${source.ip}:${atDoor ? 8080 : 15001}`,
    downstream_remote_address: `${atDoor ? userAddress : source.ip}:${portOf(requestNumber, span, 0)}`,
    requested_server_name: null,
    upstream_cluster: outboundCluster(call),
    upstream_host: chosen === null ? null : `${chosen.ip}:${target.port}`,
    upstream_local_address: chosen === null ? null : `${source.ip}:${portOf(requestNumber, span, 1)}`,
    upstream_service_time: serviceTime(client, served ?? client),
    x_forwarded_for: atDoor ? userAddress : null,
  });
}

/** The server's proxy's line of one try. */
export function serverAccessLine(call: HttpExchange, { pod, span, server, work }: HttpAttempt): MeshLogLine {
  const { requestNumber, source, target, subset } = call;
  const fromDoor = isGateway(source);
  const hasRefused = work === null && server.flags.includes("UF");
  return httpLine(call, server, pod, {
    downstream_local_address: `${pod.ip}:${target.port}`,
    downstream_remote_address: fromDoor ? `${userAddress}:0` : `${source.ip}:${portOf(requestNumber, call.span, 1)}`,
    requested_server_name: `outbound_.${target.port}_.${subset ?? ""}_.${target.host}`,
    upstream_cluster: inboundCluster(call),
    // A proxy that answers by itself chose no host; one whose application is down did, and never got through.
    upstream_host: work !== null || hasRefused ? `${pod.ip}:${target.port}` : null,
    upstream_local_address: work === null ? null : `127.0.0.6:${portOf(requestNumber, span, 2)}`,
    upstream_service_time: work === null ? null : serviceTime(server, server),
    x_forwarded_for: fromDoor ? userAddress : null,
  });
}

/** The caller's proxy's line of a connection: it knows no request. */
export function connectionAccessLine(connection: TcpExchange): MeshLogLine {
  const { source, target, upstreamHost, flags, sentBytes, receivedBytes, startMs } = connection;
  const isDeclared = typeof target !== "string";
  const port = (end: number): number => portOf(Math.floor(startMs), 0, end);
  return accessLine(connection, source, null, {
    authority: null,
    bytes_received: sentBytes,
    bytes_sent: receivedBytes,
    connection_termination_details: null,
    // Where the application dialled to, when it got a connection; the black hole is the sidecar's own listener.
    downstream_local_address: upstreamHost ?? `${source.ip}:15001`,
    downstream_remote_address: `${source.ip}:${port(1)}`,
    duration: wholeMs(connection),
    method: null,
    path: null,
    protocol: null,
    request_id: null,
    requested_server_name: null,
    response_code: 0,
    response_code_details: null,
    response_flags: flagText(flags),
    route_name: null,
    start_time: isoTime(startMs),
    upstream_cluster: isDeclared ? `outbound|${target.port}||${target.host}` : target,
    upstream_host: upstreamHost,
    upstream_local_address: upstreamHost === null ? null : `${source.ip}:${port(0)}`,
    upstream_service_time: null,
    upstream_transport_failure_reason: null,
    user_agent: null,
    x_forwarded_for: null,
  });
}

/** ISO time in whole ms. */
export function isoTime(atMs: number): string {
  return new Date(Math.floor(atMs)).toISOString();
}

interface Connected {
  readonly downstream_local_address: string;
  readonly downstream_remote_address: string;
  readonly requested_server_name: string | null;
  readonly upstream_cluster: string;
  readonly upstream_host: string | null;
  readonly upstream_local_address: string | null;
  readonly upstream_service_time: string | null;
  readonly x_forwarded_for: string | null;
}

function httpLine(call: HttpExchange, view: ProxyView, pod: MeshPod, connected: Connected): MeshLogLine {
  const requestId = requestIdOf(call.requestNumber, call.isSampled);
  return accessLine(view, pod, requestId, {
    authority: authorityOf(call),
    bytes_received: view.requestBytes,
    bytes_sent: view.responseBytes,
    connection_termination_details: null,
    downstream_local_address: connected.downstream_local_address,
    downstream_remote_address: connected.downstream_remote_address,
    duration: wholeMs(view),
    method: call.method,
    path: call.path,
    protocol: "HTTP/1.1",
    request_id: requestId,
    requested_server_name: connected.requested_server_name,
    response_code: view.status,
    response_code_details: view.details,
    response_flags: flagText(view.flags),
    route_name: "default",
    start_time: isoTime(view.startMs),
    upstream_cluster: connected.upstream_cluster,
    upstream_host: connected.upstream_host,
    upstream_local_address: connected.upstream_local_address,
    upstream_service_time: connected.upstream_service_time,
    // `upstream_reset_before_response_started{remote_connection_failure|<reason>}`
    upstream_transport_failure_reason: /\|([^|}]+)\}$/.exec(view.details)?.[1] ?? null,
    user_agent: call.userAgent,
    x_forwarded_for: connected.x_forwarded_for,
  });
}

function accessLine(
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  pod: MeshPod,
  requestId: string | null,
  fields: Readonly<Record<string, unknown>>,
): MeshLogLine {
  return {
    pod,
    container: "istio-proxy",
    atMs: startMs,
    writtenMs: endMs,
    fields,
    level: "UNKNOWN",
    message: null,
    traceId: null,
    spanId: null,
    requestId,
  };
}

/** How long the upstream took, as text; null unless it answered. An injected delay is spent before the upstream is asked. */
function serviceTime(view: ProxyView, upstream: ProxyView): string | null {
  return view.details === "via_upstream" && view.status > 0 ? String(wholeMs(upstream)) : null;
}
