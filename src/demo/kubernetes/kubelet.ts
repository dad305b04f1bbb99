/** Starts pods' processes, restarts those that are killed, and tells when they are ready. Called by the Deployments' controller. */
import { createRandom } from "../simulation/random.js";
import type { Timeline } from "../simulation/timeline.js";
import type { ChangingWorld } from "../simulation/world.js";
import type { PodState } from "./pod-state.js";
import type { ClusterEvent } from "./service-objects.js";

// How long things take in a small cluster whose images are there already.
const startsAfterMs = 1500;
const readyAfterMs = 2500;
/** Until Kubernetes has seen that a process is gone and every proxy has heard of it: calls still go there. */
const noticedAfterMs = 2000;
// The kubelet's own waits between restarts: none, then 10 s, doubling up to 5 min.
const firstBackoffMs = 10_000;
const longestBackoffMs = 300_000;

/** What the kubelet needs of the rest of the cluster. */
export interface KubeletDeps {
  readonly world: ChangingWorld;
  readonly timeline: Timeline;
  readonly seed: number;
  /** To be told after each change of a pod. */
  readonly onPodChange: (state: PodState, atMs: number) => void;
  readonly record: (state: PodState, event: Pick<ClusterEvent, "type" | "reason" | "message">, atMs: number) => void;
}

/** Runs pods: `run` takes one that was just created. */
export function createKubelet(deps: KubeletDeps): { run(state: PodState, atMs: number): void } {
  const { world, timeline, onPodChange, record } = deps;
  const random = createRandom(deps.seed, "kubelet");
  const isHere = (state: PodState): boolean => world.pods.get(state.pod.name) === state && state.deletedMs === null;

  function start(state: PodState, atMs: number): void {
    if (!isHere(state)) return;
    state.startedMs = atMs;
    state.isRunning = true;
    record(state, { type: "Normal", reason: "Started", message: `Started container ${state.pod.workload.app}` }, atMs);
    onPodChange(state, atMs);
    timeline.at(atMs + readyAfterMs, (readyMs) => becomeReady(state, atMs, readyMs));
    const crashesAfterMs = world.defect(state.pod.workload.image)?.crashesAfterMs;
    // Never later: with the time until it is noticed, a pod would be ready for long enough and its rollout would go on.
    if (crashesAfterMs !== undefined)
      timeline.at(atMs + crashesAfterMs * (0.8 + 0.2 * random.next()), (crashMs) => crash(state, crashMs));
  }

  function becomeReady(state: PodState, startedMs: number, atMs: number): void {
    if (!isHere(state) || state.startedMs !== startedMs) return;
    state.readyMs = atMs;
    state.isReady = true;
    onPodChange(state, atMs);
  }

  function crash(state: PodState, atMs: number): void {
    const startedMs = state.startedMs;
    if (!isHere(state) || startedMs === null) return;
    state.isRunning = false;
    state.startedMs = null;
    state.lastTermination = { startedMs, finishedMs: atMs };
    world.changed();
    timeline.at(atMs + noticedAfterMs, (noticedMs) => notice(state, noticedMs));
    const waitsMs = state.restarts === 0 ? 0 : firstBackoffMs * 2 ** (state.restarts - 1);
    const restartMs = atMs + noticedAfterMs + Math.min(waitsMs, longestBackoffMs) + 500;
    timeline.at(restartMs, (at) => {
      state.restarts += 1;
      start(state, at);
    });
  }

  function notice(state: PodState, atMs: number): void {
    if (!isHere(state)) return;
    state.readyMs = null;
    state.isReady = false;
    const { app, namespace } = state.pod.workload;
    const probe = `Readiness probe failed: Get "http://${state.pod.ip}:9080/health": connect: connection refused`;
    const backOff = `Back-off restarting failed container ${app} in pod ${state.pod.name}_${namespace}`;
    record(state, { type: "Warning", reason: "Unhealthy", message: probe }, atMs);
    record(state, { type: "Warning", reason: "BackOff", message: backOff }, atMs);
    onPodChange(state, atMs);
  }

  return { run: (state, atMs) => timeline.at(atMs + startsAfterMs, (at) => start(state, at)) };
}
