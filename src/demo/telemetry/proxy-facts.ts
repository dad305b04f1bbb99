/** What a proxy says alike in spans and access logs. Used by their renderers. */
import type { HttpExchange, ProxyView } from "../simulation/exchange.js";
import type { MeshPod } from "../simulation/mesh-model.js";

/** Where the users' requests come from: an address for documentation (RFC 5737). */
export const userAddress = "203.0.113.10";

/** Upstream cluster of a sidecar's own application. */
export function inboundCluster({ target }: HttpExchange): string {
  return `inbound|${target.port}||`;
}

/** Upstream cluster of a called service. */
export function outboundCluster({ target, subset }: HttpExchange): string {
  return `outbound|${target.port}|${subset ?? ""}|${target.host}`;
}

/** Whether a pod is the mesh's own door and not an application's sidecar. */
export function isGateway(pod: MeshPod): boolean {
  return pod.workload.service === null;
}

/** The `Host` header: users know the mesh by a public name, applications each other by the short one where that resolves. */
export function authorityOf({ source, target }: HttpExchange): string {
  if (isGateway(source)) return `${target.namespace}.example.com`;
  const isNear = source.workload.namespace === target.namespace;
  return `${isNear ? target.name : `${target.name}.${target.namespace}`}:${target.port}`;
}

/** Response flags as proxies write them. */
export function flagText(flags: readonly string[]): string {
  return flags.length === 0 ? "-" : flags.join(",");
}

/** Whether a proxy calls a request failed: nobody answered, or the answer was an error of the server. A denial (403) is none. */
export function isFailure({ status }: Pick<ProxyView, "status">): boolean {
  return status === 0 || status >= 500;
}
