/** A simulated pod through its life. Changed by the kubelet and the Deployments' controller, read by the world and by the objects' writers. */
import type { MeshPod } from "../simulation/mesh-model.js";
import type { WorldPod } from "../simulation/world.js";

/** How the application's process ended the last time. */
export interface Termination {
  readonly startedMs: number;
  readonly finishedMs: number;
}

/** A pod: what callers' proxies know of it (`isReady`), what is true of its process (`isRunning`) and what Kubernetes tells. */
export interface PodState extends WorldPod {
  readonly pod: MeshPod;
  /** `pod-template-hash` */
  readonly hash: string;
  readonly createdMs: number;
  /** Start of the process; null before the first. */
  startedMs: number | null;
  /** Since when Kubernetes holds it ready; null while it does not. */
  readyMs: number | null;
  restarts: number;
  lastTermination: Termination | null;
  /** Since when it is being deleted. */
  deletedMs: number | null;
}

/** A pod that has just been created. */
export function createdPod(pod: MeshPod, hash: string, createdMs: number): PodState {
  return {
    pod,
    hash,
    createdMs,
    startedMs: null,
    readyMs: null,
    restarts: 0,
    lastTermination: null,
    deletedMs: null,
    isReady: false,
    isRunning: false,
  };
}
