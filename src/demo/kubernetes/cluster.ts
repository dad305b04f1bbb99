/** The simulated cluster: makes a mesh's state real as Kubernetes objects, and a new state by changing only what differs. Used by the simulation. */
import type { WatchEvent } from "../../workloads/watch-event.js";
import { manifestKey } from "../simulation/manifests.js";
import type { MeshDefinition, MeshState } from "../simulation/mesh-definition.js";
import type { Timeline } from "../simulation/timeline.js";
import type { ChangingWorld } from "../simulation/world.js";
import { createDeploymentController } from "./deployment-controller.js";
import { createObjectStore, type Writer } from "./object-store.js";
import { serviceObject } from "./service-objects.js";

const dayMs = 86_400_000;
/** How long everything has been there when a simulation begins. */
const establishedMs = 12 * dayMs;
const person: Writer = { manager: "kubectl-client-side-apply" };

/** What a cluster is made from. */
export interface ClusterDeps {
  readonly mesh: MeshDefinition;
  readonly world: ChangingWorld;
  readonly timeline: Timeline;
  readonly seed: number;
  readonly startMs: number;
  readonly onChange: (event: WatchEvent) => void;
}

/** A running cluster. */
export interface Cluster {
  /** Somebody applies a new state at once; what follows from it (rollouts) takes its time. */
  apply(state: MeshState, atMs: number): void;
  /** Every object as the API would give it now. */
  objects(): readonly unknown[];
}

/** A cluster in which the mesh has stood for days. */
export function createCluster(deps: ClusterDeps): Cluster {
  const { mesh, world, timeline, seed, startMs } = deps;
  const store = createObjectStore(deps.onChange);
  const controller = createDeploymentController({ world, timeline, store, seed });
  const createdMs = startMs - establishedMs;

  // The gateway has a Service too, though no call inside the mesh goes to it.
  const gateway = mesh.state.deployments.get(mesh.gateway)?.workload;
  if (gateway !== undefined) store.put(serviceObject({ ...gateway, port: 80 }), startMs, person, createdMs);
  for (const service of mesh.services) store.put(serviceObject(service), startMs, person, createdMs);
  for (const manifest of mesh.state.config.values()) store.put({ ...manifest }, startMs, person, createdMs);
  controller.adopt(mesh.state.deployments.values(), createdMs, startMs);

  return {
    apply: (state, atMs) => {
      const before = world.state;
      world.state = state;
      for (const [key, manifest] of before.config)
        if (!state.config.has(key))
          store.remove(manifest.kind, manifest.metadata.namespace, manifest.metadata.name, atMs);
      for (const manifest of state.config.values())
        if (before.config.get(manifestKey(manifest)) !== manifest) store.put({ ...manifest }, atMs, person);
      for (const [key, deployment] of state.deployments)
        if (JSON.stringify(before.deployments.get(key)) !== JSON.stringify(deployment))
          controller.update(deployment, person, atMs);
      world.changed();
    },
    objects: () => store.all(),
  };
}
