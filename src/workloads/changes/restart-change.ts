/** A container that ended and was started again: Kubernetes writes no Event of its own for that. Called by cluster-state.ts. */
import type { ClusterObjects } from "../cluster-objects.js";
import { endOf } from "../health/container-problem.js";
import { type KubeObject, labelsOf } from "../kube-object.js";
import { ownerOf } from "../ownership.js";
import { instantAt, listAt, numberAt, textAt } from "../read-json.js";
import { counted } from "../say.js";
import type { KeptChange } from "./change-keeper.js";

/**
 * Restarts between two versions of a pod, told under its workload; one change per pod and container, renewed with each restart.
 * @param before null for a pod seen the first time: its last restart is told, dated by when the container ended
 */
export function restartChanges(
  before: KubeObject | null,
  after: KubeObject,
  objects: ClusterObjects,
  noticedAtMs: number,
): readonly KeptChange[] {
  const { namespace } = after;
  if (namespace === null) return [];
  return listAt(after.fields, "status", "containerStatuses").flatMap((status): readonly KeptChange[] => {
    const restarts = numberAt(status, "restartCount") ?? 0;
    const name = textAt(status, "name") ?? "?";
    const known = listAt(before?.fields, "status", "containerStatuses").find((one) => textAt(one, "name") === name);
    if (restarts === 0 || restarts <= (numberAt(known, "restartCount") ?? 0)) return [];
    const endedAtMs = instantAt(status, "lastState", "terminated", "finishedAt");
    // A first look tells nothing about a restart without a date.
    if (before === null && endedAtMs === null) return [];
    const atMs = Math.min(endedAtMs ?? noticedAtMs, noticedAtMs);
    const owner = ownerOf(after, objects);
    const end = endOf(status, "lastState");
    return [
      {
        key: `restart ${namespace}/${after.name} ${name}`,
        atMs,
        firstMs: atMs,
        kind: owner.kind,
        namespace,
        name: owner.name,
        summary: `container ${name} restarted${end === null ? "" : ` after ${end}`}, ${counted(restarts, "restart")} so far`,
        detail: `seen at Pod ${after.name}`,
        aims: [{ at: "pods", namespace, labels: labelsOf(after) }],
      },
    ];
  });
}
