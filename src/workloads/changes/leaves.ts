/** Field by field: for the parts of objects that need no words of their own. */
import { isFields } from "../read-json.js";
import { changed, isSameJson, stableText } from "./told.js";

/** Deeper or more than this is told as "changed" only. */
const maxTold = 40;

const hiddenName = /password|passwd|secret|token|credential|cookie|authorization|(?:api|private)[-_]?key/i;

/** Whether a field or header may hold what is not ours to show: its value is never told. */
export function isHiddenName(name: string): boolean {
  return hiddenName.test(name);
}

/**
 * One sentence per leaf that differs: `outlierDetection.consecutive5xxErrors 1 (was 5)`.
 * @param label put before each path; "" for none
 */
export function leafChanges(label: string, before: unknown, after: unknown): readonly string[] {
  const was = new Map(leavesOf(before));
  const is = new Map(leavesOf(after));
  const paths = [...new Set([...was.keys(), ...is.keys()])].sort();
  const sentences = paths.flatMap((path) => {
    const name = [label, path].filter((part) => part !== "").join(" ");
    if (isHiddenName(path)) return was.get(path) === is.get(path) ? [] : [`${name} changed`];
    return changed(name, was.get(path) ?? null, is.get(path) ?? null) ?? [];
  });
  return sentences.length > maxTold ? [`${label || "specification"} changed in ${sentences.length} places`] : sentences;
}

/** Names of the top fields that differ, without values: for configuration that may hold anything. */
export function fieldNamesChanged(before: unknown, after: unknown): string | null {
  const was = isFields(before) ? before : {};
  const is = isFields(after) ? after : {};
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  const differing = names.filter((name) => !isSameJson(was[name], is[name]));
  return differing.length === 0 ? null : `${differing.join(", ")} changed`;
}

function leavesOf(value: unknown, path = ""): readonly (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  if (isFields(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0 && path !== "") return [[path, "{}"]];
    return entries.flatMap(([key, inner]) => leavesOf(inner, path === "" ? key : `${path}.${key}`));
  }
  if (!Array.isArray(value)) return [[path, String(value)]];
  // Lists of plain values are read as one; lists of objects by position.
  if (value.every((item) => !isFields(item) && !Array.isArray(item))) return [[path, `[${value.join(", ")}]`]];
  if (value.length > maxTold) return [[path, stableText(value).slice(0, 200)]];
  return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
}
