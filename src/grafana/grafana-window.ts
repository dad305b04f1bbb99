/** The range of a dashboard on the grid that all its viewers share. Called for the `grafana` root. Pure. */
import type { TimeWindow } from "../telemetry/time-window.js";

const gridMs = 15_000;
const defaultLengthMs = 3_600_000;

/**
 * The asked range, its end moved back to a multiple of 15 s and its length rounded up to one: viewers who look at "the last hour" within
 * the same 15 s ask the same question.
 * @param fromMs null for an hour before the end
 * @param toMs null for now
 */
export function gridWindow(fromMs: number | null, toMs: number | null, nowMs: number): TimeWindow {
  const endMs = toMs ?? nowMs;
  const lengthMs = endMs - (fromMs ?? endMs - defaultLengthMs);
  const to = Math.floor(endMs / gridMs) * gridMs;
  return { fromMs: to - Math.ceil(lengthMs / gridMs) * gridMs, toMs: to };
}
