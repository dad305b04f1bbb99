/** Prometheus's quantile of a classic histogram, over counts per upper bound. */

/**
 * Linear within the bucket the rank falls in, from 0 in the lowest; the highest finite bound for a rank in +Inf.
 * @param counts cumulative counts by upper bound, +Inf included
 * @returns null without observations, without +Inf or with that bucket alone
 */
export function histogramQuantile(quantile: number, counts: ReadonlyMap<number, number>): number | null {
  const buckets = [...counts].sort(([a], [b]) => a - b);
  if (buckets.length < 2 || buckets.at(-1)?.[0] !== Number.POSITIVE_INFINITY) return null;
  // Bounds sampled at different instants may dip; cumulative counts cannot.
  let highest = 0;
  const rising = buckets.map(([bound, count]) => {
    highest = Math.max(highest, count);
    return { bound, count: highest };
  });
  if (highest === 0) return null;
  const rank = quantile * highest;
  const at = rising.findIndex(({ count }) => count >= rank);
  const bucket = rising[at];
  const below = rising[at - 1];
  if (bucket === undefined) return null;
  if (bucket.bound === Number.POSITIVE_INFINITY) return below?.bound ?? null;
  if (below === undefined && bucket.bound <= 0) return bucket.bound;
  const low = below ?? { bound: 0, count: 0 };
  const share = bucket.count === low.count ? 1 : (rank - low.count) / (bucket.count - low.count);
  return low.bound + (bucket.bound - low.bound) * share;
}
