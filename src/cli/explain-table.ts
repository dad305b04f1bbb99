/** The readable form and the JSON of `meshlens slo explain`. Pure: figures in, text out. */
import type { ExplainedObjective, ExplainedTier, TierOutage } from "../slo/explain.js";
import { formatDuration } from "../slo/format-duration.js";
import type { Sli } from "../slo/objective.js";
import type { ObjectivePeriod } from "../slo/period.js";
import { printable } from "./command-line.js";

/** An objective: what it promises in a line, a line per tier, and how to read them. */
export function explainTable({ objective, fullOutageBudgetMs, shares, tiers }: ExplainedObjective): string {
  const { service, name, sli, target, period, alerting, origin } = objective;
  const where = [service.cluster, service.namespace, service.name].filter((part) => part !== null).join("/");
  const head = [
    printable(`${where} ${name}: ${percent(target.ratio)} ${sliWords(sli)}, ${periodWords(period)}`),
    printable(`  ${origin.file}:${origin.line}`),
    `  Budget: ${percent(target.budgetRatio)} of the events, as much as ${aboutDuration(fullOutageBudgetMs)} in which everything fails.`,
    ...(sli.kind === "RATIO" ? [ratioWords(sli)] : []),
  ];
  if (tiers.length === 0) return [...head, "  No tiers: it has a budget and raises no incidents."].join("\n");
  const outageHeadings = shares.flatMap((share) => [`FIRES AT ${percent(share)}`, "OVER AFTER"]);
  const headings = ["SEVERITY", "WINDOWS", "BURN", "ERRORS", "BUDGET", "EVENTS", ...outageHeadings];
  const hasCounts = sli.kind !== "RATIO";
  const rows = tiers.map((tier) => row(tier, hasCounts));
  const { PAGE, TICKET } = alerting.hold;
  const least = hasCounts ? `At least ${alerting.minFailedEvents} failed events` : "No minimum of failed events";
  const holds = `  ${least}; for ${formatDuration(PAGE.forMs)} (page) and ${formatDuration(TICKET.forMs)} (ticket), keep firing ${formatDuration(PAGE.keepFiringMs)} and ${formatDuration(TICKET.keepFiringMs)}.`;
  return [...head, holds, ...aligned([headings, ...rows]).map((line) => `  ${line}`)].join("\n");
}

/** How to read the columns; printed once, below the last objective. */
export const explainLegend = [
  "ERRORS  error ratio from which both windows burn; BUDGET is what is spent when the long one is full at it.",
  "EVENTS  events in the long window at which the fewest failed ones that count are just that ratio: with less traffic a larger share must fail.",
  "FIRES   from the first failed event of an outage with steady traffic, `for` included; the offset (30 s) and up to an interval come on top.",
  "OVER    from the last failed event until the line's severity can end, keep-firing included; the incident ends with the last line that fired.",
].join("\n");

/** How its windows are had: by PromQL, which not every source answers. */
function ratioWords({ ratio }: Extract<Sli, { readonly kind: "RATIO" }>): string {
  const how =
    ratio.instant === null
      ? "Each window is asked as a whole, long ones rarely"
      : "Asked every 30 s; a window is the mean of its values, whatever the traffic";
  return `  ${how}. The sources must answer PromQL: over the demo's own it is UNKNOWN.`;
}

function row(
  { severity, name, factor, errorRatio, budgetShare, isReachable, fullSensitivityFrom, outages }: ExplainedTier,
  hasCounts: boolean,
) {
  return [
    severity,
    name,
    String(Number(factor.toPrecision(4))),
    isReachable ? percent(errorRatio) : "unreachable",
    percent(budgetShare),
    isReachable && hasCounts ? String(fullSensitivityFrom) : "-",
    ...outages.flatMap(outageCells),
  ];
}

function outageCells({ fireMs, endMs }: TierOutage): readonly string[] {
  return fireMs === null || endMs === null ? ["never", "-"] : [aboutDuration(fireMs), aboutDuration(endMs)];
}

/** As in the table, with lengths in ms and ratios 0..1. */
export function explainedJson({ objective, fullOutageBudgetMs, shares, tiers }: ExplainedObjective) {
  const { id, name, service, sli, target, period, alerting, origin } = objective;
  return {
    id,
    name,
    service,
    sli: sli.kind,
    target: target.ratio,
    budgetRatio: target.budgetRatio,
    period,
    minFailedEvents: alerting.minFailedEvents,
    hold: alerting.hold,
    fullOutageBudgetMs,
    tiers: tiers.map(({ outages, ...tier }) => ({
      ...tier,
      outages: outages.map((outage, index) => ({ share: shares[index], ...outage })),
    })),
    origin,
  };
}

function sliWords(sli: Sli): string {
  switch (sli.kind) {
    case "AVAILABILITY":
      return "of calls do not fail";
    case "LATENCY":
      return `of calls do not fail and take at most ${formatDuration(sli.thresholdMs)}`;
    case "CONNECTIONS":
      return "of connections are not closed by a failure";
    case "EVENTS":
      return "of events are good";
    case "RATIO":
      return "good by a ratio (approximate, no minimum events)";
    case "GAUGE":
      return "of samples are 1";
  }
}

function periodWords(period: ObjectivePeriod): string {
  if (period.kind === "rolling") return `over the last ${formatDuration(period.durationMs)}`;
  return `per ${period.count === 1 ? period.unit : `${period.count} ${period.unit}s`} in ${period.zone}`;
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(6))} %`;
}

/** To the second below an hour, to the minute above. */
function aboutDuration(durationMs: number): string {
  const unitMs = durationMs < 3_600_000 ? 1000 : 60_000;
  return formatDuration(Math.max(1, Math.round(durationMs / unitMs)) * unitMs);
}

function aligned(lines: readonly (readonly string[])[]): readonly string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
