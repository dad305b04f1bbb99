/**
 * Judges tallies: what share of badness the windows before and the learnt background lead to expect, how sure it is that more is seen now,
 * and how much more. A share seldom seen before is not taken for 0: it is expected to be like other shares of its kind.
 */
import { type Belief, logLikelihood, meanOf, varianceOf, weakened } from "./beta-binomial.js";
import type { Key } from "./request.js";
import { effectiveCount, type Tally } from "./tally.js";

/** What a tally says. Shares are of the requests that could have been bad. */
export interface Change {
  readonly tally: Tally;
  readonly incidentRatio: number;
  readonly expectedRatio: number;
  /** Log of how much better "it changed" fits than "it is as ever"; at most 0 when it is no worse than expected. */
  readonly logFactor: number;
  /** The same if the bursts it had before are its habit; equal without any. */
  readonly habitLogFactor: number;
  /** Standard error of incidentRatio - expectedRatio. */
  readonly standardError: number;
}

/** What is believed of a kind's shares before any is seen. */
export interface Prior {
  readonly belief: Belief;
  /** Requests a window is worth at most for another: windows differ by more than chance. */
  readonly most: number;
}

/** The usual share of a service's own failures, learnt from metrics over longer time; null when not learnt. */
export type UsualRatio = (service: Key) => number | null;

const usualSpread = 0.02;

/**
 * Learns from all tallies of one kind how shares are spread over places (their mean, and how alike they are) and how much the windows differ.
 * Source: moments of the beta-binomial distribution.
 */
export function priorOf(tallies: readonly Tally[]): Prior {
  let n = 0;
  let x = 0;
  const shares: { ratio: number; count: number }[] = [];
  for (const { baselines } of tallies) {
    const count = baselines.reduce((sum, exposure) => sum + effectiveCount(exposure), 0);
    if (count <= 0) continue;
    const bad = baselines.reduce((sum, { x: part }) => sum + part, 0);
    const all = baselines.reduce((sum, { n: part }) => sum + part, 0);
    shares.push({ ratio: bad / all, count });
    n += count;
    x += (bad / all) * count;
  }
  const mean = (x + 0.5) / (n + 50);
  const between = shares.reduce((sum, { ratio }) => sum + (ratio - mean) ** 2, 0) / Math.max(1, shares.length);
  const within = shares.reduce((sum, { ratio, count }) => sum + (ratio * (1 - ratio)) / count, 0);
  const spread = Math.max(0, between - within / Math.max(1, shares.length)) / (mean * (1 - mean));
  // Between "every place is one of two kinds" and "all are much alike".
  const strength = Math.min(10, Math.max(0.3, spread > 0 ? 1 / spread - 1 : 10));
  return { belief: { bad: mean * strength, good: (1 - mean) * strength }, most: 1 / windowSpread(tallies) - 1 };
}

/** Intraclass correlation of windows: 0 if they differ by chance only. A few windows say little, so the usual is mixed in. */
function windowSpread(tallies: readonly Tally[]): number {
  const trust = 10;
  let excess = trust * usualSpread;
  let freedom = trust;
  for (const { baselines } of tallies) {
    const seen = baselines.filter(({ n }) => n > 0);
    if (seen.length < 2) continue;
    const all = seen.reduce((sum, { n }) => sum + n, 0);
    const ratio = seen.reduce((sum, { x }) => sum + x, 0) / all;
    if (ratio <= 0 || ratio >= 1) continue;
    const count = seen.reduce((sum, one) => sum + effectiveCount(one), 0) / seen.length;
    if (count <= 1.5) continue;
    for (const one of seen) {
      const own = effectiveCount(one);
      const chi = (own * (one.x / one.n - ratio) ** 2) / (ratio * (1 - ratio));
      excess += (chi * (seen.length / (seen.length - 1)) - 1) / (count - 1) / seen.length;
    }
    freedom += 1;
  }
  return Math.min(0.3, Math.max(0.005, excess / freedom));
}

/** Judges one tally. @param burstShare of other windows, in which it burst out as it may now; 0 when none is known */
export function judge(tally: Tally, { belief, most }: Prior, usual: number | null, burstShare = 0): Change {
  const { incident, baselines } = tally;
  const n = effectiveCount(incident);
  const incidentRatio = incident.n > 0 ? Math.min(1, incident.x / incident.n) : 0;
  const strength = belief.bad + belief.good;
  const start = usual === null ? belief : { bad: Math.max(1e-4, usual) * strength, good: (1 - usual) * strength };
  const pooled = baselines.reduce<Belief>(
    (sum, exposure) => {
      const count = effectiveCount(exposure);
      const bad = exposure.n > 0 ? (exposure.x / exposure.n) * count : 0;
      return { bad: sum.bad + bad, good: sum.good + count - bad };
    },
    { bad: start.bad, good: Math.max(1e-4, start.good) },
  );
  const windows = Math.max(1, baselines.filter(({ n: seen }) => seen > 0).length);
  const expected = weakened(pooled, most * windows);
  // Also a share known exactly differs a little from window to window.
  const asEver = weakened(expected, most);
  const expectedRatio = meanOf(expected);
  const x = incidentRatio * n;
  const logFactor =
    n === 0 || incidentRatio <= expectedRatio
      ? 0
      : logLikelihood(x, n, { bad: 1, good: 1 }) - logLikelihood(x, n, asEver);
  const meanWeight2 = incident.n > 0 && n > 0 ? (incident.n / n) ** 2 : 0;
  const sampling = incident.n > 0 ? (incident.x2 + 0.5 * meanWeight2) / incident.n ** 2 : 0;
  return {
    tally,
    incidentRatio,
    expectedRatio,
    logFactor,
    habitLogFactor:
      logFactor > 0 ? -Math.log(burstShare + (1 - burstShare) * Math.exp(-Math.min(logFactor, 500))) : logFactor,
    standardError: Math.sqrt(sampling + varianceOf(asEver)),
  };
}
