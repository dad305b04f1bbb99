/** How far back Meshlens looks: what retention and scrapes are held against. Pure; made from the configured objectives. */
import type { Objective } from "../slo/objective.js";
import { nominalPeriodMs } from "../slo/period.js";
import { tierWindowsMs } from "../slo/windows.js";

/** Stretches, ms. */
export interface NeededWindows {
  /** Shortest window of an objective's tiers; null without objectives. */
  readonly shortestMs: number | null;
  /** Longest period or window of an objective; null without objectives. */
  readonly longestMs: number | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Diagnosis compares with the same time of yesterday and of last week (alerting/diagnosing/choose-windows.ts), an hour of it at most. */
export const baselineReachMs = { yesterday: dayMs + hourMs, lastWeek: 7 * dayMs + hourMs } as const;

/** Of all objectives together. */
export function neededWindows(objectives: readonly Pick<Objective, "alerting" | "period">[]): NeededWindows {
  const windows = objectives.flatMap(tierWindowsMs);
  const lengths = [...windows, ...objectives.map(({ period }) => nominalPeriodMs(period))];
  const least = windows.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return {
    shortestMs: windows.length === 0 ? null : least,
    longestMs: lengths.length === 0 ? null : lengths.reduce((a, b) => Math.max(a, b), 0),
  };
}
