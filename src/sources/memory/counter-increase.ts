/** What a counter's samples say about an interval: exact over a whole window, extrapolated at the points of a series. */
import type { Samples } from "./packed-samples.js";
import { firstAfter } from "./stored-series.js";

/** How far back a sample counts as a series' value, and the longest gap a count bridges. */
export const lookbackMs = 300_000;

/** The newest value in (fromMs, toMs]; null without one. */
export function newestValue({ timesMs, values }: Samples, fromMs: number, toMs: number): number | null {
  const last = firstAfter(timesMs, toMs) - 1;
  return last >= firstAfter(timesMs, fromMs) ? (values[last] ?? null) : null;
}

/**
 * The increase in (fromMs, toMs], nothing extrapolated; resets count the new value.
 * @param countsFromZero whether a series without a sample before the window was born in it, on a target known before
 * @returns null without a sample in the window or shortly before it
 */
export function exactIncrease(
  { timesMs, values }: Samples,
  fromMs: number,
  toMs: number,
  countsFromZero: boolean,
): number | null {
  const inside = firstAfter(timesMs, fromMs);
  const end = firstAfter(timesMs, toMs);
  const hasBefore = inside > 0 && (timesMs[inside - 1] ?? 0) > fromMs - lookbackMs;
  if (inside === end) return hasBefore ? 0 : null;
  const start = hasBefore ? inside : inside + 1;
  const born = !hasBefore && countsFromZero ? (values[inside] ?? 0) : 0;
  return born + sumOfSteps({ timesMs, values }, start, end);
}

/** Samples of a gauge of 0 and 1 in (fromMs, toMs], or their sum; null without any, and where they are neither 0 nor 1 nor between in the mean. */
export function countSamples(
  { timesMs, values }: Samples,
  fromMs: number,
  toMs: number,
  count: "all" | "true",
): number | null {
  const start = firstAfter(timesMs, fromMs);
  const all = firstAfter(timesMs, toMs) - start;
  let sum = 0;
  for (let i = start; i < start + all; i += 1) sum += values[i] ?? Number.NaN;
  return all > 0 && sum >= 0 && sum <= all ? (count === "all" ? all : sum) : null;
}

/** Sum of the samples in (from, to]; null without one. */
export function sumOfSamples({ timesMs, values }: Samples, fromMs: number, toMs: number): number | null {
  const start = firstAfter(timesMs, fromMs);
  const end = firstAfter(timesMs, toMs);
  let sum = 0;
  for (let i = start; i < end; i += 1) sum += values[i] ?? 0;
  return end > start ? sum : null;
}

/** Differences to the sample before, for the samples start..end - 1. */
function sumOfSteps({ timesMs, values }: Samples, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i += 1) {
    const value = values[i] ?? 0;
    const before = values[i - 1] ?? 0;
    if ((timesMs[i] ?? 0) - (timesMs[i - 1] ?? 0) >= lookbackMs) continue;
    sum += value < before ? value : value - before;
  }
  return sum;
}

/**
 * The increase over [fromMs, toMs] as Prometheus's `increase` has it: from the samples inside, extended to the ends of the range where
 * they are about one scrape away, else by half the distance of samples, and never below zero at the start.
 * @returns null with fewer than two samples
 */
export function extrapolatedIncrease(samples: Samples, fromMs: number, toMs: number): number | null {
  const { timesMs, values } = samples;
  const start = firstAfter(timesMs, fromMs - 1);
  const end = firstAfter(timesMs, toMs);
  if (end - start < 2) return null;
  const firstMs = timesMs[start] ?? 0;
  const lastMs = timesMs[end - 1] ?? 0;
  const first = values[start] ?? 0;
  const raw = sumOfSteps(samples, start + 1, end);
  const sampledMs = lastMs - firstMs;
  const distanceMs = sampledMs / (end - start - 1);
  const reach = (gapMs: number) => (gapMs < distanceMs * 1.1 ? gapMs : distanceMs / 2);
  const toZeroMs = raw > 0 ? sampledMs * (first / raw) : Number.POSITIVE_INFINITY;
  const coveredMs = sampledMs + Math.min(reach(firstMs - fromMs), toZeroMs) + reach(toMs - lastMs);
  return (raw * coveredMs) / sampledMs;
}
