/**
 * Rules that page as the engine does: exact counts of a step are recorded, every window is a sum of them, a tier needs its fewest failed
 * events, `for` and `keep_firing_for` are the objective's. Record and alert names are Sloth's. What differs from the engine is listed in
 * docs/reference/slo-rules.md.
 */
import type { Severity } from "../burn-tier.js";
import { failedRatio, type SelectorText } from "../failed-ratio.js";
import { formatDuration } from "../format-duration.js";
import type { Objective } from "../objective.js";
import { nominalPeriodMs } from "../period.js";
import type { DeclaredObjective } from "../readers/declared-objective.js";
import type { CountTerm } from "../user-query.js";
import { meshCounts, type RuleCounts, type RuleMesh } from "./mesh-counts.js";
import { metaRules } from "./meta-rules.js";
import type { AlertingRule, RecordingRule, RuleGroup } from "./rule-group.js";
import { alertName, ratioRecord, slothNames, windowName } from "./sloth-names.js";

/** The PromQL of the exact count of a counter's series, summed, in the `stepMs` before now: one series without labels, or none. Passed in: adapters know PromQL. */
export type CountText = (term: CountTerm, stepMs: number) => string;

/** What rules are written for. */
export interface RuleOptions {
  readonly mesh: RuleMesh;
  /** Evaluation interval of the counts, ms: the engine's own, so that both fire at the same instants. */
  readonly stepMs: number;
  readonly countText: CountText;
  readonly selectorText: SelectorText;
}

const periodIntervalMs = 300_000;
const absentAfterMs = 600_000;

/** The groups of an objective; null where its indicator cannot be written as rules (scopes the metrics do not tell apart). */
export function countedRules(declared: DeclaredObjective, options: RuleOptions): readonly RuleGroup[] | null {
  const { objective } = declared;
  const names = slothNames(declared);
  const ratios = ratioRules(declared, options);
  if (ratios === null) return null;
  const budget = String(objective.target.budgetRatio);
  const printed = { objective: String(objective.target.ratio), budget, version: "meshlens" };
  const periodMs = nominalPeriodMs(objective.period);
  const alerts = [
    alertOf(declared, "PAGE", options.stepMs),
    alertOf(declared, "TICKET", options.stepMs),
    absentOf(declared, options.stepMs),
  ].filter((alert) => alert !== null);
  const period = ratioRecord(periodMs);
  const isShort = ({ record }: RecordingRule) => record !== period;
  return [
    {
      name: `meshlens-slo-recordings-${names.id}`,
      interval: formatDuration(options.stepMs),
      rules: [...ratios.filter(isShort), ...alerts],
    },
    {
      name: `meshlens-slo-period-${names.id}`,
      interval: formatDuration(periodIntervalMs),
      rules: [...ratios.filter((rule) => !isShort(rule)), ...metaRules(declared, printed)],
    },
  ];
}

/** Recordings of counts and ratios, or of ratios alone where the indicator has no counts. */
function ratioRules(declared: DeclaredObjective, options: RuleOptions): readonly RecordingRule[] | null {
  const { objective } = declared;
  const { labels } = slothNames(declared);
  const windowed = (expr: (windowMs: number) => string) =>
    windowsOf(objective).map(
      (windowMs): RecordingRule => ({
        record: ratioRecord(windowMs),
        expr: expr(windowMs),
        labels: { ...labels, sloth_window: windowName(windowMs) },
      }),
    );
  const { sli } = objective;
  if (sli.kind === "RATIO") {
    return windowed((windowMs) => failedRatio(sli, formatDuration(windowMs), options.selectorText));
  }
  if (sli.kind === "GAUGE") return windowed((windowMs) => failedRatio(sli, range(windowMs), options.selectorText));
  const counts = countsOf(objective, options.mesh);
  if (counts === null) return null;
  const [failed, total] = [failedRecord(options.stepMs), totalRecord(options.stepMs)];
  const { selector } = slothNames(declared);
  // A service that never failed has no series of failures: none is 0 where there were calls.
  const failedExpr = `(${sumOf(counts.failed, options)})\nor\n(0 * sum(${total}${selector}))`;
  const summed = (record: string, windowMs: number) => `sum_over_time(${record}${selector}[${range(windowMs)}])`;
  return [
    { record: total, expr: sumOf(counts.total, options), labels },
    { record: failed, expr: failedExpr, labels },
    ...windowed((windowMs) => `clamp(${summed(failed, windowMs)} / ${summed(total, windowMs)}, 0, 1)`),
  ];
}

function countsOf(objective: Objective, mesh: RuleMesh): RuleCounts | null {
  const { sli } = objective;
  if (sli.kind !== "EVENTS") return meshCounts(objective, mesh);
  const total = sli.total.terms;
  if (sli.partIs === "failed") return { failed: sli.part.terms, total };
  const taken = sli.part.terms.map(({ sign, selector }): CountTerm => ({ sign: sign === 1 ? -1 : 1, selector }));
  return { failed: [...total, ...taken], total };
}

/** One sum over all terms; a label keeps the terms from hiding each other. */
function sumOf(terms: readonly CountTerm[], { countText, stepMs }: RuleOptions): string {
  const [only, ...more] = terms;
  if (only !== undefined && more.length === 0 && only.sign === 1) return countText(only, stepMs);
  const marked = terms.map((term, index) => {
    const counted = term.sign === 1 ? countText(term, stepMs) : `-1 * (${countText(term, stepMs)})`;
    return `label_replace(${counted}, "meshlens_term", "${index}", "", "")`;
  });
  return `sum(\n  ${marked.join("\n  or\n  ")}\n)`;
}

function windowsOf({ alerting, period }: Objective): readonly number[] {
  const own = alerting.tiers.flatMap(({ longMs, shortMs }) => [longMs, shortMs]);
  return [...new Set([300_000, ...own, nominalPeriodMs(period)])].sort((a, b) => a - b);
}

/** 1 ms short, so that Prometheus 2, whose ranges take both ends in, sums as many steps as Prometheus 3. */
function range(windowMs: number): string {
  return formatDuration(windowMs - 1);
}

function failedRecord(stepMs: number): string {
  return `slo:sli_failed:count${formatDuration(stepMs)}`;
}

function totalRecord(stepMs: number): string {
  return `slo:sli_total:count${formatDuration(stepMs)}`;
}

function alertOf(declared: DeclaredObjective, severity: Severity, stepMs: number): AlertingRule | null {
  const { names, objective } = declared;
  const { alerting, target, sli } = objective;
  const texts = severity === "PAGE" ? names.page : names.ticket;
  const tiers = alerting.tiers.filter((tier) => tier.severity === severity);
  if (texts === null || tiers.length === 0) return null;
  const { selector } = slothNames(declared);
  const word = severity.toLowerCase();
  const hasCounts = sli.kind !== "RATIO" && sli.kind !== "GAUGE";
  const conditions = tiers.map(({ shortMs, longMs, factor }) => {
    const threshold = Number((factor * target.budgetRatio).toPrecision(12));
    const burns = (windowMs: number) =>
      `max(${ratioRecord(windowMs)}${selector} >= ${threshold}) without (sloth_window)`;
    const enough = `sum_over_time(${failedRecord(stepMs)}${selector}[${range(longMs)}]) >= ${alerting.minFailedEvents}`;
    const sides = [burns(shortMs), burns(longMs), ...(hasCounts ? [enough] : [])];
    return `(\n    ${sides.join("\n    and\n    ")}\n)`;
  });
  const { forMs, keepFiringMs } = alerting.hold[severity];
  return {
    alert: alertName(declared),
    expr: `${conditions.join("\nor\n")}\n`,
    for: formatDuration(forMs),
    keep_firing_for: formatDuration(keepFiringMs),
    labels: { ...texts.labels, sloth_severity: word },
    annotations: {
      title: `(${word}) {{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is too fast.`,
      summary: `{{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is over expected.`,
      ...texts.annotations,
    },
  };
}

/** Had data within a day, has none for ten minutes: a service that vanished is not one that is well. */
function absentOf(declared: DeclaredObjective, stepMs: number): AlertingRule | null {
  const { names, objective } = declared;
  if (objective.alerting.tiers.length === 0 || objective.sli.kind === "RATIO" || objective.sli.kind === "GAUGE")
    return null;
  const { selector } = slothNames(declared);
  const counted = (windowMs: number) =>
    `count_over_time(${totalRecord(stepMs)}${selector}[${formatDuration(windowMs)}])`;
  return {
    alert: `${alertName(declared)}NoData`,
    expr: `${counted(86_400_000)}\nunless\n${counted(absentAfterMs)}\n`,
    labels: { ...(names.ticket ?? names.page)?.labels, sloth_severity: "ticket" },
    annotations: {
      title: "(no data) {{$labels.sloth_service}} {{$labels.sloth_slo}} has no data",
      summary:
        "{{$labels.sloth_service}} {{$labels.sloth_slo}} had calls within a day and has no series for 10 minutes.",
    },
  };
}
