/** Rollouts from before anybody watched, read from the revisions a Deployment keeps as ReplicaSets. Called by cluster-state.ts. */

import { groupBy } from "../../telemetry/group-by.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { NamespacedName } from "../../telemetry/workload-source.js";
import type { ClusterObjects } from "../cluster-objects.js";
import { type KubeObject, specOf } from "../kube-object.js";
import { controllerOf } from "../ownership.js";
import { fieldsAt, textAt } from "../read-json.js";
import { aimsOf } from "./aim.js";
import { createdAt } from "./change-date.js";
import type { KeptChange } from "./change-keeper.js";
import { templateChanges } from "./rollout-kinds.js";

/**
 * One change per pair of neighbouring revisions within the window, dated by when the newer one's ReplicaSet was made. A rollback uses an old ReplicaSet
 * again, whose date is that of its first use: such a pair is left out.
 * @param firstToldMs when each Deployment (`namespace/name`) was first told; from then on its own changes tell
 */
export function rolloutHistory(
  objects: ClusterObjects,
  firstToldMs: ReadonlyMap<string, number>,
  names: readonly NamespacedName[],
  window: TimeWindow,
): readonly KeptChange[] {
  const namespaces = new Set(names.map(({ namespace }) => namespace));
  return [...namespaces].flatMap((namespace) => {
    const byOwner = groupBy(objects.list("apps/ReplicaSet", namespace), (set) => controllerOf(set)?.name ?? "");
    return [...byOwner].flatMap(([name, sets]) => {
      const beforeMs = firstToldMs.get(`${namespace}/${name}`);
      return beforeMs === undefined
        ? []
        : historyOf({ namespace, name }, sets, { ...window, toMs: Math.min(window.toMs, beforeMs - 1) }, objects);
    });
  });
}

function historyOf(
  { namespace, name }: NamespacedName,
  sets: readonly KubeObject[],
  { fromMs, toMs }: TimeWindow,
  objects: ClusterObjects,
): readonly KeptChange[] {
  const ordered = sets
    .flatMap((set) => {
      const revision = Number(textAt(set.fields, "metadata", "annotations", "deployment.kubernetes.io/revision"));
      return Number.isInteger(revision) && revision > 0 ? [{ set, revision, madeAtMs: createdAt(set) }] : [];
    })
    .sort((a, b) => a.revision - b.revision);
  return ordered.flatMap(({ set, revision, madeAtMs }, index): readonly KeptChange[] => {
    const previous = ordered[index - 1];
    if (previous === undefined || madeAtMs === null || madeAtMs <= fromMs || madeAtMs > toMs) return [];
    if (previous.madeAtMs !== null && previous.madeAtMs > madeAtMs) return [];
    const sentences = templateChanges(templateOf(previous.set), templateOf(set));
    if (sentences.length === 0) return [];
    const cause = textAt(set.fields, "metadata", "annotations", "kubernetes.io/change-cause");
    const detail = `revision ${revision}${cause === null ? "" : `: ${cause}`}`;
    const facts = { key: null, atMs: madeAtMs, firstMs: madeAtMs, kind: "Deployment", namespace, name };
    return [{ ...facts, summary: sentences.join("; "), detail, aims: aimsOf(set, objects) }];
  });
}

/** Without the label that tells ReplicaSets apart. */
function templateOf(set: KubeObject): Readonly<Record<string, unknown>> {
  const template = fieldsAt(specOf(set), "template");
  const { "pod-template-hash": _, ...labels } = fieldsAt(template, "metadata", "labels");
  return { ...template, metadata: { ...fieldsAt(template, "metadata"), labels } };
}
