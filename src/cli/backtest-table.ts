/** What a backtest found, for people and for programs. Pure: a summary in, text out. */
import type { ObjectiveTally } from "../alerting/backtest/backtest-tally.js";
import type { BacktestSummary } from "../alerting/backtest/run-backtest.js";
import { formatDuration } from "../slo/format-duration.js";
import { printable } from "./command-line.js";

const headings = [
  "SERVICE",
  "OBJECTIVE",
  "PAGES",
  "TICKETS",
  "PENDING",
  "FIRING",
  "RECOVERING",
  "DATA",
  "BUDGET SPENT",
  "COVERED",
] as const;
const mostRows = 30;

/** The noisiest objectives in a table, and in sentences what must be known to read it. */
export function backtestTable(summary: BacktestSummary, transitionCount: number): string {
  const { objectives } = summary;
  const rows = objectives.slice(0, mostRows).map(row);
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  const rest = objectives.length - rows.length;
  return [
    ...(rows.length === 0 ? [] : [line(headings), ...rows.map(line)]),
    ...(rest > 0 ? [`... and ${rest} more that fired no more than these (--json has all)`] : []),
    "",
    ...sentences(summary, transitionCount),
  ].join("\n");
}

function row({ objective, service, pages, tickets, incidentMs, dataMs, budget, isApproximate }: ObjectiveTally) {
  const { cluster, namespace, name } = service;
  const where = cluster === "default" ? `${namespace}/${name}` : `${cluster}/${namespace}/${name}`;
  const spent = budget?.consumedRatio ?? null;
  return [
    printable(where),
    printable(objective.name),
    String(pages),
    String(tickets),
    formatDuration(incidentMs.PENDING),
    formatDuration(incidentMs.FIRING),
    formatDuration(incidentMs.RECOVERING),
    dataWords(dataMs),
    spent === null ? "-" : `${isApproximate ? "about " : ""}${percent(spent)}`,
    budget === null ? "-" : percent(budget.coverage),
  ];
}

const dataNames = { OK: "ok", IDLE: "idle", NO_DATA: "no data", UNKNOWN: "unknown" } as const;

function dataWords(dataMs: ObjectiveTally["dataMs"]): string {
  const total = Object.values(dataMs).reduce((sum, ms) => sum + ms, 0);
  const shares = Object.entries(dataMs).filter(([, ms]) => ms > 0);
  return shares
    .sort(([, a], [, b]) => b - a)
    .map(([state, ms]) => `${dataNames[state as keyof typeof dataNames]} ${percent(ms / total)}`)
    .join(", ");
}

function sentences(summary: BacktestSummary, transitionCount: number): readonly string[] {
  const { objectives, fromMs, toMs, stepMs, evaluationCount, isComplete, dataFromMs, historyFromMs } = summary;
  const sum = (of: (tally: ObjectiveTally) => number) => objectives.reduce((total, tally) => total + of(tally), 0);
  const told = [
    `${instant(fromMs)} to ${instant(Math.max(fromMs, toMs))}: ${evaluationCount} evaluations of ${objectives.length} objectives, one every ${formatDuration(stepMs)}; ${sum(({ pages }) => pages)} pages, ${sum(({ tickets }) => tickets)} tickets, ${transitionCount} transitions.`,
  ];
  if (!isComplete) told.push("It was stopped on the way: this is what was found so far.");
  if (dataFromMs === null) told.push("The sources have no calls of any of them, neither in the range nor before it.");
  else if (dataFromMs > fromMs) {
    told.push(
      `The sources have no calls before ${instant(dataFromMs)}: the range before that was evaluated without data.`,
    );
  } else if (dataFromMs > historyFromMs) {
    told.push(
      `The longest window and period begin at ${instant(historyFromMs)}, but the sources have no calls before ${instant(dataFromMs)}: windows that reach further back are known in part only.`,
    );
  }
  for (const { objective, service, dataMs, dataReason } of objectives) {
    const isUnknown = dataMs.UNKNOWN > 0 && dataMs.OK + dataMs.IDLE + dataMs.NO_DATA === 0;
    if (isUnknown) told.push(`${printable(`${service.namespace}/${service.name} ${objective.name}`)}: ${dataReason}`);
  }
  return told;
}

/** The same for programs: instants as RFC 3339, lengths in ms, ratios 0..1. */
export function backtestJson(summary: BacktestSummary, transitionCount: number) {
  const { fromMs, toMs, stepMs, evaluationCount, isComplete, dataFromMs, historyFromMs, objectives } = summary;
  return {
    isComplete,
    from: instant(fromMs),
    to: instant(Math.max(fromMs, toMs)),
    stepMs,
    evaluationCount,
    transitionCount,
    historyFrom: instant(historyFromMs),
    dataFrom: dataFromMs === null ? null : instant(dataFromMs),
    objectives: objectives.map(
      ({ objective, service, pages, tickets, transitions, incidentMs, dataMs, budget, isApproximate }) => ({
        slo: objective.name,
        service,
        pages,
        tickets,
        transitions,
        incidentMs,
        dataMs,
        budget: budget === null ? null : { consumed: budget.consumedRatio, remaining: budget.remainingRatio },
        coverage: budget?.coverage ?? null,
        isApproximate,
      }),
    ),
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))} %`;
}
