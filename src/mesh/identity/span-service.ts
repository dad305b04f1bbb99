/** Span → ServiceRef and pod: which proxy or process reported it. Rules: Istio's tags first, then Kubernetes attributes, then names. */
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { Span } from "../../telemetry/trace-source.js";
import { type ClusterNames, clusterName } from "./cluster-name.js";
import { podService } from "./pod-name.js";

/** Where a span was recorded. */
export interface SpanPod {
  readonly pod: string;
  readonly namespace: string | null;
}

/**
 * The service a span belongs to: the one whose proxy or process reported it, so a CLIENT span is its caller's. A waypoint's spans belong to
 * the service it stands before. Null when nothing tells a namespace or a name.
 */
export function spanService(span: Span, sourceCluster: string | null, clusters: ClusterNames): ServiceRef | null {
  const { tags } = span;
  const served = waypointService(span);
  const namespace = served?.namespace ?? spanNamespace(span);
  if (namespace === null) return null;
  const name = served?.name ?? said(tags["istio.canonical_service"]) ?? plainName(span, namespace);
  if (name === null) return null;
  return { cluster: clusterName(spanClusterTag(span), sourceCluster, clusters), namespace, name };
}

/** The cluster a span itself names; undefined when it does not. */
export function spanClusterTag(span: Span): string | undefined {
  return said(span.tags["istio.cluster_id"]) ?? said(span.tags["k8s.cluster.name"]) ?? undefined;
}

/** The namespace a span names by tags, its node or a `name.namespace` service name; null when it does not. */
export function spanNamespace(span: Span): string | null {
  const { tags } = span;
  return (
    said(tags["istio.namespace"]) ??
    said(tags["k8s.namespace.name"]) ??
    spanPod(span)?.namespace ??
    said(tags["service.namespace"]) ??
    namespaceOfName(span.serviceName)
  );
}

const nodeId = /^[a-z]+~[^~]*~([^~.]+)\.([^~.]+)~/;

/** The pod a span was recorded in, from Envoy's node id (`sidecar~<ip>~<pod>.<namespace>~...`) or Kubernetes attributes. */
export function spanPod(span: Pick<Span, "tags">): SpanPod | null {
  const node = nodeId.exec(span.tags["node_id"] ?? "");
  if (node?.[1] !== undefined && node[2] !== undefined) return { pod: node[1], namespace: node[2] };
  const pod = said(span.tags["k8s.pod.name"]);
  return pod === null ? null : { pod, namespace: said(span.tags["k8s.namespace.name"]) };
}

/** The request id Envoy noted; null where there is none. */
export function spanRequestId(span: Pick<Span, "tags">): string | null {
  return said(span.tags["guid:x-request-id"]);
}

function said(value: string | undefined): string | null {
  return value === undefined || value === "" || value === "unknown" || value === "-" ? null : value;
}

function waypointService({ tags }: Span): { readonly namespace: string; readonly name: string } | null {
  if (!tags["node_id"]?.startsWith("waypoint~")) return null;
  const namespace = said(tags["istio.destination_namespace"]);
  const name = said(tags["istio.destination_canonical_service"]);
  return namespace === null || name === null ? null : { namespace, name };
}

const twoLabels = /^([^.]+)\.([^.]+)(?:\.svc(?:\..+)?)?$/;

function namespaceOfName(serviceName: string): string | null {
  return twoLabels.exec(serviceName)?.[2] ?? null;
}

function plainName(span: Span, namespace: string): string | null {
  const parts = twoLabels.exec(span.serviceName);
  if (parts?.[1] !== undefined && parts[2] === namespace.toLowerCase()) return parts[1];
  if (span.serviceName !== "" && span.serviceName !== "unknown_service") return span.serviceName;
  const pod = spanPod(span);
  return said(span.tags["k8s.deployment.name"]) ?? (pod === null ? null : podService(pod.pod));
}
