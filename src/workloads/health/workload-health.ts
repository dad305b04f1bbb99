/** How one workload is: its own status and its pods together. Called by service-health.ts. */
import type { WorkloadCondition, WorkloadHealth } from "../../telemetry/workload-source.js";
import type { OwnedWorkload } from "../ownership.js";
import { listAt, numberAt, textAt, valueAt } from "../read-json.js";
import { counted, oneLine } from "../say.js";
import { type PodFacts, podFacts } from "./pod-health.js";
import { gravities, type Problem } from "./problem.js";
import { isProxyContainer } from "./sidecar.js";

/** A workload's health and its problems as whole sentences. */
export interface WorkloadFacts {
  readonly health: WorkloadHealth;
  readonly problems: readonly Problem[];
}

/** Reads a workload. Its status counts unless it is older than its specification or missing; then its pods are counted. */
export function workloadFacts(workload: OwnedWorkload, nowMs: number): WorkloadFacts {
  const { kind, name, object } = workload;
  const pods = workload.pods
    .map((pod) => podFacts(pod, nowMs))
    .sort((a, b) => (a.health.name < b.health.name ? -1 : 1));
  const readyPods = pods.filter(({ health }) => health.isReady).length;
  const desired = desiredOf(workload);
  const isCurrent = hasCurrentStatus(workload);
  const [ready, available] = isCurrent ? countsOf(workload) : [readyPods, object === null ? null : readyPods];
  const conditions = object === null ? [] : conditionsOf(object.fields);
  const health: WorkloadHealth = {
    kind,
    name,
    desired,
    ready,
    available,
    restarts: pods.reduce((sum, pod) => sum + pod.health.restarts, 0),
    images: imagesOf(workload),
    conditions,
    pods: pods.map((pod) => pod.health),
  };
  const problems = [...missing(health), ...stuck(health), ...podProblems(name, pods)];
  return { health, problems: problems.sort((a, b) => gravities.indexOf(a.gravity) - gravities.indexOf(b.gravity)) };
}

function desiredOf({ kind, object, pods }: OwnedWorkload): number | null {
  if (object === null) return null;
  if (kind === "Pod") return pods.length;
  if (kind === "DaemonSet") return numberAt(object.fields, "status", "desiredNumberScheduled");
  // Absent means one: the API server fills it in, hand-written objects may not.
  return numberAt(object.fields, "spec", "replicas") ?? 1;
}

function hasCurrentStatus({ kind, object }: OwnedWorkload): boolean {
  if (object === null || kind === "Pod" || valueAt(object.fields, "status") === undefined) return false;
  const generation = numberAt(object.fields, "metadata", "generation") ?? 0;
  return (numberAt(object.fields, "status", "observedGeneration") ?? generation) >= generation;
}

/** Ready and available; Kubernetes leaves zeros out. */
function countsOf({ kind, object }: OwnedWorkload): readonly [number, number] {
  const status = (key: string) => numberAt(object?.fields, "status", key) ?? 0;
  return kind === "DaemonSet"
    ? [status("numberReady"), status("numberAvailable")]
    : [status("readyReplicas"), status("availableReplicas")];
}

function conditionsOf(fields: unknown): readonly WorkloadCondition[] {
  return listAt(fields, "status", "conditions").flatMap((one) => {
    const type = textAt(one, "type");
    const status = textAt(one, "status");
    if (type === null || status === null) return [];
    return [{ type, status, reason: textAt(one, "reason"), message: textAt(one, "message") }];
  });
}

function imagesOf({ object, pods }: OwnedWorkload): readonly string[] {
  const template = listAt(object?.fields, "spec", "template", "spec", "containers");
  const containers = template.length > 0 ? template : pods.flatMap((pod) => listAt(pod.fields, "spec", "containers"));
  const images = containers.flatMap((one) =>
    isProxyContainer(textAt(one, "name") ?? "") ? [] : (textAt(one, "image") ?? []),
  );
  return [...new Set(images)].sort();
}

function missing({ name, desired, ready }: WorkloadHealth): readonly Problem[] {
  if (desired === null || ready >= desired) return [];
  const gravity = ready === 0 ? "down" : "weak";
  return [{ gravity, text: `${name}: ${ready} of ${counted(desired, "instance")} ready` }];
}

function stuck({ name, conditions }: WorkloadHealth): readonly Problem[] {
  return conditions.flatMap(({ type, status, reason, message }): readonly Problem[] => {
    const why = message ?? reason;
    const tail = why === null ? "" : `: ${oneLine(why)}`;
    if (type === "ReplicaFailure" && status === "True") {
      return [{ gravity: "broken", text: `${name}: its pods cannot be made${tail}` }];
    }
    const isStuck = type === "Progressing" && status === "False" && reason === "ProgressDeadlineExceeded";
    return isStuck ? [{ gravity: "broken", text: `${name}: its rollout is stuck${tail}` }] : [];
  });
}

/** Pods with the same problem are told once. */
function podProblems(workload: string, pods: readonly PodFacts[]): readonly Problem[] {
  const groups = new Map<string, { readonly problem: Problem; readonly names: string[] }>();
  for (const { health, problems } of pods) {
    for (const problem of problems) {
      const group = groups.get(problem.text) ?? { problem, names: [] };
      group.names.push(health.name);
      groups.set(problem.text, group);
    }
  }
  return [...groups.values()].map(({ problem: { gravity, text }, names }) => ({
    gravity,
    text: names.length === 1 ? `${names[0]}: ${text}` : `${workload}, ${counted(names.length, "pod")}: ${text}`,
  }));
}
