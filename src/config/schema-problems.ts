/** zod's findings → problems with paths and remedies in our words, without values. Used by parseConfig only. */
import type { z } from "zod";
import { formatPath, nearestName, quoteKey } from "./config-problem.js";
import type { YamlTree } from "./yaml-tree.js";

type Issue = z.core.$ZodIssue;

/** A finding with its path as steps, so that values at it can be looked up. */
export interface SchemaProblem {
  readonly path: readonly PropertyKey[];
  /** The key below `path` that is at fault, for unknown keys. */
  readonly child: string | null;
  readonly message: string;
  /** The type that was wanted there, when only the type is wrong. */
  readonly expected: string | null;
}

/** Lists the findings of a failed parse; of a union it tells those of the form that was meant. */
export function schemaProblems(
  issues: readonly Issue[],
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
  prefix: readonly PropertyKey[] = [],
): readonly SchemaProblem[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((name) => ({
          path,
          child: name,
          message: unknownKey(name, knownKeys(path)),
          expected: null,
        }));
      case "invalid_union":
        return unionProblems(issue, path, knownKeys);
      default:
        return [{ path, child: null, message: sentence(issue), expected: expectedType(issue) }];
    }
  });
}

function unionProblems(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: readonly PropertyKey[],
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): readonly SchemaProblem[] {
  const inner = issue.errors.find(
    (branch) => branch.length > 0 && branch.every((i) => i.path.length > 0 || i.code === "unrecognized_keys"),
  );
  if (inner !== undefined) return schemaProblems(inner, knownKeys, path);
  const last = path.at(-1);
  if (last === "kind") {
    const kinds = "prometheus, jaeger, zipkin, elasticsearch, kubernetes";
    return [{ path, child: null, message: `is not a kind of source: write one of ${kinds}`, expected: null }];
  }
  if (last === "auth") {
    const message = "must be the word none or a map with the key tokens";
    return [{ path, child: null, message, expected: null }];
  }
  return [{ path, child: null, message: "has none of the accepted forms", expected: null }];
}

function unknownKey(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  const remedy = near === null ? `known here: ${known.join(", ")}` : `did you mean ${near}?`;
  return known.length === 0 ? `unknown key ${quoteKey(name)}` : `unknown key ${quoteKey(name)}; ${remedy}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list (- item)",
  object: "a map (key: value)",
  record: "a map (key: value)",
};

function expectedType(issue: Issue): string | null {
  return issue.code === "invalid_type" ? issue.expected : null;
}

function sentence(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined && issue.message.includes("undefined")
        ? `is required: ${typeNames[issue.expected] ?? issue.expected}`
        : `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case "too_small":
      if (issue.origin !== "number" && issue.origin !== "int" && Number(issue.minimum) === 1)
        return "must not be empty";
      return `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${sizeWord(issue.origin)}`;
    case "too_big":
      return `must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${sizeWord(issue.origin)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_key":
      return "has a key that is not accepted here";
    case "invalid_format":
    case "custom":
      return issue.message;
    default:
      return "is not accepted";
  }
}

function sizeWord(origin: string): string {
  return origin === "string" ? " characters long" : origin === "array" ? " items long" : "";
}

/** A finding with its place, ready to print. */
export function placed(problem: SchemaProblem, tree: YamlTree) {
  const place = problem.child === null ? tree.placeOf(problem.path) : tree.placeOf(problem.path, problem.child);
  return { ...place, path: formatPath(problem.path), message: problem.message };
}
