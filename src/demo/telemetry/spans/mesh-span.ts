/**
 * The spans Istio's proxies report of a sampled request: one per call at the caller, one per try at the server, each with an id of its own
 * (B3, not shared). A connection makes none. A proxy reports a span when it has ended, so a trace in flight is seen in part, and a child
 * that outlives its parents comes after them.
 */
import type { Exchange, HttpExchange, ProxyView } from "../../simulation/exchange.js";
import type { MeshPod } from "../../simulation/mesh-model.js";
import { requestIdOf, spanIdOf, traceIdOf } from "../../simulation/trace-ids.js";
import {
  authorityOf,
  flagText,
  inboundCluster,
  isFailure,
  isGateway,
  outboundCluster,
  userAddress,
} from "../proxy-facts.js";

/** A span as every backend takes it. */
export interface MeshSpan {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly kind: "CLIENT" | "SERVER";
  /** `reviews.bookinfo` */
  readonly serviceName: string;
  /** Of the pod. */
  readonly ip: string;
  readonly operation: string;
  /** Epoch µs, whole. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly isError: boolean;
  /** Istio's; `error` among them when it is one. */
  readonly tags: Readonly<Record<string, string>>;
}

/** All spans of a call and of what it caused, callers before the called; [] when it is not sampled. */
export function meshSpans(exchange: Exchange): readonly MeshSpan[] {
  if (exchange.kind === "tcp" || !exchange.isSampled) return [];
  const spans: MeshSpan[] = [];
  collect(exchange, spans);
  return spans;
}

/** Epoch ms from which on a span is in the backend. */
export function spanEndMs({ startUs, durationUs }: MeshSpan): number {
  return (startUs + durationUs) / 1000;
}

function collect(call: HttpExchange, spans: MeshSpan[]): void {
  spans.push(spanOf(call, call.client, call.source, "CLIENT", call.span, call.parentSpan));
  for (const { pod, span, server, work } of call.attempts) {
    spans.push(spanOf(call, server, pod, "SERVER", span, call.span));
    if (work === null) continue;
    for (const inner of work.calls) if (inner.kind === "http") collect(inner, spans);
  }
}

function spanOf(
  call: HttpExchange,
  view: ProxyView,
  pod: MeshPod,
  kind: MeshSpan["kind"],
  span: number,
  parentSpan: number | null,
): MeshSpan {
  const { requestNumber, target } = call;
  const { app, namespace } = pod.workload;
  const startUs = Math.round(view.startMs * 1000);
  return {
    traceId: traceIdOf(requestNumber),
    spanId: spanIdOf(requestNumber, span),
    parentSpanId: parentSpan === null ? null : spanIdOf(requestNumber, parentSpan),
    kind,
    serviceName: `${app}.${namespace}`,
    ip: pod.ip,
    operation: `${target.host}:${target.port}/*`,
    startUs,
    durationUs: Math.round(view.endMs * 1000) - startUs,
    isError: isFailure(view),
    tags: tagsOf(call, view, pod, kind),
  };
}

function tagsOf(call: HttpExchange, view: ProxyView, pod: MeshPod, kind: MeshSpan["kind"]): Record<string, string> {
  const { app, version, namespace } = pod.workload;
  const cluster = kind === "CLIENT" ? outboundCluster(call) : inboundCluster(call);
  const proxy = isGateway(pod) ? "router" : "sidecar";
  return {
    component: "proxy",
    downstream_cluster: "-",
    ...(isFailure(view) ? { error: "true" } : {}),
    "guid:x-request-id": requestIdOf(call.requestNumber, call.isSampled),
    "http.method": call.method,
    "http.protocol": "HTTP/1.1",
    "http.status_code": String(view.status),
    "http.url": `http://${authorityOf(call)}${call.path}`,
    "istio.canonical_revision": version,
    "istio.canonical_service": app,
    "istio.cluster_id": "Kubernetes",
    "istio.mesh_id": "cluster.local",
    "istio.namespace": namespace,
    node_id: `${proxy}~${pod.ip}~${pod.name}.${namespace}~${namespace}.svc.cluster.local`,
    "peer.address": kind === "CLIENT" && isGateway(pod) ? userAddress : call.source.ip,
    request_size: String(view.requestBytes),
    response_flags: flagText(view.flags),
    response_size: String(view.responseBytes),
    upstream_cluster: cluster,
    "upstream_cluster.name": cluster,
    user_agent: call.userAgent,
  };
}
