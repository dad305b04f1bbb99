/** A half-open stretch of time (fromMs, toMs], epoch milliseconds UTC; fromMs < toMs. Every port takes its range in this form. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Length of a window in seconds, the divisor of every rate over the whole window. */
export function windowSeconds(window: TimeWindow): number {
  return (window.toMs - window.fromMs) / 1000;
}
