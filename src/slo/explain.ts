/**
 * What an objective's tiers mean in figures: thresholds, how much traffic they need, when an outage is noticed and when it is over.
 * Pure; `meshlens slo explain` prints it. Source: reference arithmetic for a step outage of constant traffic: noticed after
 * factor x budget x long / share, over after short x (1 - factor x budget / share).
 */
import type { BurnTier, Severity } from "./burn-tier.js";
import type { Objective } from "./objective.js";
import { nominalPeriodMs } from "./period.js";

/** What a tier does about an outage in which `share` of the events fail. */
export interface TierOutage {
  /** From the first failed event until the tier is met; the shortest such outage that fires. Null: never. */
  readonly detectMs: number | null;
  /** Until somebody is told: with `for`; scrape, offset and one evaluation come on top. */
  readonly fireMs: number | null;
  /** From the end of the outage until the tier is clear; null: never met. */
  readonly clearMs: number | null;
  /** Until its severity has ended: with keep-firing. */
  readonly endMs: number | null;
}

/** One tier. */
export interface ExplainedTier {
  readonly name: string;
  readonly severity: Severity;
  readonly factor: number;
  /** Error ratio from which it burns, 0..1; above 1 it cannot be reached. */
  readonly errorRatio: number;
  /** Share of the period's budget that is spent when its long window is full at that rate. */
  readonly budgetShare: number;
  readonly isReachable: boolean;
  /** Fewer events in the long window than this, and a single failed one would be over the threshold. */
  readonly loneFailureBelow: number;
  /** Events in the long window at which the fewest failed events that count are just the threshold: with less traffic the error ratio must be higher. */
  readonly fullSensitivityFrom: number;
  readonly outages: readonly TierOutage[];
}

/** An objective in figures; `outages[i]` of a tier belongs to `shares[i]`. */
export interface ExplainedObjective {
  readonly objective: Objective;
  /** A period's budget as time in which everything fails, ms. */
  readonly fullOutageBudgetMs: number;
  readonly shares: readonly number[];
  readonly tiers: readonly ExplainedTier[];
}

/** Explains; `shares` are those of failing events in the outages, 0..1, such as 1 and 0.1. */
export function explainObjective(objective: Objective, shares: readonly number[]): ExplainedObjective {
  const { alerting, target, period } = objective;
  const periodMs = nominalPeriodMs(period);
  return {
    objective,
    fullOutageBudgetMs: target.budgetRatio * periodMs,
    shares,
    tiers: alerting.tiers.map((tier): ExplainedTier => {
      const errorRatio = Number((tier.factor * target.budgetRatio).toPrecision(12));
      return {
        name: tier.name,
        severity: tier.severity,
        factor: tier.factor,
        errorRatio,
        budgetShare: (tier.factor * tier.longMs) / periodMs,
        isReachable: errorRatio <= 1,
        loneFailureBelow: Math.ceil(1 / errorRatio),
        fullSensitivityFrom: Math.ceil(alerting.minFailedEvents / errorRatio),
        outages: shares.map((share) => outageOf(tier, errorRatio, share, objective)),
      };
    }),
  };
}

function outageOf(tier: BurnTier, errorRatio: number, share: number, { alerting }: Objective): TierOutage {
  if (share < errorRatio) return { detectMs: null, fireMs: null, clearMs: null, endMs: null };
  const { forMs, keepFiringMs } = alerting.hold[tier.severity];
  const detectMs = (errorRatio * tier.longMs) / share;
  const clearMs = tier.shortMs * (1 - errorRatio / share);
  return { detectMs, fireMs: detectMs + forMs, clearMs, endMs: clearMs + keepFiringMs };
}
