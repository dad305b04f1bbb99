/** How fast a budget is being spent, and whether a tier's two windows say that it is too fast. Pure; called by the decision and the surfaces. */
import type { BurnCondition } from "./burn-condition.js";
import type { BurnTier } from "./burn-tier.js";
import { formatDuration } from "./format-duration.js";
import type { Measurement, WindowMeasure } from "./measurement.js";
import type { Objective } from "./objective.js";
import type { Target } from "./target.js";

/**
 * How fast the error budget is being spent: 1 spends exactly the budget over the objective's period.
 * @param errorRatio failed / all events of one window, 0..1; null when the window had no events
 * @returns at least 0; null in, null out: silence is not health
 * Source: Google SRE Workbook ch. 5, "Burn rate".
 */
export function burnRate(errorRatio: number | null, target: Target): number | null {
  return errorRatio === null ? null : errorRatio / target.budgetRatio;
}

/** Whether a burn rate is at a factor or above; a rounding error of binary fractions below still counts. */
export function isBurningAt(burn: number | null, factor: number): boolean {
  return burn !== null && burn >= factor * (1 - 1e-9);
}

/** MET: it burns. CLEAR: it does not, or there were no calls. UNSURE: too little is known for either, so nothing may change. */
export type Verdict = "MET" | "CLEAR" | "UNSURE";

/** A tier at one instant. */
export interface JudgedTier {
  readonly tier: BurnTier;
  readonly verdict: Verdict;
  readonly condition: BurnCondition;
  readonly long: WindowMeasure | null;
}

/** Share of a window that must be known before it can clear anybody. */
const enoughCoverage = 0.5;

/** Judges every tier of an objective, in the order of its tiers. */
export function judgeTiers(
  objective: Pick<Objective, "target" | "alerting">,
  measurement: Measurement,
): readonly JudgedTier[] {
  const windows = new Map(measurement.windows.map((window) => [window.windowMs, window]));
  return objective.alerting.tiers.map((tier) => {
    const long = windows.get(tier.longMs) ?? null;
    const short = windows.get(tier.shortMs) ?? null;
    const burn = (window: WindowMeasure | null) =>
      isKnown(window) ? burnRate(window.errorRatio, objective.target) : null;
    const { verdict, note } = judge(tier, objective, measurement, long, short);
    const condition: BurnCondition = {
      tier: tier.name,
      severity: tier.severity,
      threshold: tier.factor,
      long: { windowMs: tier.longMs, value: burn(long) },
      short: { windowMs: tier.shortMs, value: burn(short) },
      met: verdict === "MET",
      note,
    };
    return { tier, verdict, condition, long };
  });
}

interface Judgement {
  readonly verdict: Verdict;
  readonly note: string | null;
}

function judge(
  tier: BurnTier,
  { target, alerting }: Pick<Objective, "target" | "alerting">,
  { dataState, dataReason }: Measurement,
  long: WindowMeasure | null,
  short: WindowMeasure | null,
): Judgement {
  if (dataState === "UNKNOWN" || dataState === "NO_DATA") {
    return { verdict: "UNSURE", note: dataReason ?? dataWords[dataState] };
  }
  if (!isKnown(long) || !isKnown(short)) {
    const missing = isKnown(long) ? tier.shortMs : tier.longMs;
    return { verdict: "UNSURE", note: `the counts of the last ${formatDuration(missing)} are not known` };
  }
  const idle = [short, long].find((window) => window.errorRatio === null && window.coverage >= enoughCoverage);
  if (idle !== undefined) {
    return { verdict: "CLEAR", note: `no traffic in the last ${formatDuration(idle.windowMs)}` };
  }
  const below = [long, short].find(
    (window) => window.coverage >= enoughCoverage && !isBurningAt(burnRate(window.errorRatio, target), tier.factor),
  );
  if (below !== undefined) return { verdict: "CLEAR", note: null };
  const failed = failedCount(long);
  if (failed !== null && failed < alerting.minFailedEvents && long.coverage >= enoughCoverage) {
    const words = `${failed} failed in the last ${formatDuration(tier.longMs)}, fewer than the ${alerting.minFailedEvents} that count`;
    return { verdict: "CLEAR", note: words };
  }
  // What is not covered is taken as good calls at the same rate: nothing fires because back-fill is still under way.
  const isSpent = [long, short].every((window) =>
    isBurningAt(burnRate(window.errorRatio === null ? null : window.errorRatio * window.coverage, target), tier.factor),
  );
  const isEnough = failed === null || failed >= alerting.minFailedEvents;
  if (isSpent && isEnough) return { verdict: "MET", note: null };
  const thin = long.coverage < short.coverage ? long : short;
  const words = `only ${Math.floor(thin.coverage * 100)} % of the last ${formatDuration(thin.windowMs)} is known`;
  return { verdict: "UNSURE", note: words };
}

const dataWords = {
  UNKNOWN: "the source did not answer, or only in part",
  NO_DATA: "the source has no series of it",
} as const;

function isKnown(window: WindowMeasure | null): window is WindowMeasure {
  return window !== null && window.dataState !== "UNKNOWN" && window.dataState !== "NO_DATA";
}

/** Failed events of a window; null where events are not counted. */
export function failedCount({ goodCount, totalCount }: WindowMeasure): number | null {
  return goodCount === null || totalCount === null ? null : totalCount - goodCount;
}
