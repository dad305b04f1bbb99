/** Objectives that the configured mesh's metrics cannot tell. Called by the start of `serve`, by `check` and by `backtest`, which know the mesh. */
import { knownDialects } from "../mesh/dialects/known-dialects.js";
import type { MeshKind } from "../mesh/mesh.js";
import type { Finding } from "./finding.js";
import type { Objective } from "./objective.js";

/** An error for each objective that no dialect of the mesh can tell; [] where the mesh is recognised by what is there (`kind` null). */
export function checkDialect(objectives: readonly Objective[], kind: MeshKind | null): readonly Finding[] {
  if (kind === null) return [];
  const dialects = knownDialects.filter((dialect) => dialect.kind === kind);
  const named = (part: "version" | "route") => dialects.some(({ requests }) => requests.partLabels[part] !== null);
  return objectives.flatMap(({ scope, sli, origin: { file, line } }) => {
    const untold = [
      ...(["version", "route"] as const).flatMap((part) =>
        scope[part] === null || named(part) ? [] : [{ path: part, words: `name no ${part}s: leave it out` }],
      ),
      ...(sli.kind === "CONNECTIONS" && dialects.every(({ tcp }) => tcp === null)
        ? [{ path: "connections", words: "count no connections: write availability" }]
        : []),
    ];
    return untold.map(({ path, words }): Finding => {
      const message = `${kind.toLowerCase()}'s metrics ${words}, or write events with a query of your own`;
      return { level: "error", code: "SLO_SCOPE", file: file ?? "", line, column: null, path, message };
    });
  });
}
