/** Rollouts from before anybody watched, read from the revisions a Deployment keeps as ReplicaSets. Called by cluster-state.ts. */
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
 * One change per pair of neighbouring revisions, dated by when the newer one's ReplicaSet was made. A rollback uses an old ReplicaSet
 * again, whose date is that of its first use: such a pair is left out.
 * @param firstToldMs when each Deployment (`namespace/name`) was first told; from then on its own changes tell
 */
export function rolloutHistory(
  objects: ClusterObjects,
  firstToldMs: ReadonlyMap<string, number>,
  names: readonly NamespacedName[],
): readonly KeptChange[] {
  const namespaces = new Set(names.map(({ namespace }) => namespace));
  return [...namespaces].flatMap((namespace) => {
    const byDeployment = new Map<string, KubeObject[]>();
    for (const set of objects.list("apps/ReplicaSet", namespace)) {
      const owner = controllerOf(set);
      if (owner?.kind !== "apps/Deployment") continue;
      const sets = byDeployment.get(owner.name) ?? [];
      byDeployment.set(owner.name, [...sets, set]);
    }
    return [...byDeployment].flatMap(([name, sets]) => {
      const beforeMs = firstToldMs.get(`${namespace}/${name}`);
      return beforeMs === undefined ? [] : historyOf(name, namespace, sets, beforeMs, objects);
    });
  });
}

function historyOf(
  name: string,
  namespace: string,
  sets: readonly KubeObject[],
  beforeMs: number,
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
    if (previous === undefined || madeAtMs === null || madeAtMs >= beforeMs) return [];
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
