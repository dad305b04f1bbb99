/** The two proxies' ways of sorting a duration into buckets. */

/** A family of classic histograms. */
export interface HistogramShape {
  /** Upper bounds without `+Inf`, ascending. */
  readonly bounds: readonly number[];
  /** What of a value is compared with the bounds. */
  readonly compared: (value: number) => number;
}

/**
 * Envoy with Istio's bounds (ms and bytes alike). Envoy keeps two significant digits of a value, so a bucket's border is soft upwards:
 * 2,501 to 2,599 ms count as 2,500 (seen on Envoy 1.40).
 */
export const istioHistogram: HistogramShape = {
  bounds: [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1e3, 2500, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 18e5, 36e5],
  compared: twoDigits,
};

/** Linkerd's proxy: one leading digit from 1 ms to 50 s, borders exact. Source: linkerd2-proxy, linkerd/metrics latency bounds. */
export const linkerdHistogram: HistogramShape = {
  bounds: [1, 10, 100, 1e3, 1e4].flatMap((power) => [1, 2, 3, 4, 5].map((digit) => digit * power)),
  compared: (value) => value,
};

/** Which bucket a value falls into; the number of bounds for `+Inf`. */
export function bucketOf({ bounds, compared }: HistogramShape, value: number): number {
  const comparable = compared(value);
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparable <= (bounds[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function twoDigits(value: number): number {
  let unit = 1;
  while (value >= unit * 100) unit *= 10;
  return value < 100 ? value : Math.floor(value / unit) * unit;
}
