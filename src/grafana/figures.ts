/** Figures in the words of the node graph, which draws a null number as 0: text keeps "no data" apart from zero. */

/** `12.3 req/s`. Null is `no data`. */
export function rateWords(perSecond: number | null, unit: string): string {
  if (perSecond === null) return "no data";
  return `${short(perSecond)} ${unit}`;
}

/** `0.4 % failed`; empty for null. */
export function shareWords(ratio: number | null, what: string): string {
  return ratio === null ? "" : `${short(ratio * 100)} % ${what}`;
}

/** Two digits that matter below 100, whole above; never 0 for what is not 0. */
function short(value: number): string {
  if (value === 0) return "0";
  if (value < 0.01) return "<0.01";
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(2)));
}
