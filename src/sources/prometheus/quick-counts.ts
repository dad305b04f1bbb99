/**
 * Counts of steps in two questions at most: the quick form with what it misses, then the whole form for the groups in which series were
 * born, returned or left. Most cycles have none, and the quick form costs a quarter. Pure; called by prometheus-source.ts.
 */
import type { LabelMatcher, MetricPart, MetricRequest, MetricRow, MetricView } from "../../telemetry/metric-source.js";
import { isOnGrid } from "./count-of-steps.js";
import type { FormedPart } from "./promql.js";

/** A longer list of values costs a backend more than the series it keeps away. */
const mostValues = 200;

/** What to ask first: counts in their quick form, each with its gaps. */
export function quickParts({ parts, window, stepMs }: MetricRequest, scrapeMs: number): readonly FormedPart[] {
  const ofMs = stepMs ?? window.toMs - window.fromMs;
  // Points of a series are multiples of its step.
  const isQuick = stepMs !== null || isOnGrid(window.toMs, ofMs, scrapeMs);
  return parts.flatMap((part): readonly FormedPart[] =>
    part.expression.kind === "count" && isQuick
      ? [
          { ...part, form: "quick" },
          { ...part, id: gapsId(part), form: "gaps" },
        ]
      : [part],
  );
}

/** What to ask then, given the first answer: counts in their whole form, of little more than the groups with gaps. */
export function wholeParts(parts: readonly MetricPart[], rows: readonly MetricRow[]): readonly MetricPart[] {
  return parts.flatMap((part) => {
    const id = gapsId(part);
    const gaps = rows.filter((row) => row.part === id);
    return gaps.length === 0 ? [] : [narrowed(part, gaps)];
  });
}

/** The rows of the request: of groups that were asked whole, those. */
export function joinedRows(
  parts: readonly MetricPart[],
  first: readonly MetricRow[],
  whole: readonly MetricRow[],
): readonly MetricRow[] {
  const groupBy = new Map(parts.map((part) => [part.id, part.expression.groupBy]));
  const partOfGaps = new Map(parts.map((part) => [gapsId(part), part.id]));
  const keyOf = ({ labels }: MetricRow, part: string) =>
    [part, ...(groupBy.get(part) ?? []).map((label) => labels[label] ?? "")].join("\u0000");
  const replaced = new Set(whole.map((row) => keyOf(row, row.part)));
  for (const row of first) {
    const part = partOfGaps.get(row.part);
    if (part !== undefined) replaced.add(keyOf(row, part));
  }
  return [...first.filter((row) => !partOfGaps.has(row.part) && !replaced.has(keyOf(row, row.part))), ...whole];
}

function narrowed(part: MetricPart, rows: readonly MetricRow[]): MetricPart {
  const { expression } = part;
  const more = expression.groupBy.flatMap((label): readonly LabelMatcher[] => {
    const values = [...new Set(rows.map(({ labels }) => labels[label] ?? ""))].sort();
    return values.length > mostValues ? [] : [{ label, op: "in", values }];
  });
  // What proves views and targets may carry other labels, so only what is counted is narrowed.
  const views = expression.of.views.map(
    ({ select, seen }): MetricView => ({ select: { ...select, matchers: [...select.matchers, ...more] }, seen }),
  );
  return { ...part, expression: { ...expression, of: { ...expression.of, views } } };
}

function gapsId({ id }: MetricPart): string {
  return `${id}\u0000gaps`;
}
