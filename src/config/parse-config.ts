/** Configuration text → checked configuration or everything that is wrong with it. Pure; loadConfig reads the files. */
import { checkMeaning } from "./check-meaning.js";
import { type ConfigProblem, formatPath } from "./config-problem.js";
import { configSchema, type MeshlensConfig } from "./config-schema.js";
import type { Environment } from "./interpolate.js";
import { keysOf } from "./known-keys.js";
import { placed, schemaProblems } from "./schema-problems.js";
import { readYamlTree, type YamlTree } from "./yaml-tree.js";

/** A configuration, or at least one problem; `tree` says where keys stand. */
export type ParsedConfig =
  | { readonly config: MeshlensConfig; readonly tree: YamlTree; readonly problems: readonly [] }
  | { readonly config: null; readonly tree: YamlTree; readonly problems: readonly ConfigProblem[] };

/** Reads YAML text with variables of `environment`. Problems come in order of the file, all at once; never throws. */
export function parseConfig(text: string, environment: Environment): ParsedConfig {
  const tree = readYamlTree(text, environment);
  if (tree.value === undefined) return { config: null, tree, problems: tree.problems };

  const { value } = tree;
  let result = configSchema.safeParse(value);
  if (!result.success) {
    const isCoerced = coerceVariables(
      value,
      schemaProblems(result.error.issues, () => []),
      tree,
    );
    if (isCoerced) result = configSchema.safeParse(value);
  }
  const findings = result.success
    ? checkMeaning(result.data).map(({ path, message }) => ({ ...tree.placeOf(path), path: formatPath(path), message }))
    : schemaProblems(result.error.issues, knownKeys)
        // What is wrong with the text of an unset variable is that it is unset.
        .filter(({ path, child }) => child !== null || tree.variableAt(path) !== "unset")
        .map((problem) => placed(problem, tree));
  const problems = inFileOrder([...tree.problems, ...findings]);
  return result.success && problems.length === 0
    ? { config: result.data, tree, problems: [] }
    : { config: null, tree, problems };
}

/** A variable is text; where the schema wants a number or a truth value, its text is read as one. True when something changed. */
function coerceVariables(value: unknown, problems: ReturnType<typeof schemaProblems>, tree: YamlTree): boolean {
  let isChanged = false;
  for (const { path, expected } of problems) {
    const last = path.at(-1);
    if (expected === null || last === undefined || tree.variableAt(path) !== "set") continue;
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((at, step) => (isContainer(at) ? at[String(step)] : undefined), value);
    if (!isContainer(parent)) continue;
    const read = readAs(expected, parent[String(last)]);
    if (read === undefined) continue;
    parent[String(last)] = read;
    isChanged = true;
  }
  return isChanged;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function readAs(expected: string, text: unknown): number | boolean | undefined {
  if (typeof text !== "string") return undefined;
  const trimmed = text.trim();
  if (expected === "boolean") return trimmed === "true" ? true : trimmed === "false" ? false : undefined;
  if (expected !== "number" && expected !== "int") return undefined;
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(trimmed) ? Number(trimmed) : undefined;
}

function inFileOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

const knownKeys = keysOf(configSchema);
