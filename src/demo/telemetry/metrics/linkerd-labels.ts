/** Linkerd's labels of one series, and those of the scrape that found it. Called once for each series, not for each request. */
import type { TcpExchange } from "../../simulation/exchange.js";
import type { MeshPod, MeshService, MeshWorkload } from "../../simulation/mesh-model.js";

type Labels = Readonly<Record<string, string>>;

/** How a request ended for the proxy that counts it; null where its response was dropped or never came, which Linkerd does not count. */
export type LinkerdOutcome =
  /** A response came: failed from 500 on. */
  | { readonly status: number; readonly error: null }
  /** Its own call failed before any response; `error` is Linkerd's word. */
  | { readonly status: null; readonly error: string };

/** Labels of what a client's proxy counts towards an endpoint; without an endpoint only the authority is known. */
export function linkerdOutboundLabels(pod: MeshPod, target: MeshService, endpoint: MeshPod | null): Labels {
  const known = { ...linkerdTargetLabels(pod), direction: "outbound", authority: `${target.host}:${target.port}` };
  if (endpoint === null) return known;
  const { name, namespace } = endpoint.workload;
  return {
    ...known,
    target_addr: `${endpoint.ip}:${target.port}`,
    target_ip: endpoint.ip,
    target_port: String(target.port),
    tls: "true",
    server_id: identityOf(endpoint.workload),
    dst_namespace: namespace,
    dst_service: target.name,
    dst_deployment: name,
    dst_pod: endpoint.name,
    dst_serviceaccount: accountOf(endpoint.workload),
    dst_control_plane_ns: "linkerd",
  };
}

/** Labels of what a server's proxy counts: of its caller it knows the TLS identity. */
export function linkerdInboundLabels(pod: MeshPod, target: MeshService, source: MeshWorkload): Labels {
  return {
    ...linkerdTargetLabels(pod),
    direction: "inbound",
    authority: `${target.host}:${target.port}`,
    target_addr: `${pod.ip}:${target.port}`,
    target_ip: pod.ip,
    target_port: String(target.port),
    tls: "true",
    client_id: identityOf(source),
    srv_kind: "server",
    srv_name: target.name,
  };
}

/** What tells the outcomes of one pair apart in `response_total`. */
export function linkerdOutcomeLabels({ status, error }: LinkerdOutcome): Labels {
  const classification = error !== null || status >= 500 ? "failure" : "success";
  return { classification, ...(error === null ? { status_code: String(status) } : { error }) };
}

/**
 * Labels of a connection out of the mesh. Linkerd has no black hole: a host nobody declared is refused where it stands.
 * The authority of a declared host stands for what an EgressNetwork would tell.
 */
export function linkerdTcpLabels({ source, target }: Pick<TcpExchange, "source" | "target">): Labels {
  const known = { ...linkerdTargetLabels(source), direction: "outbound", peer: "dst", tls: "no_identity" };
  return typeof target === "string" ? known : { ...known, authority: `${target.host}:${target.port}` };
}

/** Labels the scrape of linkerd-viz gives every series of a pod. */
export function linkerdTargetLabels(pod: MeshPod): Labels {
  const { namespace, name } = pod.workload;
  return { job: "linkerd-proxy", instance: `${pod.ip}:4191`, namespace, pod: pod.name, deployment: name };
}

/**
 * A server knows its caller by account only. In this mesh each deployment has one of its own name; were it another, nothing in Linkerd's
 * metrics of the server would tell whose deployment called.
 */
function accountOf({ name }: MeshWorkload): string {
  return name;
}

function identityOf(workload: MeshWorkload): string {
  return `${accountOf(workload)}.${workload.namespace}.serviceaccount.identity.linkerd.cluster.local`;
}
