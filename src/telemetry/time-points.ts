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
  const count = Math.floor(window.toMs / stepMs) - first + 1;
  if (!(stepMs >= 1) || count > mostPoints) {
    throw new MeshlensError(
      "MESHLENS_ERR_QUERY_INPUT",
      `A step of ${stepMs} ms over this range gives ${count} points and Prometheus gives at most ${mostPoints}: ask for a longer step or a shorter range.`,
      { at: "step" },
    );
  }
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * stepMs);
}
