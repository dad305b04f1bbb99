/** The documents that a server with `server.prepared.only` answers: those of the package (examples, dashboards) and of the configured files. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { LoadedConfig } from "../config/load-config.js";
import { errorWord } from "../config/source-connection.js";
import { MeshlensError } from "../errors.js";
import { preparedShapes } from "../graphql/limits/prepared-documents.js";
import { filesOfPattern } from "../slo/file-pattern.js";
import { packageRoot } from "./package-facts.js";

/** Shapes of all of them; null where every document is answered. @throws MESHLENS_ERR_CONFIG_INVALID naming a file that is no document */
export function readPrepared({ file, config: { server } }: LoadedConfig): ReadonlySet<string> | null {
  if (!server.prepared.only) return null;
  const folder = file === null ? process.cwd() : dirname(resolve(file));
  const own = server.prepared.files.flatMap((pattern) => filesOfPattern(pattern, folder));
  return new Set([...shippedShapes(), ...own.flatMap((path) => [...shapesOfFile(path)])]);
}

/** Shapes of what the package brings. */
function shippedShapes(): ReadonlySet<string> {
  const queries = filesIn("examples/queries", ".graphql").map((path) => readFileSync(path, "utf8"));
  const dashboards = filesIn("dashboards", ".json").flatMap((path) =>
    documentsIn(JSON.parse(readFileSync(path, "utf8"))),
  );
  return preparedShapes([...queries, ...dashboards]);
}

function filesIn(folder: string, ending: string): readonly string[] {
  const path = join(packageRoot, folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(path, name));
}

/** GraphQL in a dashboard, wherever its panels and variables keep it. */
function documentsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "body_graphql_query" && typeof inner === "string" && inner !== "" ? [inner] : documentsIn(inner),
  );
}

function shapesOfFile(path: string): ReadonlySet<string> {
  try {
    return preparedShapes([readFileSync(path, "utf8")]);
  } catch (error) {
    const word = errorWord(error);
    const why = /^E[A-Z]+$/.test(word) ? `cannot be read (${word})` : "is no GraphQL document";
    throw new MeshlensError("MESHLENS_ERR_CONFIG_INVALID", `server.prepared.files: ${path} ${why}`);
  }
}
