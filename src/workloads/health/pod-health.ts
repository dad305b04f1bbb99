/** How one pod is. Called by workload-health.ts. */
import type { PodHealth } from "../../telemetry/workload-source.js";
import type { KubeObject } from "../kube-object.js";
import { instantAt, listAt, numberAt, textAt, valueAt } from "../read-json.js";
import { ago, oneLine } from "../say.js";
import { containerProblem } from "./container-problem.js";
import type { Problem } from "./problem.js";

/** A pod's health with the reasons in order of gravity kept apart from their words. */
export interface PodFacts {
  readonly health: PodHealth;
  readonly problems: readonly Problem[];
}

/** A start may take this long before it is a reason. */
const startMs = 60_000;

/** A failed pod is a reason for this long. */
const failedMs = 600_000;

/** Reads a pod. One that is being deleted has no problems: it is meant to go. */
export function podFacts(pod: KubeObject, nowMs: number): PodFacts {
  const { fields } = pod;
  const isLeaving = textAt(fields, "metadata", "deletionTimestamp") !== null;
  const phase = textAt(fields, "status", "phase") ?? "Unknown";
  const problems = isLeaving ? [] : problemsOf(pod, phase, nowMs);
  const isReady = !isLeaving && textAt(conditionOf(fields, "Ready"), "status") === "True";
  const restarts = statusesOf(fields).reduce<number>((sum, one) => sum + (numberAt(one, "restartCount") ?? 0), 0);
  const health = {
    name: pod.name,
    phase: isLeaving ? "Terminating" : phase,
    isReady,
    restarts,
    node: textAt(fields, "spec", "nodeName"),
    startedAtMs: instantAt(fields, "status", "startTime"),
    reasons: problems.map(({ text }) => text),
  };
  return { health, problems };
}

function problemsOf({ fields }: KubeObject, phase: string, nowMs: number): readonly Problem[] {
  const ready = conditionOf(fields, "Ready");
  if (phase === "Failed") {
    // Kubernetes keeps failed pods long after others took their place.
    const failedAtMs = instantAt(ready, "lastTransitionTime") ?? instantAt(fields, "status", "startTime");
    if (failedAtMs !== null && nowMs - failedAtMs > failedMs) return [];
    const reason = textAt(fields, "status", "reason");
    const message = textAt(fields, "status", "message");
    const what = reason === "Evicted" ? "was evicted" : `failed${reason === null ? "" : `: ${reason}`}`;
    return [{ gravity: "broken", text: `${what}${message === null ? "" : `: ${oneLine(message)}`}` }];
  }
  const scheduled = conditionOf(fields, "PodScheduled");
  if (textAt(scheduled, "status") === "False") {
    const why = textAt(scheduled, "message") ?? textAt(scheduled, "reason");
    return [{ gravity: "broken", text: `cannot be scheduled${why === null ? "" : `: ${oneLine(why)}`}` }];
  }
  const containers = statusesOf(fields).flatMap((status) => containerProblem(status, nowMs) ?? []);
  if (containers.length > 0) return containers;
  const createdAtMs = instantAt(fields, "metadata", "creationTimestamp");
  if (phase === "Pending" && createdAtMs !== null && nowMs - createdAtMs > startMs) {
    return [{ gravity: "weak", text: `is pending, created ${ago(createdAtMs, nowMs)}` }];
  }
  if (phase === "Running" && textAt(ready, "status") === "False") {
    const reason = textAt(ready, "reason");
    return [{ gravity: "weak", text: `is not ready${reason === null ? "" : `: ${reason}`}` }];
  }
  return phase === "Unknown" ? [{ gravity: "weak", text: "is in an unknown state, its node may be lost" }] : [];
}

/** Containers and native sidecars; an init container that has done its work is neither. */
function statusesOf(fields: unknown): readonly unknown[] {
  const native = new Set(
    listAt(fields, "spec", "initContainers").flatMap((one) =>
      textAt(one, "restartPolicy") === "Always" ? (textAt(one, "name") ?? []) : [],
    ),
  );
  const isOver = (status: unknown) =>
    !native.has(textAt(status, "name") ?? "") && numberAt(status, "state", "terminated", "exitCode") === 0;
  const initial = listAt(fields, "status", "initContainerStatuses").filter(
    (status) => !isOver(status) && (native.has(textAt(status, "name") ?? "") || isStuck(status)),
  );
  return [...initial, ...listAt(fields, "status", "containerStatuses")];
}

function isStuck(status: unknown): boolean {
  return valueAt(status, "state", "running") === undefined;
}

function conditionOf(fields: unknown, type: string): unknown {
  return listAt(fields, "status", "conditions").find((one) => textAt(one, "type") === type);
}
