/** Bounds of histogram buckets are numbers written as text: Prometheus 3 says `1000.0` where older ones say `1000`. */

/** The shorter spelling of a whole bound; other text (`0.5`, `+Inf`) is kept. */
export function normaliseBound(text: string): string {
  return text.replace(/^([+-]?\d+)\.0+$/, "$1");
}
