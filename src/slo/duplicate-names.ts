/** Names that two objectives of one service share, within a file or over several. Called by loadObjectives. */
import type { Finding } from "./finding.js";
import type { Objective } from "./objective.js";

/** One error for every objective but the first of its id, at the place it is written. */
export function duplicateNames(objectives: readonly Objective[]): readonly Finding[] {
  const first = new Map<string, Objective>();
  return objectives.flatMap((objective): readonly Finding[] => {
    const { id, name, service, origin } = objective;
    const known = first.get(id);
    if (known === undefined) {
      first.set(id, objective);
      return [];
    }
    const where = `${known.origin.file ?? "defaults"}:${known.origin.line ?? 1}`;
    return [
      {
        level: "error",
        code: "SLO_DUPLICATE",
        file: origin.file ?? "defaults",
        line: origin.line,
        column: 1,
        path: "",
        message: `${service.namespace}/${service.name} has an objective ${JSON.stringify(name)} already (${where}): give this one a name of its own`,
      },
    ];
  });
}
