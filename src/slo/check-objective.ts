/** Rules every objective keeps, whatever file it was read from. Called by the readers, which know the places. */
import { DateTime } from "luxon";
import type { FindingCode } from "./finding.js";
import { formatDuration } from "./format-duration.js";
import type { Objective } from "./objective.js";
import { nominalPeriodMs } from "./period.js";

/** A broken rule. `tier` is the index of the tier it is about; null for the period. */
export interface ObjectiveProblem {
  readonly level: "error" | "warning";
  readonly code: FindingCode;
  readonly tier: number | null;
  readonly message: string;
}

/** Below this a tier is met by what the budget bears; 28 days instead of 30 make the last usual tier 0.93. */
const leastFactor = 0.9;

/** All broken rules; [] for a sound objective. A tier that cannot be reached is a warning where the tiers are the usual ones. */
export function checkObjective(objective: Objective, hasOwnTiers: boolean): readonly ObjectiveProblem[] {
  return [...checkPeriod(objective), ...checkTiers(objective, hasOwnTiers)];
}

function checkPeriod({ period }: Objective): readonly ObjectiveProblem[] {
  if (period.kind === "rolling") return [];
  const begin = DateTime.fromISO(period.anchor, { zone: period.zone });
  if (begin.isValid) return [];
  const message =
    begin.invalidReason === "unsupported zone"
      ? `the zone ${JSON.stringify(period.zone)} does not exist: write an IANA name such as Europe/Berlin`
      : `the start ${JSON.stringify(period.anchor)} is no local date: write one such as 2024-01-01 or 2024-01-01T06:00:00`;
  return [{ level: "error", code: "SLO_WINDOW", tier: null, message }];
}

function checkTiers(objective: Objective, hasOwnTiers: boolean): readonly ObjectiveProblem[] {
  const { alerting, target, period } = objective;
  const periodMs = nominalPeriodMs(period);
  const most = 1 / target.budgetRatio;
  return alerting.tiers.flatMap(({ name, severity, longMs, shortMs, factor }, index): readonly ObjectiveProblem[] => {
    const problem = (level: "error" | "warning", code: FindingCode, message: string) => ({
      level,
      code,
      tier: index,
      message,
    });
    const first = alerting.tiers.findIndex((other) => other.name === name);
    if (first < index) {
      return [problem("error", "SLO_TIER_WINDOWS", `the tier ${name} stands here twice: remove one`)];
    }
    if (shortMs >= longMs) {
      return [problem("error", "SLO_TIER_WINDOWS", `the short window of ${name} must be shorter than the long one`)];
    }
    if (longMs >= periodMs) {
      const words = `the long window of ${name} must be shorter than the period of ${formatDuration(periodMs)}: write alerting.tiers with shorter windows`;
      return [problem(hasOwnTiers ? "error" : "warning", "SLO_TIER_WINDOWS", words)];
    }
    if (factor > most) {
      const words = `${name} fires at ${figure(factor)} times the budget, but with every event failed this target burns at ${figure(most)}: ${severity.toLowerCase()}s of it never come; write a higher target or tiers with a lower factor`;
      return [problem(hasOwnTiers ? "error" : "warning", "SLO_TIER_UNREACHABLE", words)];
    }
    if (factor < leastFactor) {
      const words = `${name} fires at ${figure(factor)} times the budget, which the budget bears: write alerting.tiers with a shorter long window or a larger share`;
      return [problem("warning", "SLO_TIER_TOLERATED", words)];
    }
    return [];
  });
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
