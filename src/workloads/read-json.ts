/** Reads fields of JSON whose shape nobody promised: what is missing or of another type is null or empty, never an error. */

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = {};
const noItems: readonly unknown[] = [];

/** The value at a path of own keys; undefined where the path ends early. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (!isFields(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

/** The object at a path; {} where there is none. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  const at = valueAt(value, ...path);
  return isFields(at) ? at : noFields;
}

/** The list at a path; [] where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const at = valueAt(value, ...path);
  return Array.isArray(at) ? at : noItems;
}

/** The text at a path; null for "" too, which Kubernetes means as absent. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const at = valueAt(value, ...path);
  return typeof at === "string" && at !== "" ? at : null;
}

/** The finite number at a path. */
export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const at = valueAt(value, ...path);
  return typeof at === "number" && Number.isFinite(at) ? at : null;
}

/** The texts of the list at a path; other items are left out. */
export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path).filter((item) => typeof item === "string");
}

/** The entries at a path whose values are texts: labels, selectors. */
export function textMapAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsAt(value, ...path));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** The instant written at a path, epoch ms. */
export function instantAt(value: unknown, ...path: readonly string[]): number | null {
  const atMs = Date.parse(textAt(value, ...path) ?? "");
  return Number.isNaN(atMs) ? null : atMs;
}

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
