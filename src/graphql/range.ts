/** Ranges of the API: what was asked for as a window, the default, and the echo. "Now" is one for a whole operation. */
import type { TimeWindow } from "../telemetry/time-window.js";
import type { InputProblem } from "./bad-input.js";

/** Instants are rounded down to this, so that equal questions share one upstream call. */
export const nowGrainMs = 15_000;

/** The range of a root field that gives none. */
export const defaultRangeMs = 3_600_000;

/** Shortest range: less holds no two samples of an ordinary scrape interval. */
export const minRangeMs = 15_000;

/** Points of a series by default, and of the step of the echo. */
export const defaultMaxPoints = 60;

/** The input RangeInput with its scalars read: ms and epoch ms. */
export interface AskedRange {
  readonly last?: number | null;
  readonly absolute?: { readonly from: number; readonly to: number } | null;
}

/** Terms of resolving a range. */
export interface RangeTerms {
  /** "Now" of the operation, already floored. */
  readonly nowMs: number;
  /** Longest range allowed. */
  readonly maxRangeMs: number;
}

/** A range that cannot be; `at` is the path within the range argument. */
export interface RangeProblem extends InputProblem {
  readonly at: readonly string[];
}

/** "Now" of an operation. */
export function floorNow(nowMs: number): number {
  return Math.floor(nowMs / nowGrainMs) * nowGrainMs;
}

/** The last hour. */
export function defaultWindow(nowMs: number): TimeWindow {
  return { fromMs: nowMs - defaultRangeMs, toMs: nowMs };
}

/** The window a range means, or why it means none. */
export function resolveRange(range: AskedRange, terms: RangeTerms): TimeWindow | RangeProblem {
  const { last, absolute } = range;
  if (typeof last === "number") {
    const window = { fromMs: terms.nowMs - last, toMs: terms.nowMs };
    return problemOf(window, terms, ["last"]) ?? window;
  }
  if (absolute === null || absolute === undefined) {
    return { at: [], what: "It has no length.", remedy: "Give exactly one of `last` and `absolute`." };
  }
  const window = { fromMs: absolute.from, toMs: absolute.to };
  return problemOf(window, terms, ["absolute"]) ?? window;
}

/** Whether resolveRange found a problem. */
export function isRangeProblem(result: TimeWindow | RangeProblem): result is RangeProblem {
  return "remedy" in result;
}

/** Distance of the points of a series of at most `maxPoints` over a window, in ms: a multiple of the grain of now. */
export function seriesStepMs(window: TimeWindow, maxPoints: number = defaultMaxPoints): number {
  return Math.max(nowGrainMs, Math.ceil((window.toMs - window.fromMs) / maxPoints / nowGrainMs) * nowGrainMs);
}

function problemOf(window: TimeWindow, terms: RangeTerms, at: readonly string[]): RangeProblem | null {
  const lengthMs = window.toMs - window.fromMs;
  if (lengthMs <= 0) {
    return { at: [...at, "to"], what: "The range ends before it begins.", remedy: "Give a `to` that is after `from`." };
  }
  if (lengthMs < minRangeMs) {
    return { at, what: `The range is ${lengthMs} ms long.`, remedy: `Ask for at least ${minRangeMs / 1000} s.` };
  }
  if (lengthMs > terms.maxRangeMs) {
    const days = (ms: number) => `${Math.round((ms / 86_400_000) * 10) / 10} days`;
    return { at, what: `The range is ${days(lengthMs)} long.`, remedy: `Ask for at most ${days(terms.maxRangeMs)}.` };
  }
  if (window.fromMs >= terms.nowMs + nowGrainMs) {
    return { at: [...at, "from"], what: "The range lies in the future.", remedy: "Give a `from` that has passed." };
  }
  return null;
}
