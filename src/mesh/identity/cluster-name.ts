/** How the cluster of a service is told: the record's own word, else the source's, else `default`. Used by span and log identity. */

/** What is known about clusters beside the records. */
export interface ClusterNames {
  /** Names in records to names shown (`Kubernetes`, Istio's own default, to what the configuration calls it). */
  readonly aliases: Readonly<Record<string, string>>;
  /** Where neither record nor source says: the only cluster that is configured, else `default`. */
  readonly fallback: string;
}

/** Nothing configured. */
export const noClusterNames: ClusterNames = { aliases: {}, fallback: "default" };

/** The cluster shown for a record; `said` is its label or tag ("" and "unknown" say nothing). */
export function clusterName(said: string | undefined, sourceCluster: string | null, names: ClusterNames): string {
  const isSaid = said !== undefined && said !== "" && said !== "unknown";
  const cluster = isSaid ? said : (sourceCluster ?? names.fallback);
  return Object.hasOwn(names.aliases, cluster) ? (names.aliases[cluster] ?? cluster) : cluster;
}
