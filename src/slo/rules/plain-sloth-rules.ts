/** The rules Sloth itself writes for an objective, number for number: for those who move over and compare. Source: Sloth 0.16's output. */

import type { Severity } from "../burn-tier.js";
import { formatDuration } from "../format-duration.js";
import { nominalPeriodMs } from "../period.js";
import type { DeclaredObjective } from "../readers/declared-objective.js";
import { askedText, type UserQuery } from "../user-query.js";
import { metaRules } from "./meta-rules.js";
import type { AlertingRule, RecordingRule, RuleGroup } from "./rule-group.js";
import { alertName, ratioRecord, slothNames, windowName } from "./sloth-names.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const windowsMs = [5 * minuteMs, 30 * minuteMs, hourMs, 2 * hourMs, 6 * hourMs, dayMs, 3 * dayMs];

/** The groups; null for an indicator that Sloth's format has no queries for (the mesh's own calls, gauges). */
export function plainSlothRules(declared: DeclaredObjective): readonly RuleGroup[] | null {
  const error = errorQuery(declared);
  if (error === null) return null;
  const { objective, names } = declared;
  const { id, labels, selector } = slothNames(declared);
  const periodMs = nominalPeriodMs(objective.period);
  const percent = Number(names.targetPercent);
  const recordings = windowsMs.map(
    (windowMs): RecordingRule => ({
      record: ratioRecord(windowMs),
      expr: error(windowMs),
      labels: { ...labels, sloth_window: windowName(windowMs) },
    }),
  );
  const short = `${ratioRecord(5 * minuteMs)}${selector}[${formatDuration(periodMs)}]`;
  const period: RecordingRule = {
    record: ratioRecord(periodMs),
    expr: `sum_over_time(${short})\n/ ignoring (sloth_window)\ncount_over_time(${short})\n`,
    labels: { ...labels, sloth_window: windowName(periodMs) },
  };
  const target = String(percent / 100);
  const meta = metaRules(declared, { objective: target, budget: `1-${target}`, version: "meshlens" });
  const alerts = [alertOf(declared, "PAGE"), alertOf(declared, "TICKET")].filter((alert) => alert !== null);
  return [
    { name: `sloth-slo-sli-recordings-${id}`, rules: [...recordings, period] },
    { name: `sloth-slo-meta-recordings-${id}`, rules: meta },
    ...(alerts.length === 0 ? [] : [{ name: `sloth-slo-alerts-${id}`, rules: alerts }]),
  ];
}

function errorQuery({ objective: { sli } }: DeclaredObjective): ((windowMs: number) => string) | null {
  const text = (query: UserQuery, windowMs: number) => askedText(query, windowMs);
  switch (sli.kind) {
    case "EVENTS": {
      const { part, total, partIs } = sli;
      return partIs === "failed"
        ? (windowMs) => `(${text(part, windowMs)})\n/\n(${text(total, windowMs)})\n`
        : (windowMs) => `(\n1 - ((\n${text(part, windowMs)}\n)\n/\n(\n${text(total, windowMs)}\n))\n)\n`;
    }
    case "RATIO": {
      const { ratio, ratioIs } = sli;
      return ratioIs === "failed"
        ? (windowMs) => `(${text(ratio, windowMs)})\n`
        : (windowMs) => `1 - (${text(ratio, windowMs)})\n`;
    }
    default:
      return null;
  }
}

/** Sloth writes no alerts for OpenSLO. */
function alertOf(declared: DeclaredObjective, severity: Severity): AlertingRule | null {
  const { names, objective } = declared;
  const texts = severity === "PAGE" ? names.page : names.ticket;
  const tiers = objective.alerting.tiers.filter((tier) => tier.severity === severity);
  if (texts === null || tiers.length === 0 || objective.origin.kind === "openslo") return null;
  const { selector } = slothNames(declared);
  const word = severity.toLowerCase();
  // Sloth's own arithmetic, noise and all.
  const budget = (100 - Number(names.targetPercent)) / 100;
  const side = (windowMs: number, factor: number) =>
    `max(${ratioRecord(windowMs)}${selector} > (${factor} * ${budget})) without (sloth_window)`;
  const pairs = tiers.map(
    ({ shortMs, longMs, factor }) => `(\n    ${side(shortMs, factor)}\n    and\n    ${side(longMs, factor)}\n)`,
  );
  return {
    alert: alertName(declared),
    expr: `${pairs.join("\nor\n")}\n`,
    labels: { ...texts.labels, sloth_severity: word },
    annotations: {
      title: `(${word}) {{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is too fast.`,
      summary: `{{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is over expected.`,
      ...texts.annotations,
    },
  };
}
