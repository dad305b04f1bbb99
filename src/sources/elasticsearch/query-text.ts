/**
 * Search bodies as text. The rules that read levels from lines are thousands of clauses which are the same in every question: they are
 * turned into text once. Called by the source, for what goes out and for `debug`.
 */
import type { Query } from "./query-clauses.js";

const texts = new WeakMap<object, string>();

/** A query that will stand in many bodies as it is; it must not be changed any more. */
export function lasting(query: Query): Query {
  // Not jsonText: what that adds up is put together anew each time it becomes part of a longer text.
  texts.set(query, JSON.stringify(query));
  return query;
}

/** What JSON.stringify makes of plain data. */
export function jsonText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) text += `${text === "" ? "" : ","}${jsonText(item ?? null)}`;
    return `[${text}]`;
  }
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${jsonText(item)}`;
  }
  return `{${text}}`;
}
