/** What was measured for one objective at one instant: the counts of each of its windows. Made by the counting, read by the decision. */
import type { Objective } from "./objective.js";
import { tierWindowsMs } from "./windows.js";

/** How the data of an objective or window is; says nothing about the incident. */
export type DataState =
  /** Counts came. */
  | "OK"
  /** The source answered: there were no calls. */
  | "IDLE"
  /** The source answered and does not have the series (any more). */
  | "NO_DATA"
  /** The source did not answer, or only in part. */
  | "UNKNOWN";

/** Counts of one window that ends at the measurement's instant. */
export interface WindowMeasure {
  readonly windowMs: number;
  /** Good events, 0..totalCount; null where not counted (a ratio) or not known. */
  readonly goodCount: number | null;
  /** Null where not counted (a ratio) or not known; 0 means measured zero. */
  readonly totalCount: number | null;
  /** Failed / all, 0..1; null without events or knowledge. */
  readonly errorRatio: number | null;
  /** Share of the window whose counts are known, 0..1. A time without traffic, or before the series were born, is known. */
  readonly coverage: number;
  /** UNKNOWN when the counts must not be used, whatever stands above. */
  readonly dataState: DataState;
  /** Whether more good or failed events were counted than events: the ratio was cut to 0..1. Counted in `/metrics`. */
  readonly isClamped: boolean;
}

/** One evaluation of one objective. */
export interface Measurement {
  readonly objectiveId: string;
  /** Where all windows end, by the backend's clock, epoch ms: the evaluation's time less the offset. */
  readonly endMs: number;
  /**
   * How the data is now: UNKNOWN when the newest counts could not be had whole, NO_DATA when the series are gone, IDLE when the shortest
   * window had no calls. NO_DATA and UNKNOWN hold an incident where it is, whatever the windows say.
   */
  readonly dataState: DataState;
  /** What is the matter with the data, in words; null when nothing is. */
  readonly dataReason: string | null;
  /** One for each window of the objective's tiers, in any order. */
  readonly windows: readonly WindowMeasure[];
  /** The objective's whole period so far; null while it is not known. */
  readonly period: WindowMeasure | null;
  /** Whether a figure is an estimate: a ratio weighted by time, a threshold between bucket edges. */
  readonly isApproximate: boolean;
}

/** Counts of a window as they were summed. */
export interface SummedCounts {
  readonly goodCount: number;
  readonly totalCount: number;
  readonly coverage: number;
}

/** A window from counts. Good events are cut to 0..total, which is told; NaN and infinities make it UNKNOWN; nothing known at all is NO_DATA. */
export function countedWindow(windowMs: number, { goodCount, totalCount, coverage }: SummedCounts): WindowMeasure {
  if (!Number.isFinite(goodCount) || !Number.isFinite(totalCount)) return unmeasuredWindow(windowMs, "UNKNOWN");
  if (coverage <= 0) return unmeasuredWindow(windowMs, "NO_DATA");
  const total = Math.max(0, totalCount);
  const good = Math.min(total, Math.max(0, goodCount));
  return {
    windowMs,
    goodCount: good,
    totalCount: total,
    errorRatio: total > 0 ? (total - good) / total : null,
    coverage: Math.min(1, coverage),
    dataState: total > 0 ? "OK" : "IDLE",
    isClamped: good !== goodCount || total !== totalCount,
  };
}

/** A window of a ratio: no counts, weighted by time. Null or NaN (0/0) is "no events". */
export function ratioWindow(windowMs: number, errorRatio: number | null, coverage: number): WindowMeasure {
  const isNumber = errorRatio !== null && Number.isFinite(errorRatio);
  const ratio = isNumber ? Math.min(1, Math.max(0, errorRatio)) : null;
  return {
    windowMs,
    goodCount: null,
    totalCount: null,
    errorRatio: ratio,
    coverage: Math.min(1, Math.max(0, coverage)),
    dataState: ratio === null ? "IDLE" : "OK",
    isClamped: isNumber && ratio !== errorRatio,
  };
}

/** A window of which nothing can be said. */
export function unmeasuredWindow(windowMs: number, dataState: "NO_DATA" | "UNKNOWN"): WindowMeasure {
  return {
    windowMs,
    goodCount: null,
    totalCount: null,
    errorRatio: null,
    coverage: 0,
    dataState,
    isClamped: false,
  };
}

/** A measurement of which nothing can be said, with the reason. */
export function unmeasured(
  objective: Pick<Objective, "id" | "alerting">,
  endMs: number,
  dataState: "NO_DATA" | "UNKNOWN",
  dataReason: string,
): Measurement {
  return {
    objectiveId: objective.id,
    endMs,
    dataState,
    dataReason,
    windows: tierWindowsMs(objective).map((length) => unmeasuredWindow(length, dataState)),
    period: null,
    isApproximate: false,
  };
}
