/** The names by which the parts of a mesh are told apart. */
import type { MeshPod, MeshService, MeshWorkload } from "../../simulation/mesh-model.js";

/** A pod's name within the cluster. */
export function podKey({ name, workload }: MeshPod): string {
  return `${workload.namespace}/${name}`;
}

/** A workload's name within the cluster. */
export function workloadKey({ name, namespace }: MeshWorkload): string {
  return `${namespace}/${name}`;
}

/** A service's host and port. */
export function serviceKey({ host, port }: MeshService): string {
  return `${host}:${port}`;
}
