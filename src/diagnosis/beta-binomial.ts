/** Arithmetic of shares that vary: how likely x of n is when the share itself is uncertain. Called by change-test.ts. */

/** A belief about a share: Beta(bad, good), as if so many bad and good requests had been seen. Both > 0. */
export interface Belief {
  readonly bad: number;
  readonly good: number;
}

/** Mean of the belief, 0..1. */
export function meanOf({ bad, good }: Belief): number {
  return bad / (bad + good);
}

/** Variance of the belief. */
export function varianceOf({ bad, good }: Belief): number {
  const all = bad + good;
  return (bad * good) / (all * all * (all + 1));
}

/** The belief with its mean kept and at most so many requests behind it: another window is not this one. */
export function weakened(belief: Belief, most: number): Belief {
  const all = belief.bad + belief.good;
  const by = all > most ? most / all : 1;
  return { bad: belief.bad * by, good: belief.good * by };
}

/** Log of how likely `x` bad of `n` are under a belief, but for the binomial coefficient, which cancels between beliefs. 0 <= x <= n. */
export function logLikelihood(x: number, n: number, { bad, good }: Belief): number {
  return logBeta(x + bad, n - x + good) - logBeta(bad, good);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Log of the gamma function for x > 0. Source: Lanczos' approximation, g = 7, nine terms; relative error below 1e-13. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const at = x - 1;
  const sum = lanczos.reduce((total, term, i) => (i === 0 ? term : total + term / (at + i)), 0);
  const t = at + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (at + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Standard normal distribution function. Source: Abramowitz and Stegun 7.1.26, error below 1.5e-7. */
export function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z >= 0 ? 0.5 * (1 + erf) : 0.5 * (1 - erf);
}
