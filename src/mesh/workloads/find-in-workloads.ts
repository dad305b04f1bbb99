/** Whether Kubernetes has a Service of a name. Called by createMesh. */
import type { CallOptions } from "../../telemetry/source.js";
import type { MeshService, ServiceRefInput } from "../mesh.js";
import { chooseService } from "../metrics/find-services.js";
import { askSources } from "../pillar.js";
import { clusterOf, type WorkloadDeps } from "./workload-deps.js";

/**
 * @returns the service, and whether a null is certain: every source said no
 * @throws MESHLENS_ERR_QUERY_INPUT when the cluster is left out and several clusters have such a Service
 */
export async function findInWorkloads(
  wanted: ServiceRefInput,
  { workloadSources, clock, clusters }: WorkloadDeps,
  options: CallOptions,
): Promise<{ readonly service: MeshService | null; readonly isCertain: boolean }> {
  if (workloadSources.length === 0) return { service: null, isCertain: true };
  const asked = await askSources(workloadSources, options, clock, (source, own) => source.services(own));
  const services = asked.answers.flatMap(({ source, value }) => {
    const cluster = clusterOf(source, clusters);
    return value.map((name) => ({ ref: { cluster, ...name }, mesh: null }));
  });
  const isCertain = asked.statuses.every(({ state }) => state === "OK");
  return { service: chooseService(services, wanted), isCertain };
}
