/** The changes near one service, out of answers about many, as the caller may see them. */
import type { ServiceRef } from "../../telemetry/service-ref.js";
import { strikeNames } from "../../telemetry/strike-names.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { WorkloadChange } from "../../telemetry/workload-source.js";
import type { ServiceChange } from "../mesh.js";

/** What one service's page may list. */
const maxChanges = 100;

/** Answers are read once however many services ask. */
const byService = new WeakMap<readonly WorkloadChange[], ReadonlyMap<string, readonly WorkloadChange[]>>();

/** Newest first, each once; one of a namespace the caller may not see says only that there was one. */
export function joinChanges(
  answers: readonly (readonly WorkloadChange[])[],
  ref: ServiceRef,
  visibility: Visibility,
): readonly ServiceChange[] {
  const key = `${ref.namespace}/${ref.name}`;
  const changes = answers.flatMap((answer) => indexed(answer).get(key) ?? []);
  return [...new Map(changes.map((change) => [change.id, change])).values()]
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, maxChanges)
    .map(({ services: _, ...change }) => (isVisible(change, visibility) ? struck(change, visibility) : hidden(change)));
}

/** What has no namespace is the cluster's. */
function isVisible({ namespace }: ServiceChange, visibility: Visibility): boolean {
  return canSee(visibility, namespace ?? "");
}

function struck(change: ServiceChange, visibility: Visibility): ServiceChange {
  const { summary, detail } = change;
  if (visibility.namespaces === "all") return change;
  return {
    ...change,
    summary: strikeNames(summary, visibility),
    detail: detail === null ? null : strikeNames(detail, visibility),
  };
}

function hidden(change: ServiceChange): ServiceChange {
  const summary = "changed in a namespace that you may not see";
  return { ...change, id: `${change.kind} ${change.atMs}`, namespace: null, name: "hidden", summary, detail: null };
}

function indexed(answer: readonly WorkloadChange[]): ReadonlyMap<string, readonly WorkloadChange[]> {
  const known = byService.get(answer);
  if (known !== undefined) return known;
  const index = new Map<string, WorkloadChange[]>();
  for (const change of answer) {
    for (const { namespace, name } of change.services) {
      const key = `${namespace}/${name}`;
      const list = index.get(key);
      if (list === undefined) index.set(key, [change]);
      else list.push(change);
    }
  }
  byService.set(answer, index);
  return index;
}
