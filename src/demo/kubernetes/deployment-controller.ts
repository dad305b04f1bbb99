/**
 * Keeps the pods each Deployment wishes for: rolls out a new template one pod at a time, goes back to an old one, stops where the new pods
 * never become available. Writes the objects of all it does. Called by the cluster.
 */
import { type DeploymentDefinition, deploymentKey } from "../simulation/mesh-definition.js";
import type { MeshService, MeshWorkload } from "../simulation/mesh-model.js";
import { podOf, templateHash } from "../simulation/pod-names.js";
import type { Timeline } from "../simulation/timeline.js";
import type { ChangingWorld } from "../simulation/world.js";
import { type DeploymentProgress, deploymentObject, podObject, replicaSetObject } from "./deployment-objects.js";
import { createEventRecorder } from "./event-recorder.js";
import { createKubelet } from "./kubelet.js";
import type { ObjectStore, Writer } from "./object-store.js";
import { createdPod, type PodState } from "./pod-state.js";
import { type ClusterEvent, endpointSliceObject } from "./service-objects.js";

const terminationMs = 2000;
const progressDeadlineMs = 600_000;
const controller: Writer = { manager: "kube-controller-manager" };
const controllerStatus: Writer = { manager: "kube-controller-manager", subresource: "status" };
const kubeletStatus: Writer = { manager: "kubelet", subresource: "status" };

interface Revision {
  readonly workload: MeshWorkload;
  readonly hash: string;
  number: number;
}

interface Held {
  definition: DeploymentDefinition;
  generation: number;
  readonly createdMs: number;
  revision: Revision;
  readonly revisions: Map<string, Revision>;
  progressedMs: number;
  bestUpdated: number;
}

/** What the controller works on. */
export interface ControllerDeps {
  readonly world: ChangingWorld;
  readonly timeline: Timeline;
  readonly store: ObjectStore;
  readonly seed: number;
}

/** The controller of all Deployments. */
export interface DeploymentController {
  /** Deployments that have been there since `createdMs`, all their pods ready. */
  adopt(definitions: Iterable<DeploymentDefinition>, createdMs: number, atMs: number): void;
  /** A Deployment is wished otherwise than it is. */
  update(definition: DeploymentDefinition, writer: Writer, atMs: number): void;
}

/** A controller without Deployments. */
export function createDeploymentController(deps: ControllerDeps): DeploymentController {
  const { world, timeline, store } = deps;
  const held = new Map<string, Held>();
  const pods = new Map<string, PodState[]>();
  const tell = createEventRecorder(store, timeline);
  let ordinal = 0;

  const podsOf = (key: string): readonly PodState[] => pods.get(key) ?? [];
  const living = (key: string): readonly PodState[] => podsOf(key).filter((state) => state.deletedMs === null);

  const kubelet = createKubelet({
    world,
    timeline,
    seed: deps.seed,
    record: (state, event, atMs) => {
      const { namespace } = state.pod.workload;
      const uid = store.uidOf("Pod", namespace, state.pod.name);
      const about = { kind: "Pod", namespace, name: state.pod.name, uid };
      tell({ ...about, ...event, component: "kubelet" }, atMs);
    },
    onPodChange: (state, atMs) => {
      writePod(state, atMs, kubeletStatus);
      progress(deploymentKey(state.pod.workload), atMs);
    },
  });

  function addPod(one: Held, createdMs: number): PodState {
    const { workload, hash } = one.revision;
    const state = createdPod(podOf(workload, ordinal++), hash, createdMs);
    const key = deploymentKey(workload);
    pods.set(key, [...podsOf(key), state]);
    world.pods.set(state.pod.name, state);
    return state;
  }

  function deletePod(key: string, state: PodState, atMs: number): void {
    state.deletedMs = atMs;
    state.isReady = false;
    writePod(state, atMs, controller);
    timeline.at(atMs + terminationMs, (goneMs) => {
      pods.set(
        key,
        podsOf(key).filter((other) => other !== state),
      );
      world.pods.delete(state.pod.name);
      world.changed();
      store.remove("Pod", state.pod.workload.namespace, state.pod.name, goneMs);
      writeEndpoints(state.pod.workload.service, goneMs);
    });
  }

  /** As far as a rollout may go now: one pod more than wished, none fewer available. */
  function progress(key: string, atMs: number): void {
    const one = held.get(key);
    if (one === undefined) return;
    const wished = one.definition.replicas;
    for (const state of living(key)) {
      const isOld = state.hash !== one.revision.hash;
      const available = living(key).filter((other) => isAvailable(one, other, atMs)).length;
      if (isOld && (!isAvailable(one, state, atMs) || available > wished)) {
        scaled(one, state.hash, "down", atMs);
        deletePod(key, state, atMs);
      }
    }
    const ours = living(key).filter((state) => state.hash === one.revision.hash).length;
    if (ours < wished && living(key).length <= wished) {
      const state = addPod(one, atMs);
      scaled(one, state.hash, "up", atMs);
      writeDeployment(one, atMs);
      writePod(state, atMs, controller);
      kubelet.run(state, atMs);
    }
    world.changed();
    for (const state of living(key)) writeEndpoints(state.pod.workload.service, atMs);
    writeDeployment(one, atMs);
    const minReadyMs = (one.definition.minReadySeconds ?? 0) * 1000;
    for (const state of living(key))
      if (minReadyMs > 0 && state.readyMs !== null && state.readyMs + minReadyMs > atMs)
        timeline.at(state.readyMs + minReadyMs, (laterMs) => progress(key, laterMs));
  }

  function scaled(one: Held, hash: string, direction: "up" | "down", atMs: number): void {
    const { name, namespace } = one.definition.workload;
    const count = living(`${namespace}/${name}`).filter((state) => state.hash === hash).length;
    const [from, to] = direction === "up" ? [count - 1, count] : [count, count - 1];
    const event: ClusterEvent = {
      kind: "Deployment",
      namespace,
      name,
      uid: store.uidOf("Deployment", namespace, name),
      type: "Normal",
      reason: "ScalingReplicaSet",
      message: `Scaled ${direction} replica set ${name}-${hash} from ${from} to ${to}`,
      component: "deployment-controller",
    };
    tell(event, atMs);
  }

  function writeDeployment(one: Held, atMs: number, writer: Writer = controllerStatus): void {
    const { workload } = one.definition;
    const key = deploymentKey(workload);
    const now = progressOf(one, living(key), atMs);
    if (now.updated > one.bestUpdated) {
      one.bestUpdated = now.updated;
      one.progressedMs = atMs;
    }
    const told: DeploymentProgress = { ...now, progressedMs: one.progressedMs };
    const body = deploymentObject(one.definition, one.revision.number, one.generation, told, atMs);
    store.put(body, atMs, writer, one.createdMs);
    const uid = store.uidOf("Deployment", workload.namespace, workload.name);
    for (const revision of one.revisions.values()) {
      const own = living(key).filter((state) => state.hash === revision.hash);
      const counts = {
        wished: own.length,
        present: own.length,
        ready: own.filter((state) => state.readyMs !== null).length,
        available: own.filter((state) => isAvailable(one, state, atMs)).length,
      };
      const set = replicaSetObject(revision.workload, revision.hash, revision.number, counts, uid);
      store.put(set, atMs, controller, revision.number === 1 ? one.createdMs : atMs);
    }
  }

  function writePod(state: PodState, atMs: number, writer: Writer): void {
    const { workload } = state.pod;
    const uid = store.uidOf("ReplicaSet", workload.namespace, `${workload.name}-${state.hash}`);
    store.put(podObject(state, uid), atMs, writer, state.createdMs);
  }

  function writeEndpoints(service: MeshService | null, atMs: number, createdMs = atMs): void {
    if (service === null) return;
    const behind = [...pods.values()].flat().filter((state) => state.pod.workload.service === service);
    const uidOf = (state: PodState): string => store.uidOf("Pod", service.namespace, state.pod.name);
    const body = endpointSliceObject(service, behind, uidOf, store.uidOf("Service", service.namespace, service.name));
    store.put(body, atMs, controller, createdMs);
  }

  function adoptOne(definition: DeploymentDefinition, createdMs: number, atMs: number): void {
    const { workload } = definition;
    const revision: Revision = { workload, hash: templateHash(workload), number: 1 };
    const one: Held = {
      definition,
      generation: 1,
      createdMs,
      revision,
      revisions: new Map([[revision.hash, revision]]),
      progressedMs: createdMs,
      bestUpdated: definition.replicas,
    };
    held.set(deploymentKey(workload), one);
    for (let replica = 0; replica < definition.replicas; replica += 1) {
      const state = addPod(one, createdMs);
      Object.assign(state, { startedMs: createdMs + 1500, readyMs: createdMs + 4000, isReady: true, isRunning: true });
    }
    writeDeployment(one, atMs, { manager: "kubectl-client-side-apply" });
    for (const state of podsOf(deploymentKey(workload))) writePod(state, atMs, kubeletStatus);
  }

  return {
    adopt: (definitions, createdMs, atMs) => {
      const services = new Set<MeshService | null>();
      for (const definition of definitions) {
        adoptOne(definition, createdMs, atMs);
        services.add(definition.workload.service);
      }
      for (const service of services) writeEndpoints(service, atMs, createdMs);
      world.changed();
    },
    update: (definition, writer, atMs) => {
      const key = deploymentKey(definition.workload);
      const one = held.get(key);
      if (one === undefined) throw new RangeError(`no Deployment ${key}`);
      const newest = Math.max(...[...one.revisions.values()].map((revision) => revision.number));
      const hash = templateHash(definition.workload);
      const revision = one.revisions.get(hash) ?? { workload: definition.workload, hash, number: 0 };
      revision.number = newest + 1;
      one.revisions.set(hash, revision);
      Object.assign(one, { definition, revision, generation: one.generation + 1, progressedMs: atMs });
      one.bestUpdated = living(key).filter((state) => state.hash === hash).length;
      writeDeployment(one, atMs, writer);
      progress(key, atMs);
      timeline.at(atMs + progressDeadlineMs, (laterMs) => progress(key, laterMs));
    },
  };
}

function isAvailable(one: Held, state: PodState, atMs: number): boolean {
  return state.readyMs !== null && state.readyMs + (one.definition.minReadySeconds ?? 0) * 1000 <= atMs;
}

function progressOf(one: Held, living: readonly PodState[], atMs: number): DeploymentProgress {
  const updated = living.filter((state) => state.hash === one.revision.hash);
  return {
    replicas: living.length,
    updated: updated.length,
    ready: living.filter((state) => state.readyMs !== null).length,
    available: living.filter((state) => isAvailable(one, state, atMs)).length,
    progressedMs: one.progressedMs,
    isDone:
      updated.length === living.length &&
      updated.filter((state) => isAvailable(one, state, atMs)).length >= one.definition.replicas,
  };
}
