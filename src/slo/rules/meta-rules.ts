/** The recordings that dashboards made for Sloth read: target, budget, burn now and over the period. Same in both kinds of rules. */
import { nominalPeriodMs } from "../period.js";
import type { DeclaredObjective } from "../readers/declared-objective.js";
import type { RecordingRule } from "./rule-group.js";
import { ratioRecord, slothNames } from "./sloth-names.js";

const dayMs = 86_400_000;

/** Target and budget as the numbers to print, which Sloth writes with the noise of binary fractions. */
export interface PrintedTarget {
  readonly objective: string;
  readonly budget: string;
  readonly version: string;
}

/** The group's rules. */
export function metaRules(
  declared: DeclaredObjective,
  { objective, budget, version }: PrintedTarget,
): readonly RecordingRule[] {
  const { names, objective: own } = declared;
  const { labels, selector } = slothNames(declared);
  const periodMs = nominalPeriodMs(own.period);
  const ratio = (windowMs: number) => `${ratioRecord(windowMs)}${selector}`;
  const perBudget = (windowMs: number) =>
    `${ratio(windowMs)}\n/ on(sloth_id, sloth_slo, sloth_service) group_left\nslo:error_budget:ratio${selector}\n`;
  const shortestMs = Math.min(300_000, ...own.alerting.tiers.map(({ shortMs }) => shortMs));
  const rule = (record: string, expr: string, more: Readonly<Record<string, string>> = {}): RecordingRule => ({
    record,
    expr,
    labels: { ...labels, ...more },
  });
  return [
    rule("slo:objective:ratio", `vector(${objective})`),
    rule("slo:error_budget:ratio", `vector(${budget})`),
    rule("slo:time_period:days", `vector(${periodMs / dayMs})`),
    rule("slo:current_burn_rate:ratio", perBudget(shortestMs)),
    rule("slo:period_burn_rate:ratio", perBudget(periodMs)),
    rule("slo:period_error_budget_remaining:ratio", `1 - slo:period_burn_rate:ratio${selector}`),
    rule("sloth_slo_info", "vector(1)", {
      sloth_mode: modes[own.origin.kind] ?? "cli-gen-prom",
      sloth_objective: names.targetPercent,
      sloth_spec: names.spec,
      sloth_version: version,
    }),
  ];
}

const modes: Readonly<Record<string, string>> = { openslo: "cli-gen-openslo" };
