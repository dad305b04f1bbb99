/**
 * Buckets of durations that Prometheus' recording rules counted step by step, summed over pods: quantiles of the whole mesh are nine tenths of
 * what a list costs. Written by dashboards/src/recording-rules.ts, read by the planner where the rules ran all through a window (ADR 0013).
 */
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Dialect } from "../dialects/dialect.js";

/** The gauges: a sample holds what was observed in the step that ended `lateMs` before it. */
export const recordedBuckets = "meshlens:latency_bucket:step30s";
/** 1 at each evaluation that recorded a step, with the dialect's name as label `mesh`. */
export const recordedAt = "meshlens:recorded:step30s";
/** Between evaluations. */
export const stepMs = 30_000;
/** Scrapes of a step may be stored after its end, those of this much later no more. */
export const lateMs = 30_000;

/** A step at each end of shorter windows is too large a part of them. */
const shortestMs = 3_600_000;

/** Labels the rules keep: those that a view, a scope or a group of a quantile is told by. Empty: the dialect has no durations. */
export function recordedLabels({ latency, requests }: Dialect): readonly string[] {
  if (latency === null) return [];
  const preferences = [...requests.views.callers, ...requests.views.server];
  const ofReports = preferences.flatMap(({ reports, edgeLabels }) => [
    ...edgeLabels,
    ...reports.flatMap(({ matchers, destinationLabel, sourceLabel }) => [
      ...matchers.map(({ label }) => label),
      ...[destinationLabel, sourceLabel].flatMap((label) => label ?? []),
    ]),
  ]);
  const { serviceLabels, edgeLabels, clusterLabels } = latency;
  return [
    ...new Set([...serviceLabels, ...edgeLabels, ...clusterLabels.source, ...clusterLabels.destination, ...ofReports]),
  ].sort();
}

/** Whether one ruler evaluated all through the window; more evaluations than steps are several rulers, of which one may have missed some. */
export function isRecorded(evaluations: number, { fromMs, toMs }: TimeWindow): boolean {
  const share = (evaluations * stepMs) / (toMs - fromMs);
  return share >= 0.95 && share <= 1.05;
}

/** Whether a window is long enough for steps. */
export function isLong({ fromMs, toMs }: TimeWindow): boolean {
  return toMs - fromMs >= shortestMs;
}
