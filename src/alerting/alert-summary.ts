/** What happened to an incident in one sentence for people. Pure; written with each transition, shown by GraphQL and messages. */
import { isBurningAt } from "../slo/burn-rate.js";
import { errorBudget } from "../slo/error-budget.js";
import type { Measurement } from "../slo/measurement.js";
import type { Objective } from "../slo/objective.js";
import type { AlertTransition } from "./alert-state.js";

/** What the sentence is made from. */
export interface SummaryInput {
  readonly objective: Pick<Objective, "name" | "service" | "target" | "period" | "alerting">;
  readonly measurement: Measurement;
  readonly transition: Pick<AlertTransition, "to" | "burnConditions">;
}

/** Such as "reviews.bookinfo burns its availability budget 22 times too fast (1h/5m); at this pace it is spent in 14 h". */
export function alertSummary({ objective, measurement, transition }: SummaryInput): string {
  const who = `${objective.service.name}.${objective.service.namespace}`;
  const what = `its ${objective.name} budget`;
  const budget = errorBudget(objective, measurement);
  const left = leftWords(budget?.remainingRatio ?? null);
  switch (transition.to) {
    case "RESOLVED":
      return `${who} does not burn ${what} any more${left}`;
    case "RECOVERING":
      return `${who} stopped burning ${what}; watched a while longer${left}`;
    default: {
      const verb = transition.to === "PENDING" ? "begins to burn" : "burns";
      const fastest = metFastest(transition.burnConditions);
      const pace = fastest === null ? "too fast" : `${figure(fastest.burn)} times too fast (${fastest.tier})`;
      return `${who} ${verb} ${what} ${pace}${spentWords(budget, measurement.endMs)}`;
    }
  }
}

/** The sentence of an incident whose objective is configured no more. */
export function removedSummary(serviceName: string, namespace: string, objectiveName: string): string {
  return `the objective ${objectiveName} of ${serviceName}.${namespace} was removed`;
}

function metFastest(
  conditions: AlertTransition["burnConditions"],
): { readonly tier: string; readonly burn: number } | null {
  const met = conditions.flatMap(({ tier, met, threshold, long: { value } }) =>
    met && value !== null && isBurningAt(value, threshold) ? [{ tier, burn: value }] : [],
  );
  return met.toSorted((a, b) => b.burn - a.burn)[0] ?? null;
}

function leftWords(remainingRatio: number | null): string {
  if (remainingRatio === null) return "";
  return remainingRatio <= 0 ? "; nothing of it is left" : `; ${figure(remainingRatio * 100)} % of it is left`;
}

function spentWords(budget: ReturnType<typeof errorBudget>, endMs: number): string {
  if (budget === null || budget.remainingRatio === null) return "";
  if (budget.remainingRatio <= 0) return "; nothing of it is left";
  return budget.exhaustedAtMs === null
    ? ""
    : `; at this pace it is spent in ${spanWords(budget.exhaustedAtMs - endMs)}`;
}

const spans: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
];

/** Rounded to its largest unit that gives two or more of it: people read a pace, not a timetable. */
function spanWords(ms: number): string {
  const [unit, size] = spans.find(([, length]) => ms >= 2 * length) ?? ["min", 60_000];
  return `${Math.max(1, Math.round(ms / size))} ${unit}`;
}

function figure(value: number): string {
  return String(value < 10 ? Number(value.toPrecision(2)) : Math.round(value));
}
