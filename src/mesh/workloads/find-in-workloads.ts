/** Whether Kubernetes has a Service of a name. Called by createMesh. */
import { once } from "../../telemetry/once.js";
import { callOptions } from "../evidence/evidence-deps.js";
import type { MeshService, ReadContext, ServiceRefInput } from "../mesh.js";
import { chooseService } from "../metrics/find-services.js";
import { askSources } from "../pillar.js";
import { clusterOf, type WorkloadDeps } from "./workload-deps.js";

/** The service, and whether a null is certain: every source said no. */
export interface FoundInWorkloads {
  readonly service: MeshService | null;
  readonly isCertain: boolean;
}

/**
 * Looks names up for one request, which asks each source once for all of them.
 * @throws MESHLENS_ERR_QUERY_INPUT when the cluster is left out and several clusters have such a Service
 */
export function createFindInWorkloads(
  { workloadSources, clock, clusters }: WorkloadDeps,
  context: ReadContext,
): (wanted: ServiceRefInput) => Promise<FoundInWorkloads> {
  const known = once(async () => {
    const asked = await askSources(workloadSources, callOptions(context), clock, (source, own) => source.services(own));
    const services = asked.answers.flatMap(({ source, value }) => {
      const cluster = clusterOf(source, clusters);
      return value.map((name) => ({ ref: { cluster, ...name }, mesh: null }));
    });
    return { services, isCertain: asked.statuses.every(({ state }) => state === "OK") };
  });
  return async (wanted) => {
    const { services, isCertain } = await known();
    return { service: chooseService(services, wanted), isCertain };
  };
}
