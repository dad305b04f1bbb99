/** The only key of a service of the mesh. Cluster is the metric label where it says something, else the source's, else `default`. */
export interface ServiceRef {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** A map key for a reference; injective, because the separator cannot stand in a Kubernetes or cluster name. */
export function serviceKey(ref: ServiceRef): string {
  return `${ref.cluster}\u0000${ref.namespace}\u0000${ref.name}`;
}

/** Total order (cluster, namespace, name) by code unit: the order of service lists and of their cursors. */
export function compareServiceRefs(a: ServiceRef, b: ServiceRef): number {
  const ka = serviceKey(a);
  const kb = serviceKey(b);
  return ka < kb ? -1 : ka > kb ? 1 : 0;
}
