/** What an objective may spend on failures and what is left. Pure; weighted by events, except for ratios, which have none. */
import { burnRate } from "./burn-rate.js";
import type { Measurement } from "./measurement.js";
import type { Objective } from "./objective.js";
import { nominalPeriodMs } from "./period.js";
import { periodWindow } from "./windows.js";

/** A budget at one instant. */
export interface ErrorBudget {
  /** Events that may fail in the period, of those counted so far; null where events are not counted. */
  readonly allowedCount: number | null;
  /** Spent / allowed; may pass 1. Null without events. */
  readonly consumedRatio: number | null;
  /** 1 - consumedRatio; below 0 when overspent. */
  readonly remainingRatio: number | null;
  /**
   * When it is spent at the present burn rate, epoch ms: the measurement's own end when it is spent already, null when it will not be
   * within the period (a calendar period: before it ends).
   */
  readonly exhaustedAtMs: number | null;
  /** Share of the period whose counts are known, 0..1: below 1 the budget is that of a part of the period, not extrapolated. */
  readonly coverage: number;
}

/** The budget; null while the period is not measured. `presentBurn` is that of the long window of the quickest tier. */
export function errorBudget(
  objective: Pick<Objective, "target" | "period" | "alerting">,
  { period, windows, endMs }: Pick<Measurement, "period" | "windows" | "endMs">,
): ErrorBudget | null {
  if (period === null || period.dataState === "UNKNOWN" || period.dataState === "NO_DATA") return null;
  const { budgetRatio } = objective.target;
  const allowedCount = period.totalCount === null ? null : period.totalCount * budgetRatio;
  const consumedRatio = burnRate(period.errorRatio, objective.target);
  const remainingRatio = consumedRatio === null ? null : 1 - consumedRatio;
  const quickest = Math.min(...objective.alerting.tiers.map(({ longMs }) => longMs));
  const present = windows.find(({ windowMs }) => windowMs === quickest);
  const presentBurn = present === undefined ? null : burnRate(present.errorRatio, objective.target);
  return {
    allowedCount,
    consumedRatio,
    remainingRatio,
    exhaustedAtMs: remainingRatio === null ? null : exhaustedAt(objective, endMs, remainingRatio, presentBurn),
    coverage: period.coverage,
  };
}

function exhaustedAt(
  { period }: Pick<Objective, "period">,
  endMs: number,
  remainingRatio: number,
  presentBurn: number | null,
): number | null {
  if (remainingRatio <= 0) return endMs;
  if (presentBurn === null || presentBurn <= 0) return null;
  const lengthMs = nominalPeriodMs(period);
  const atMs = endMs + (remainingRatio * lengthMs) / presentBurn;
  const lastMs = periodWindow(period, endMs).endsAtMs ?? endMs + lengthMs;
  return atMs <= lastMs ? Math.round(atMs) : null;
}

/** How an objective is, as lists show it. */
export type ObjectiveState = "OK" | "BURNING" | "EXHAUSTED" | "UNKNOWN";

/** EXHAUSTED when nothing is left, BURNING while a tier is met, UNKNOWN while nothing can be said, else OK. */
export function objectiveState(
  budget: ErrorBudget | null,
  conditions: readonly { readonly met: boolean }[],
  dataState: Measurement["dataState"],
): ObjectiveState {
  if (budget !== null && budget.remainingRatio !== null && budget.remainingRatio <= 0) return "EXHAUSTED";
  if (conditions.some(({ met }) => met)) return "BURNING";
  if (dataState === "UNKNOWN" || dataState === "NO_DATA" || budget === null) return "UNKNOWN";
  return "OK";
}
