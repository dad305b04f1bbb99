/** What the readers of workloads are made of, and which source is asked about which service. */
import type { Clock } from "../../telemetry/clock.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { WorkloadSource } from "../../telemetry/workload-source.js";
import { isSameService } from "../evidence/evidence-deps.js";
import { type ClusterNames, clusterName } from "../identity/cluster-name.js";

/** Made once per mesh. */
export interface WorkloadDeps {
  readonly workloadSources: readonly WorkloadSource[];
  readonly clock: Clock;
  readonly clusters: ClusterNames;
}

/** The cluster a source reads. */
export function clusterOf({ cluster }: WorkloadSource, clusters: ClusterNames): string {
  return clusterName(undefined, cluster, clusters);
}

/** The sources that read a service's cluster. */
export function sourcesFor(ref: ServiceRef, { workloadSources, clusters }: WorkloadDeps): readonly WorkloadSource[] {
  return workloadSources.filter((source) =>
    isSameService(ref, { ...ref, cluster: clusterOf(source, clusters) }, clusters),
  );
}
