/** Which windows before the incident may stand for normal: those that were not incidents themselves. Called by diagnose.ts. */
import type { Slowness } from "./slowness.js";
import { bornIn } from "./trace-tallies.js";

/** How bad a window was. */
export interface Badness {
  /** Weighted requests. */
  readonly n: number;
  /** Independent requests that is worth. */
  readonly count: number;
  /** Share that failed, was slow, or holds an error born anywhere; null without requests. */
  readonly ratio: number | null;
  /** Share that failed or was slow as the caller saw it; null without requests. */
  readonly harmRatio: number | null;
}

/**
 * Two and a half standard errors: one window of eighty is left out by chance. Of many windows only what is beyond doubt is: bursts in the
 * others are found place by place, and to keep the best alone would flatter the past.
 */
const [tooMuch, tooMuchOfMany] = [2.5, 4];
const many = 6;

/** How many requests of a window were bad. */
export function badnessOf(window: readonly Slowness[]): Badness {
  let [n, n2, bad, harmed] = [0, 0, 0, 0];
  for (const one of window) {
    const { weight, isFailed, durationMs, isWhole } = one.request;
    n += weight;
    n2 += weight * weight;
    const isHarmed = isFailed || (isWhole && durationMs > one.limitMs);
    if (isHarmed) harmed += weight;
    if (isHarmed || bornIn(one).length > 0) bad += weight;
  }
  return {
    n,
    count: n2 > 0 ? (n * n) / n2 : 0,
    ratio: n > 0 ? bad / n : null,
    harmRatio: n > 0 ? harmed / n : null,
  };
}

/** Numbers of the windows to compare with: the better third, and every other that is no worse than chance and habit allow. */
export function usableBaselines(windows: readonly (readonly Slowness[])[]): readonly number[] {
  const ranked = windows
    .map((window, index) => ({ index, badness: badnessOf(window) }))
    .filter(({ badness }) => badness.ratio !== null)
    .sort((a, b) => (a.badness.ratio ?? 0) - (b.badness.ratio ?? 0));
  const best = ranked.slice(0, Math.ceil(ranked.length / 3));
  const count = best.reduce((sum, { badness }) => sum + badness.count, 0);
  const ratio = best.reduce((sum, { badness }) => sum + badness.count * (badness.ratio ?? 0), 0) / count;
  const most = ranked.length >= many ? tooMuchOfMany : tooMuch;
  return ranked
    .filter(({ badness }, i) => i < best.length || isNoWorse(badness, { n: 0, count, ratio, harmRatio: null }, most))
    .map(({ index }) => index)
    .sort((a, b) => a - b);
}

/** Whether `one` is no worse than `other`, beyond chance. @param most standard errors that are still chance */
export function isNoWorse(one: Badness, other: Badness, most = tooMuch): boolean {
  if (one.ratio === null || other.ratio === null) return true;
  const pooled = (one.ratio * one.count + other.ratio * other.count + 0.5) / (one.count + other.count + 1);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / Math.max(1, one.count) + 1 / Math.max(1, other.count)));
  return one.ratio - other.ratio <= most * error;
}
