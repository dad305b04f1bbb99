/** The arithmetic of step outages of constant traffic (reference: SRE Workbook ch. 5), and which outages every way of evaluating is held to. */
import type { Objective } from "../../src/slo/objective.js";
import { dayMs, hourMs, minuteMs, offsetMs } from "./alert-stream.js";

/** Share of the calls that fail, and for how long. */
export type Outage = readonly [share: number, lengthMs: number];

/** 0.2, 1.5, 2, 5, 10 and 100 % for several lengths: some too short or too mild to tell, some that every tier sees. */
export const stepOutages: readonly Outage[] = [
  [0.002, hourMs],
  [0.002, 40 * hourMs],
  [0.002, 3 * dayMs],
  [0.015, 30 * minuteMs],
  [0.015, 70 * minuteMs],
  [0.015, 3 * hourMs],
  [0.015, 6 * hourMs],
  [0.02, 20 * minuteMs],
  [0.02, 50 * minuteMs],
  [0.02, 4 * hourMs],
  [0.05, hourMs],
  [0.1, 5 * minuteMs],
  [0.1, 9 * minuteMs],
  [0.1, 25 * minuteMs],
  [0.1, hourMs],
  [1, 40_000],
  [1, minuteMs],
  [1, 3 * minuteMs],
  [1, 10 * minuteMs],
  [1, 2 * hourMs],
];

/** When its incident fires, recovers and resolves, after the outage's first moment; null: never. */
export function expectedOutage({ alerting, target }: Objective, [share, lengthMs]: Outage) {
  const { tiers, hold } = alerting;
  const budget = target.budgetRatio;
  const tripped = tiers
    .map((tier) => ({
      ...tier,
      detectMs: (tier.factor * budget * tier.longMs) / share,
      clearMs: tier.shortMs * (1 - (tier.factor * budget) / share),
    }))
    .filter(({ factor, detectMs }) => share >= factor * budget && detectMs <= lengthMs);
  if (tripped.length === 0) return null;
  const severities = (["PAGE", "TICKET"] as const).flatMap((severity) => {
    const own = tripped.filter((tier) => tier.severity === severity);
    if (own.length === 0) return [];
    const { forMs, keepFiringMs } = hold[severity];
    return {
      fireMs: Math.min(...own.map(({ detectMs }) => detectMs)) + forMs + offsetMs,
      endMs: lengthMs + Math.max(...own.map(({ clearMs }) => clearMs)) + keepFiringMs + offsetMs,
      severity,
    };
  });
  const quickest = tripped.reduce((a, b) => (b.shortMs < a.shortMs ? b : a));
  const slowest = tripped.reduce((a, b) => (b.factor < a.factor ? b : a));
  return {
    fireMs: Math.min(...severities.map(({ fireMs }) => fireMs)),
    first: severities.reduce((a, b) => (b.fireMs < a.fireMs ? b : a)).severity,
    // The quickest window falls below the mildest tier still met.
    recoverMs: lengthMs + quickest.shortMs * (1 - (slowest.factor * budget) / share) + offsetMs,
    resolveMs: Math.max(...severities.map(({ endMs }) => endMs)),
    hasPage: severities.some(({ severity }) => severity === "PAGE"),
  };
}
