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
  /** Whether the service was well throughout a stretch, as far as is known. */
  readonly isQuiet: (window: TimeWindow) => boolean;
  /** The latency that is usual before the incident, ms; null when not known. */
  readonly usualLatencyMs: number | null;
}

/** Below these a rise is no burn. */
const leastErrorRise = 0.005;
const leastLatencyRise = 1.3;

/** Judges the course: bad is nearer to the incident's level than to the level of before. */
export function findOnset({ timestampsMs, errorRatio, latencyMs }: ServiceCourse, incident: TimeWindow): Onset {
  const isBefore = (atMs: number): boolean => atMs <= incident.fromMs;
  const isWithin = (atMs: number): boolean => atMs > incident.fromMs && atMs <= incident.toMs;
  const levelOf = (values: Series["values"], keep: (atMs: number) => boolean, quantile: number): number | null =>
    quantileOf(
      values.filter((value, i) => value !== null && keep(timestampsMs[i] ?? 0)) as readonly number[],
      quantile,
    );
  // The calmest part of the incident's own window stands for before where nothing else is known.
  const usualOf = (values: Series["values"]): number | null =>
    levelOf(values, isBefore, 0.25) ?? levelOf(values, isWithin, 0.1);
  const [usualErrors, usualMs] = [usualOf(errorRatio), usualOf(latencyMs)];
  const [worstErrors, worstMs] = [levelOf(errorRatio, isWithin, 0.9), levelOf(latencyMs, isWithin, 0.9)];
  const errorLimit =
    usualErrors !== null && worstErrors !== null && worstErrors - usualErrors >= leastErrorRise
      ? (usualErrors + worstErrors) / 2
      : Number.POSITIVE_INFINITY;
  const latencyLimit =
    usualMs !== null && worstMs !== null && worstMs > leastLatencyRise * usualMs
      ? (usualMs + worstMs) / 2
      : Number.POSITIVE_INFINITY;
  const isBad = timestampsMs.map((_, i) => (errorRatio[i] ?? 0) > errorLimit || (latencyMs[i] ?? 0) > latencyLimit);
  const first = firstOfRun(
    isBad,
    timestampsMs.findLastIndex((atMs, i) => isWithin(atMs) && isBad[i] === true),
  );
  return {
    atMs: first === null || first === 0 ? null : (timestampsMs[first - 1] ?? null),
    isOlder: first === 0,
    isQuiet: ({ fromMs, toMs }) => !timestampsMs.some((atMs, i) => isBad[i] === true && atMs > fromMs && atMs <= toMs),
    usualLatencyMs: usualMs,
  };
}

/** Index of the first point of the run that ends at `last`; one good point between bad ones does not end it. */
function firstOfRun(isBad: readonly boolean[], last: number): number | null {
  if (last < 0) return null;
  let first = last;
  while (first > 0 && (isBad[first - 1] === true || isBad[first - 2] === true)) first -= isBad[first - 1] ? 1 : 2;
  return first;
}

function quantileOf(values: readonly number[], quantile: number): number | null {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.floor(quantile * (ordered.length - 1))] ?? null;
}
