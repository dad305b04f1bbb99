/** Rison, the notation Kibana keeps its state in, written from values. */

/** What rison can say. */
export type RisonValue =
  | string
  | number
  | boolean
  | null
  | readonly RisonValue[]
  | { readonly [key: string]: RisonValue };

/** A value as rison; strings are always quoted, so that no text can end one. Keys are our own plain words. */
export function rison(value: RisonValue): string {
  if (value === null) return "!n";
  if (typeof value === "boolean") return value ? "!t" : "!f";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return `'${value.replace(/[!']/g, (char) => `!${char}`)}'`;
  if (isList(value)) return `!(${value.map(rison).join(",")})`;
  const pairs = Object.entries(value).map(([key, item]) => `${key}:${rison(item)}`);
  return `(${pairs.join(",")})`;
}

function isList(value: RisonValue): value is readonly RisonValue[] {
  return Array.isArray(value);
}
