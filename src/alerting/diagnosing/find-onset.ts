/** When a service began to burn and which stretches before did not, by its own series. Pure; called by choose-windows.ts. */
import type { Series } from "../../mesh/mesh.js";
import type { TimeWindow } from "../../telemetry/time-window.js";

/** The service's series over the incident and some time before it, at the same points. */
export interface ServiceCourse {
  readonly timestampsMs: readonly number[];
  /** 0..1. */
  readonly errorRatio: Series["values"];
  /** A high quantile, ms. */
  readonly latencyMs: Series["values"];
}

/** What the series tell. */
export interface Onset {
  /** The last point at which all was well; null when nothing stands out or it was never well. */
  readonly atMs: number | null;
  /** True when the series begin with the burn: there is no earlier time in them. */
  readonly isOlder: boolean;
  /** Share of a stretch's points at which the service was not well, 0..1; null when none, or less than this share, of its points tells. */
  readonly badRatio: (window: TimeWindow, leastKnown: number) => number | null;
  /** The latency that is usual before the incident, ms; null when not known. */
  readonly usualLatencyMs: number | null;
}

/** Below these a rise is no burn. */
const leastErrorRise = 0.005;
const leastLatencyRise = 1.3;
/** What the time before exceeds this often is no incident but how the service is. */
const mostOften = 0.25;

/** Judges the course: bad is nearer to the incident's level than to the level of before. */
export function findOnset({ timestampsMs, errorRatio, latencyMs }: ServiceCourse, incident: TimeWindow): Onset {
  const sideOf = (values: Series["values"]): Sides => {
    const before: number[] = [];
    const within: number[] = [];
    for (const [i, value] of values.entries()) {
      const atMs = timestampsMs[i] ?? 0;
      if (value !== null && atMs <= incident.toMs) (atMs <= incident.fromMs ? before : within).push(value);
    }
    return { before, within };
  };
  const [errors, latency] = [sideOf(errorRatio), sideOf(latencyMs)];
  const usualMs = usualOf(latency);
  const errorLimit = limitOf(errors, (worst, usual) => worst - usual >= leastErrorRise);
  const latencyLimit = limitOf(latency, (worst, usual) => worst > leastLatencyRise * usual);
  const isBadBy = (limits: readonly [Limit, Limit], i: number): boolean =>
    (errorRatio[i] ?? 0) > limits[0].value || (latencyMs[i] ?? 0) > limits[1].value;
  // Latency that swings anyway makes no stretch unfit; errors that come and go do.
  const isBad = timestampsMs.map((_, i) => isBadBy([errorLimit, unlessHabit(latencyLimit)], i));
  const isBurning = timestampsMs.map((_, i) => isBadBy([unlessHabit(errorLimit), unlessHabit(latencyLimit)], i));
  const first = firstOfRun(
    isBurning,
    timestampsMs,
    timestampsMs.findLastIndex((atMs, i) => atMs > incident.fromMs && atMs <= incident.toMs && isBurning[i] === true),
  );
  return {
    atMs: first === null || first === 0 ? null : (timestampsMs[first - 1] ?? null),
    isOlder: first === 0,
    badRatio: ({ fromMs, toMs }, leastKnown) => {
      const points = timestampsMs.flatMap((atMs, i) => (atMs > fromMs && atMs <= toMs ? [i] : []));
      const known = points.filter((i) => (errorRatio[i] ?? latencyMs[i] ?? null) !== null);
      if (known.length === 0 || known.length < leastKnown * points.length) return null;
      return known.filter((i) => isBad[i] === true).length / known.length;
    },
    usualLatencyMs: usualMs,
  };
}

interface Sides {
  readonly before: readonly number[];
  readonly within: readonly number[];
}

/** The calmest part of the incident's own window stands for before where nothing else is known. */
function usualOf({ before, within }: Sides): number | null {
  return quantileOf(before, 0.25) ?? quantileOf(within, 0.1);
}

interface Limit {
  /** Infinite where nothing rose. */
  readonly value: number;
  /** Whether the time before is beyond it often: then it tells better from worse times, but no beginning. */
  readonly isHabit: boolean;
}

function unlessHabit(limit: Limit): Limit {
  return limit.isHabit ? { ...limit, value: Number.POSITIVE_INFINITY } : limit;
}

const nothing: Limit = { value: Number.POSITIVE_INFINITY, isHabit: false };

/** Points that suffice to know what the time before reaches by chance. */
const fewestBefore = 20;

/** Halfway between usual and worst. Worst is what a tenth of the window reaches, or what a shorter burst reaches and the time before never. */
function limitOf({ before, within }: Sides, isRise: (worst: number, usual: number) => boolean): Limit {
  const usual = usualOf({ before, within });
  const ninth = quantileOf(within, 0.9);
  if (usual === null || ninth === null) return nothing;
  const ceiling = before.length < fewestBefore ? Number.POSITIVE_INFINITY : (quantileOf(before, 0.99) ?? ninth);
  // One point twice as far from usual as chance goes, or two that are beyond chance.
  const beyond = within.filter((value) => value > ceiling && isRise(value, usual));
  const isBurst = beyond.length > 1 || beyond.some((value) => value - usual > 2 * (ceiling - usual));
  const worst = isBurst ? Math.max(ninth, quantileOf(beyond, 0.5) ?? ninth) : ninth;
  if (!isRise(worst, usual)) return nothing;
  const value = (usual + worst) / 2;
  return { value, isHabit: before.filter((one) => one > value).length > mostOften * before.length };
}

/** Bursts no further apart are one burn. */
const mostApartMs = 180_000;

/** Index of the first point of the run that ends at `last`; good points between bad ones do not end it while these are near each other. */
function firstOfRun(isBad: readonly boolean[], timestampsMs: readonly number[], last: number): number | null {
  if (last < 0) return null;
  let first = last;
  for (let i = last - 1; i >= 0; i -= 1) {
    if (i < first - 2 && (timestampsMs[first] ?? 0) - (timestampsMs[i] ?? 0) > mostApartMs) break;
    if (isBad[i] === true) first = i;
  }
  return first;
}

function quantileOf(values: readonly number[], quantile: number): number | null {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.floor(quantile * (ordered.length - 1))] ?? null;
}
