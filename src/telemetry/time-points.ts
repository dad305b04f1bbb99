/** The instants a metric request is evaluated at. Called by the metric adapters. */
import { MeshlensError } from "../errors.js";
import type { MetricRequest } from "./metric-source.js";

/** Prometheus refuses longer series. */
const mostPoints = 11_000;

/**
 * The window's end alone without a step, else the multiples of the step in (from, to]; [] when none lies there.
 * @throws MESHLENS_ERR_QUERY_INPUT when there are more points than Prometheus gives
 */
export function timePoints({ window, stepMs }: Pick<MetricRequest, "window" | "stepMs">): readonly number[] {
  if (stepMs === null) return [window.toMs];
  const first = Math.floor(window.fromMs / stepMs) + 1;
  return pointsFrom(first * stepMs, Math.floor(window.toMs / stepMs) - first + 1, stepMs);
}

/** The same counted from the window's start: `from + k · step`. @throws MESHLENS_ERR_QUERY_INPUT as timePoints */
export function rawPoints({ window, stepMs }: Pick<MetricRequest, "window" | "stepMs">): readonly number[] {
  if (stepMs === null) return [window.toMs];
  return pointsFrom(window.fromMs + stepMs, Math.floor((window.toMs - window.fromMs) / stepMs), stepMs);
}

function pointsFrom(firstMs: number, count: number, stepMs: number): readonly number[] {
  if (!(stepMs >= 1) || count > mostPoints) {
    throw new MeshlensError(
      "MESHLENS_ERR_QUERY_INPUT",
      `A step of ${stepMs} ms over this range gives ${count} points and Prometheus gives at most ${mostPoints}: ask for a longer step or a shorter range.`,
      { at: "step" },
    );
  }
  return Array.from({ length: Math.max(0, count) }, (_, i) => firstMs + i * stepMs);
}
