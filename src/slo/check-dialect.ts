/** Objectives that the configured mesh's metrics cannot tell. Called by the start of `serve`, by `check` and by `backtest`, which know the mesh. */
import { knownDialects } from "../mesh/dialects/known-dialects.js";
import type { MeshKind } from "../mesh/mesh.js";
import type { Finding } from "./finding.js";
import type { Objective } from "./objective.js";

/** An error for each version or route that no dialect of the mesh names; [] where the mesh is recognised by what is there (`kind` null). */
export function checkDialect(objectives: readonly Objective[], kind: MeshKind | null): readonly Finding[] {
  if (kind === null) return [];
  const dialects = knownDialects.filter((dialect) => dialect.kind === kind);
  return objectives.flatMap(({ scope, origin }) =>
    (["version", "route"] as const).flatMap((part): readonly Finding[] => {
      if (scope[part] === null || dialects.some(({ requests }) => requests.partLabels[part] !== null)) return [];
      const message = `${kind.toLowerCase()}'s metrics name no ${part}s: leave it out, or write events with a query of your own`;
      const { file, line } = origin;
      return [{ level: "error", code: "SLO_SCOPE", file: file ?? "", line, column: null, path: part, message }];
    }),
  );
}
