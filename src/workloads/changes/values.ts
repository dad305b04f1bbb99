/** Values of mesh configuration as people say them. */
import { type Fields, fieldsAt, isFields, textAt } from "../read-json.js";
import { lengthInWords } from "../say.js";
import { stableText } from "./told.js";

const unitMs: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};

/** `7s` as `7 s`; what is no duration as it stands; null for none. */
export function durationText(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(value)) return value;
  let lengthMs = 0;
  for (const [, number, unit] of value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)) {
    lengthMs += Number(number) * (unitMs[unit ?? ""] ?? 0);
  }
  return lengthInWords(lengthMs);
}

/** `exact`, `prefix` and `regex` of a string match: `jason`, `/api*`, `~v[0-9]`, `any` for a match of presence. */
export function stringMatchText(match: unknown): string {
  const exact = textAt(match, "exact");
  if (exact !== null) return exact;
  const prefix = textAt(match, "prefix");
  if (prefix !== null) return `${prefix}*`;
  const regex = textAt(match, "regex");
  if (regex !== null) return `~${regex}`;
  return isFields(match) && Object.keys(match).length === 0 ? "any" : stableText(match);
}

/** `a=1, b=2` of labels. */
export function labelsText(labels: Fields): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(", ");
}

/** The labels of a selector at a path, as text; null when it selects everything. */
export function selectorText(value: unknown, ...path: readonly string[]): string | null {
  return labelsText(fieldsAt(value, ...path)) || null;
}
