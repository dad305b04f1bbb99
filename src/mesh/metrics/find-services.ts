/** Which services the metrics know: the list, one by reference, and whether a "no" is certain. */
import { MeshlensError } from "../../errors.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import { compareServiceRefs, type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { MeshService, ServiceRefInput, ServiceSelection } from "../mesh.js";
import type { Asked } from "../pillar.js";
import { isGateway } from "./place-node.js";
import type { IndexedService, ServiceIndex } from "./service-index.js";

/** Every node of a list asks about the same answers. */
const joinedServices = new WeakMap<object, ReadonlyMap<string, IndexedService>>();

/** Services of all sources, each once; of two sources' word the one with measures counts. */
export function joinServices(
  answers: Asked<MetricSource, ServiceIndex>["answers"],
): ReadonlyMap<string, IndexedService> {
  const known = joinedServices.get(answers);
  if (known !== undefined) return known;
  const services = new Map<string, IndexedService>();
  joinedServices.set(answers, services);
  for (const { value } of answers) {
    for (const [key, service] of value.services) {
      const other = services.get(key);
      services.set(key, other === undefined ? service : joined(other, service));
    }
  }
  return services;
}

/** The services of a list: visible, selected, sorted; gateways only where they are called themselves. */
export function listed(
  services: Iterable<IndexedService>,
  selection: ServiceSelection,
  visibility: Visibility,
): readonly MeshService[] {
  return [...services]
    .map(({ ref, dialect }) => ({ ref, mesh: dialect?.kind ?? null }))
    .filter((service) => canSee(visibility, service.ref.namespace) && isSelected(service, selection))
    .filter(({ ref, mesh }) => mesh !== null || !isGateway(ref.name, ref.namespace))
    .sort((a, b) => compareServiceRefs(a.ref, b.ref));
}

/** Whether all conditions of a selection hold for a service. */
export function isSelected({ ref, mesh }: MeshService, selection: ServiceSelection): boolean {
  const { clusters, namespaces, nameContains, meshes } = selection;
  return (
    (clusters === null || clusters.includes(ref.cluster)) &&
    (namespaces === null || namespaces.includes(ref.namespace)) &&
    (nameContains === null || ref.name.toLowerCase().includes(nameContains.toLowerCase())) &&
    (meshes === null || (mesh !== null && meshes.includes(mesh)))
  );
}

/**
 * The service a reference means; null when none has that name.
 * @throws MESHLENS_ERR_QUERY_INPUT when the cluster is left out and several clusters have such a service
 */
export function chooseService(
  services: Iterable<{ readonly ref: ServiceRef; readonly mesh: MeshService["mesh"] }>,
  wanted: ServiceRefInput,
): MeshService | null {
  const found = new Map<string, MeshService>();
  for (const { ref, mesh } of services) {
    if (ref.namespace !== wanted.namespace || ref.name !== wanted.name) continue;
    if (wanted.cluster !== null && ref.cluster !== wanted.cluster) continue;
    found.set(serviceKey(ref), { ref, mesh });
  }
  if (found.size > 1) {
    const clusters = [...found.values()].map(({ ref }) => ref.cluster).sort();
    throw new MeshlensError(
      "MESHLENS_ERR_QUERY_INPUT",
      `Service ${wanted.namespace}/${wanted.name} exists in several clusters; set ref.cluster to one of: ${clusters.join(", ")}.`,
      { at: "ref.cluster" },
    );
  }
  return [...found.values()][0] ?? null;
}

function joined(a: IndexedService, b: IndexedService): IndexedService {
  return {
    ref: a.ref,
    dialect: a.dialect ?? b.dialect,
    hasRequests: a.hasRequests || b.hasRequests,
    hasTcp: a.hasTcp || b.hasTcp,
  };
}
