/** Objectives of files and of objects of clusters, as they are now. Used by open-alerting.ts. */
import type { Logger } from "pino";
import { formatFinding } from "../slo/finding.js";
import { objectiveId } from "../slo/objective.js";
import type { DeclaredObjective } from "../slo/readers/declared-objective.js";
import { readObjectiveObjects } from "../slo/readers/read-objective-objects.js";
import type { FollowedObjectives } from "../sources/kubernetes/follow-objectives.js";
import type { KubernetesSource } from "../sources/kubernetes/kubernetes-source.js";

/** All objectives. */
export interface DeclaredNow {
  /** Those of files first; another list when they are others. */
  list(): readonly DeclaredObjective[];
  /** Whether one that is not in the list is gone. */
  isComplete(): boolean;
  /** What is wrong with objects, in words; the last good form of each is in force. */
  problems(): readonly string[];
}

/** A source with its objects of now. */
interface Followed {
  readonly cluster: string | null;
  now: FollowedObjectives | null;
  good: ReadonlyMap<string, string>;
}

/**
 * Follows the clusters that are to be read. `onChange` is told when the objectives are others.
 * Names of files win over names of objects, and an earlier cluster over a later one.
 */
export function declaredNow(
  ofFiles: readonly DeclaredObjective[],
  sources: readonly Pick<KubernetesSource, "name" | "cluster" | "followObjectives">[],
  { logger, onChange }: { readonly logger: Logger; readonly onChange: () => void },
): DeclaredNow {
  const followed = new Map<string, Followed>();
  let list: readonly DeclaredObjective[] = ofFiles;
  let problems: readonly string[] = [];
  let seen = "";

  function read(): void {
    const objectives = [...ofFiles];
    const known = new Set(objectives.map(({ objective }) => objective.id));
    const found: string[] = [];
    for (const [name, one] of followed) {
      if (one.now === null) continue;
      const texts = one.now.objects.map((object) => ({
        file: [object.kind, object.namespace ?? "", object.name].join("/"),
        text: JSON.stringify(object.fields),
      }));
      const outcome = readObjectiveObjects(
        texts.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
        one.good,
      );
      one.good = outcome.good;
      found.push(...outcome.findings.map((finding) => `${name}: ${formatFinding(finding)}`));
      found.push(...one.now.forbidden.map((kind) => `${name}: ${kind} may not be read: apply the shipped ClusterRole`));
      for (const declared of outcome.objectives.map((each) => inCluster(each, one.cluster))) {
        const { id, origin, name: slo } = declared.objective;
        if (known.has(id)) {
          found.push(
            `${name}: ${origin.file}: error SLO_DUPLICATE: ${slo} is an objective of another file or object already`,
          );
          continue;
        }
        known.add(id);
        objectives.push(declared);
      }
    }
    const shown = JSON.stringify(objectives);
    if (found.join("\n") !== problems.join("\n")) for (const problem of found) logger.warn(problem);
    problems = found;
    if (shown === seen) return;
    seen = shown;
    list = objectives;
    onChange();
  }

  for (const source of sources) {
    const one: Followed = { cluster: source.cluster, now: null, good: new Map() };
    followed.set(source.name, one);
    let isDue = false;
    source.followObjectives((now) => {
      one.now = now;
      if (isDue) return;
      isDue = true;
      // Lists come object by object: they are read once per turn of the loop.
      setImmediate(() => {
        isDue = false;
        read();
      });
    });
  }
  return {
    list: () => list,
    isComplete: () => [...followed.values()].every(({ now }) => now?.isComplete === true),
    problems: () => problems,
  };
}

/** The same object in two clusters is two objectives. */
function inCluster({ objective, names }: DeclaredObjective, cluster: string | null): DeclaredObjective {
  if (cluster === null || objective.service.cluster !== null) return { objective, names };
  const service = { ...objective.service, cluster };
  return { objective: { ...objective, service, id: objectiveId(service, objective.name) }, names };
}
