/** The recording as Zipkin v2 spans with the tags Istio's proxies set: one trace per page, every request sampled. */
import type { Call, ProxyView, Recording } from "./recording.js";
import { timeline } from "./timeline.js";
import { hostOf, type Workload } from "./workloads.js";

/** A span on Zipkin's wire (v2 JSON). Times are µs. */
export interface ZipkinSpan {
  readonly traceId: string;
  readonly parentId?: string;
  readonly id: string;
  readonly kind: "CLIENT" | "SERVER";
  readonly name: string;
  readonly timestamp: number;
  readonly duration: number;
  readonly shared?: true;
  readonly localEndpoint: { readonly serviceName: string; readonly ipv4: string };
  readonly tags: Readonly<Record<string, string>>;
}

/** The traces that began within the range, in their order; spans as their calls were made. */
export function zipkinTraces(recording: Recording): ZipkinSpan[][] {
  const traces = new Map<string, ZipkinSpan[]>();
  for (const call of recording.calls) {
    if (call.client.startUs < timeline.fromMs * 1000) continue;
    const spans = traces.get(call.traceId) ?? [];
    traces.set(call.traceId, spans);
    spans.push(clientSpan(call));
    const isLost = call.traceId === recording.cases.missingParent && call.service === "productpage";
    if (call.server && call.destination && !isLost) spans.push(serverSpan(call, call.server, call.destination));
  }
  return [...traces.values()];
}

function clientSpan(call: Call): ZipkinSpan {
  const cluster = call.service === null ? "-" : `outbound|9080||${hostOf(call.service)}`;
  return {
    traceId: call.traceId,
    ...(call.parentSpanId === null ? {} : { parentId: call.parentSpanId }),
    id: call.clientSpanId,
    kind: "CLIENT",
    ...common(call, call.client, call.source, cluster),
  };
}

function serverSpan(call: Call, view: ProxyView, destination: Workload): ZipkinSpan {
  const isShared = call.serverSpanId === call.clientSpanId;
  const parentId = isShared ? call.parentSpanId : call.clientSpanId;
  return {
    traceId: call.traceId,
    ...(parentId === null ? {} : { parentId }),
    id: call.serverSpanId,
    kind: "SERVER",
    ...(isShared ? { shared: true as const } : {}),
    ...common(call, view, destination, "inbound|9080||"),
  };
}

function common(call: Call, view: ProxyView, proxy: Workload, upstreamCluster: string) {
  const isError = view.code === 0 || view.code >= 500;
  return {
    name: call.service === null ? "bookinfo.example.com" : `${hostOf(call.service)}:9080/*`,
    timestamp: view.startUs,
    duration: view.durationUs,
    localEndpoint: { serviceName: `${proxy.app}.${proxy.namespace}`, ipv4: proxy.ip },
    tags: {
      component: "proxy",
      ...(isError ? { error: "true" } : {}),
      "guid:x-request-id": call.requestId,
      "http.method": "GET",
      "http.protocol": "HTTP/1.1",
      "http.status_code": String(view.code),
      "http.url": `http://${call.service ?? "bookinfo.example.com"}:9080${call.path}`,
      "istio.canonical_revision": proxy.version,
      "istio.canonical_service": proxy.app,
      "istio.mesh_id": "cluster.local",
      "istio.namespace": proxy.namespace,
      node_id: `${proxy.proxy}~${proxy.ip}~${proxy.pod}.${proxy.namespace}~${proxy.namespace}.svc.cluster.local`,
      "peer.address": call.source.ip,
      request_size: "0",
      response_flags: view.flags,
      response_size: String(call.responseBytes),
      upstream_cluster: upstreamCluster,
      user_agent: "bookinfo-load",
    },
  };
}
