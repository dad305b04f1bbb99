/**
 * Windows before the incident in which one kind of badness burst out: an earlier incident, or a bystander's habit. Either way they are not how
 * it usually is, and either way a burst now says less than one never seen. Called by explain.ts.
 */
import { type Belief, logLikelihood } from "./beta-binomial.js";
import { type Exposure, effectiveCount, noExposure, type Tally } from "./tally.js";

/** A tally whose windows are calm, and how much of the time it was not. */
export interface CalmTally {
  readonly tally: Tally;
  /** Share of the windows with a burst, as is to be expected of another one; 0 without any. */
  readonly burstShare: number;
}

/** Nats by which "some windows burst" must fit better than "all are alike", the rarity of bursts reckoned in. */
const leastGain = 1;
/** Two kinds of windows, of which the calm ones are at least a third: with fewer it is how it is. */
const mostBurst = 0.7;
/** Of every burst over every calm window. */
const leastRise = 0.15;
const fewestWindows = 3;
/** As if so many windows had been seen, one of ten with a burst. */
const [burstPrior, calmPrior] = [0.5, 4.5];

/** Takes the bursts out. @param belief of a kind's shares before any is seen */
export function withoutBursts(tally: Tally, belief: Belief): CalmTally {
  const seen = tally.baselines.flatMap((exposure, index) =>
    exposure.n > 0 ? [{ index, ratio: exposure.x / exposure.n, exposure }] : [],
  );
  if (seen.length < fewestWindows) return { tally, burstShare: 0 };
  seen.sort((a, b) => a.ratio - b.ratio);
  const whole = likelihoodOf(
    seen.map(({ exposure }) => exposure),
    belief,
  );
  let best = { gain: leastGain, bursts: 0 };
  for (let bursts = 1; bursts <= mostBurst * seen.length; bursts += 1) {
    const calm = seen.slice(0, seen.length - bursts).map(({ exposure }) => exposure);
    const burst = seen.slice(seen.length - bursts).map(({ exposure }) => exposure);
    const [mostCalm, leastBurst] = [seen[seen.length - bursts - 1], seen[seen.length - bursts]];
    if (mostCalm === undefined || leastBurst === undefined || leastBurst.ratio - mostCalm.ratio < leastRise) continue;
    const chance = logLikelihood(bursts, seen.length, { bad: burstPrior, good: calmPrior });
    const gain = likelihoodOf(calm, belief) + likelihoodOf(burst, { bad: 1, good: 1 }) + chance - whole;
    if (gain > best.gain) best = { gain, bursts };
  }
  if (best.bursts === 0) return { tally, burstShare: 0 };
  const left = new Set(seen.slice(seen.length - best.bursts).map(({ index }) => index));
  return {
    tally: { ...tally, baselines: tally.baselines.map((one, index) => (left.has(index) ? noExposure() : one)) },
    burstShare: (best.bursts + burstPrior) / (seen.length + burstPrior + calmPrior),
  };
}

/** Log likelihood of the windows together, as of one share. */
function likelihoodOf(exposures: readonly Exposure[], belief: Belief): number {
  let [x, n] = [0, 0];
  for (const one of exposures) {
    const count = effectiveCount(one);
    n += count;
    x += (one.x / one.n) * count;
  }
  return logLikelihood(x, n, belief);
}
