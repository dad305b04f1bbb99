/** Runs the decision over a made-up stream of counts, every window an exact sum: what an evaluator does, without its I/O. */
import { type AlertState, type Decision, newAlertState } from "../../src/alerting/alert-state.js";
import { decide } from "../../src/alerting/decide.js";
import { countedWindow, type DataState, type Measurement } from "../../src/slo/measurement.js";
import type { Objective } from "../../src/slo/objective.js";
import { tierWindowsMs } from "../../src/slo/windows.js";

export const secondMs = 1000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Traffic from an instant on, until the next segment. */
export interface Segment {
  readonly fromMs: number;
  readonly perSecond: number;
  readonly errorRatio: number;
}

/** Failed and all events up to an instant. */
export type Cumulative = (atMs: number) => { readonly failed: number; readonly total: number };

/** Constant traffic in pieces; the first piece goes back for ever (10 days are enough for every window). */
export function steady(segments: readonly Segment[]): Cumulative {
  const pieces = segments.map((segment, index) => ({
    ...segment,
    fromMs: index === 0 ? -10 * dayMs : segment.fromMs,
    toMs: segments[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY,
  }));
  return (atMs) => {
    let failed = 0;
    let total = 0;
    for (const { fromMs, toMs, perSecond, errorRatio } of pieces) {
      const count = (Math.max(0, Math.min(atMs, toMs) - fromMs) / secondMs) * perSecond;
      total += count;
      failed += count * errorRatio;
    }
    return { failed, total };
  };
}

/** Single calls at instants, in any order. */
export function calls(list: readonly { readonly atMs: number; readonly isFailed: boolean }[]): Cumulative {
  const sorted = list.toSorted((a, b) => a.atMs - b.atMs);
  const failedBefore = [0];
  for (const { isFailed } of sorted) failedBefore.push((failedBefore.at(-1) ?? 0) + (isFailed ? 1 : 0));
  return (atMs) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return { failed: failedBefore[low] ?? 0, total: low };
  };
}

export const stepMs = 30 * secondMs;
export const offsetMs = 30 * secondMs;

/** One measurement from cumulative counts. */
export function measure(
  objective: Objective,
  cumulative: Cumulative,
  endMs: number,
  data: { readonly state?: DataState; readonly coverage?: number } = {},
): Measurement {
  const end = cumulative(endMs);
  const windows = tierWindowsMs(objective).map((windowMs) => {
    const begin = cumulative(endMs - windowMs);
    const totalCount = end.total - begin.total;
    const goodCount = totalCount - (end.failed - begin.failed);
    return countedWindow(windowMs, { goodCount, totalCount, coverage: data.coverage ?? 1 });
  });
  const isIdle = windows[0]?.dataState === "IDLE";
  const dataState = data.state ?? (isIdle ? "IDLE" : "OK");
  return { objectiveId: objective.id, endMs, dataState, dataReason: null, windows, period: null, isApproximate: false };
}

/** One evaluation of a run. */
export interface Evaluated {
  readonly atMs: number;
  readonly decision: Decision;
}

/** Evaluates every step from `fromMs` to `toMs`; `data` says what is the matter with the source at an instant. */
export function run(
  objective: Objective,
  cumulative: Cumulative,
  fromMs: number,
  toMs: number,
  data: (atMs: number) => { readonly state?: DataState; readonly coverage?: number } = () => ({}),
  begin: AlertState = newAlertState(objective.id),
): readonly Evaluated[] {
  const evaluated: Evaluated[] = [];
  let state = begin;
  for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
    const measurement = measure(objective, cumulative, atMs - offsetMs, data(atMs));
    const decision = decide({ objective, state, measurement, clockMs: atMs, intervalMs: stepMs });
    evaluated.push({ atMs, decision });
    state = decision.state;
  }
  return evaluated;
}

/** All transitions of a run, in order. */
export function transitionsOf(evaluated: readonly Evaluated[]) {
  return evaluated.flatMap(({ decision }) => decision.transitions);
}

/** `state severity` of each transition. */
export function ladder(evaluated: readonly Evaluated[]): readonly string[] {
  return transitionsOf(evaluated).map(({ to, severity }) => `${to} ${severity}`);
}
