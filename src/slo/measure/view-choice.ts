/**
 * Whose proxy counts which calls, asked every few minutes instead of with every count: nearly all edges of a mesh are counted by one kind
 * of proxy, and working the choice out over all of them each cycle costs a backend more than the counts. The few callers that are counted
 * otherwise keep the full rule, edge by edge. Called by source-counts.ts.
 */
import type { Preference, Report } from "../../mesh/dialects/dialect.js";
import { groupBy } from "../../telemetry/group-by.js";
import type { LabelMatcher, MetricSource, MetricView, PreferredViews } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";

/** The report that counts nearly all, and the values of `label` whose edges some other report counts. */
export interface ViewChoice {
  readonly main: Report;
  readonly label: string;
  readonly others: readonly string[];
}

/** Above this many a list of names costs a backend more than the whole rule. */
const mostOthers = 200;

/** Asks which report counts which edges in the `stickyMs` before `atMs`; null where the whole rule must be asked. */
export async function chooseViews(
  source: MetricSource,
  preference: Preference,
  metric: string,
  atMs: number,
  stickyMs: number,
  options: CallOptions,
): Promise<ViewChoice | null> {
  const { reports, edgeLabels } = preference;
  const label = sharedLabel(reports);
  const [first] = reports;
  if (label === null || first === undefined) return null;
  if (reports.length === 1) return { main: first, label, others: [] };
  const told = [...new Set(reports.flatMap(({ matchers }) => matchers.map((matcher) => matcher.label)))];
  const views = reports.map((report) => viewOf(report, metric, metric, []));
  const { rows } = await source.query(
    {
      parts: [
        {
          id: "views",
          expression: { kind: "seen", of: { views, edgeLabels, stickyMs }, groupBy: [label, ...told] },
        },
      ],
      window: { fromMs: atMs - stickyMs, toMs: atMs },
      stepMs: null,
      rangeMs: 0,
    },
    options,
  );
  const byReport = groupBy(rows, ({ labels }) =>
    reports.find((report) => report.matchers.every((m) => holds(m, labels))),
  );
  const main = [...byReport].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
  if (main === undefined) return { main: first, label, others: [] };
  const others = new Set(
    [...byReport].flatMap(([report, own]) => (report === main ? [] : own.map(({ labels }) => labels[label] ?? ""))),
  );
  return others.size > mostOthers ? null : { main, label, others: [...others].sort() };
}

/** The views to sum: the main report's but for some callers, and for those the whole rule. */
export function chosenViews(
  preference: Preference,
  choice: ViewChoice | null,
  metric: string,
  seenMetric: string,
  stickyMs: number,
  more: readonly LabelMatcher[],
): readonly PreferredViews[] {
  const whole = (extra: readonly LabelMatcher[]): PreferredViews => ({
    views: preference.reports.map((report) => viewOf(report, metric, seenMetric, more, extra)),
    edgeLabels: preference.edgeLabels,
    stickyMs,
  });
  if (choice === null) return [whole([])];
  const { main, label, others } = choice;
  const rest: readonly LabelMatcher[] = others.length === 0 ? [] : [{ label, op: "notIn", values: others }];
  const one: PreferredViews = { views: [viewOf(main, metric, seenMetric, more, rest)], edgeLabels: [], stickyMs: 0 };
  return others.length === 0 ? [one] : [one, whole([{ label, op: "in", values: others }])];
}

function viewOf(
  report: Report,
  metric: string,
  seenMetric: string,
  select: readonly LabelMatcher[],
  both: readonly LabelMatcher[] = [],
): MetricView {
  const seen = { metric: seenMetric, matchers: [...report.matchers, ...both] };
  return { select: { metric, matchers: [...report.matchers, ...both, ...select] }, seen };
}

/** A label all reports name their callers by, else their destinations. */
function sharedLabel(reports: readonly Report[]): string | null {
  for (const of of ["sourceLabel", "destinationLabel"] as const) {
    const label = reports[0]?.[of] ?? null;
    if (label !== null && reports.every((report) => report[of] === label)) return label;
  }
  return null;
}

/** Reports are told apart by plain values only. */
function holds(matcher: LabelMatcher, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[matcher.label] ?? "";
  if (matcher.op === "eq") return value === matcher.value;
  return matcher.op === "neq" && value !== matcher.value;
}
