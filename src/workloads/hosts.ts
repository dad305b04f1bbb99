/** Host names in mesh configuration and the Services they mean. */
import type { NamespacedName } from "../telemetry/workload-source.js";

/**
 * The Service a host means, seen from a namespace: `reviews`, `reviews.bookinfo`, `reviews.bookinfo.svc.cluster.local`. Null for hosts
 * outside the cluster and for wildcards. A host of two words may be a name outside too; then no Service of that name exists.
 */
export function serviceOfHost(host: string, ownNamespace: string | null): NamespacedName | null {
  if (host.includes("*") || host === "") return null;
  const [name = "", namespace, svc, ...domain] = host.split(".");
  if (namespace === undefined) return ownNamespace === null ? null : { namespace: ownNamespace, name };
  if (svc !== undefined && svc !== "svc") return null;
  if (domain.length > 0 && domain.length < 2) return null;
  return { namespace, name };
}

/** The host as short as it stays clear: `reviews` within its own namespace, `reviews.bookinfo` elsewhere, others as they stand. */
export function shortHost(host: string, ownNamespace: string | null): string {
  const service = serviceOfHost(host, ownNamespace);
  if (service === null) return host;
  return service.namespace === ownNamespace ? service.name : `${service.name}.${service.namespace}`;
}
