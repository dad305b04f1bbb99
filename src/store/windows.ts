/** Sorted, disjoint stretches of time. Pure; called by the repository of SLI counts. */
import type { TimeWindow } from "../telemetry/time-window.js";

/** The union, sorted; windows that touch become one. */
export function unionWindows(windows: readonly TimeWindow[]): readonly TimeWindow[] {
  const union: TimeWindow[] = [];
  for (const window of windows.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = union.at(-1);
    if (last === undefined || window.fromMs > last.toMs) union.push(window);
    else if (window.toMs > last.toMs) union[union.length - 1] = { fromMs: last.fromMs, toMs: window.toMs };
  }
  return union;
}
