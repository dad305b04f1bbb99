/** A document against its schema: wrong shapes are errors, keys that nobody knows are told and left aside. Called by the readers of other tools' formats. */
import type { z } from "zod";
import { nearestName, quoteKey } from "../../config/config-problem.js";
import { keysOf } from "../../config/known-keys.js";
import { schemaProblems } from "../../config/schema-problems.js";
import type { Finding, FindingCode } from "../finding.js";
import { findingAt, type ObjectiveDocument } from "./objective-document.js";

/** A schema with what its readers need to know of it; made once. */
export interface Shape<T> {
  readonly schema: z.ZodType<T>;
  readonly knownKeys: (path: readonly PropertyKey[]) => readonly string[];
}

/** A shape of a schema whose maps are not strict. */
export function shapeOf<T>(schema: z.ZodType<T>): Shape<T> {
  return { schema, knownKeys: keysOf(schema) };
}

/** The document's value in that shape; null when something was found that leaves none. Appends to `findings`. */
export function readShape<T>(document: ObjectiveDocument, shape: Shape<T>, findings: Finding[]): T | null {
  const parsed = shape.schema.safeParse(withoutNulls(document.value));
  findings.push(...strangeKeys(document, shape));
  if (parsed.success) return parsed.data;
  for (const { path, child, message } of schemaProblems(parsed.error.issues, shape.knownKeys)) {
    findings.push(findingAt(document, "error", codeOf(path), path, message, child ?? undefined));
  }
  return null;
}

/** A key with nothing behind it says as much as none. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([name, item]) => [name, withoutNulls(item)]));
}

const codes: Readonly<Record<string, FindingCode>> = {
  target: "SLO_TARGET",
  targetPercent: "SLO_TARGET",
  objective: "SLO_TARGET",
  window: "SLO_WINDOW",
  duration: "SLO_WINDOW",
  timeWindow: "SLO_WINDOW",
};

function codeOf(path: readonly PropertyKey[]): FindingCode {
  return codes[String(path.at(-1))] ?? "SLO_SHAPE";
}

const mostStrangeKeys = 20;

function strangeKeys<T>(document: ObjectiveDocument, { knownKeys }: Shape<T>): readonly Finding[] {
  const found: Finding[] = [];
  const visit = (value: unknown, path: readonly PropertyKey[]): void => {
    if (typeof value !== "object" || value === null || found.length >= mostStrangeKeys) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, index]);
      return;
    }
    const known = knownKeys(path);
    // A map without known keys is one whose keys are the user's own.
    if (known.length === 0) return;
    for (const [name, item] of Object.entries(value)) {
      if (known.includes(name)) {
        visit(item, [...path, name]);
        continue;
      }
      const near = nearestName(name, known);
      const remedy = near === null ? "it is left aside" : `it is left aside; did you mean ${near}?`;
      found.push(findingAt(document, "warning", "SLO_KEY", path, `unknown key ${quoteKey(name)}: ${remedy}`, name));
    }
  };
  visit(document.value, []);
  return found;
}
