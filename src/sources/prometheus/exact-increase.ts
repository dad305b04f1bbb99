/**
 * Counter increases over a whole window, exact where rate functions extrapolate. Called by promql.ts, once per view.
 *
 * Each series is read on a grid of points whose last is the window's end and whose first is its start, each point being the newest
 * sample of the five minutes before it. The increases between neighbouring points are added up. `irate` over exactly two points, in a range
 * 1 ms longer than their distance (Prometheus 3 leaves a range's left end out), is their difference per second: nothing is extrapolated,
 * a reset counts the new value, and a point without a sample has no pair. Up to an hour the grid is as dense as the scrapes, so that
 * every reset is seen; over longer windows it is coarser, and a restart loses what was counted since the grid's last point.
 *
 * A series born inside the window has no pair that holds its first sample. Where its target was scraped before, it counts from 0:
 * its last value instead. A target's first scrape ever brings the history of its counters and proves nothing; there only pairs count.
 */
import type { MetricView } from "../../telemetry/metric-source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { selectorText } from "./promql-selector.js";
import { duration, offset } from "./promql-text.js";

/** How far back a sample counts as a series' value: Prometheus's own lookback, so that missed scrapes do not break a series. */
const lookbackMs = 300_000;
const fewestPoints = 20;
const mostPoints = 240;
/** What makes two series those of one target. */
const target = "(job, instance, pod)";

/**
 * A series per series of `select`, its increase in the window as value; without metric name. Series without two samples have none.
 * What proves that a target was scraped at the start is `seen`: `select` may leave out all that the target had then (its first failures).
 */
export function exactIncrease({ select, seen }: MetricView, window: TimeWindow, scrapeMs: number): string {
  const series = selectorText(select);
  const lengthMs = window.toMs - window.fromMs;
  const { stepMs, steps } = gridOf(lengthMs, scrapeMs);
  // Subqueries are evaluated at multiples of their step: shifted there and back, the last point is the window's end.
  const shiftMs = modulo(-window.toMs, stepMs);
  const point = `last_over_time(${series}[${duration(lookbackMs)}]${offset(shiftMs)})`;
  const pair = `irate(${point}[${duration(stepMs + 1)}:${duration(stepMs)}])`;
  // Prometheus 2 takes both ends of a range in, and would add the pair before the window.
  const pairs = `sum_over_time(${pair}[${duration(steps * stepMs - 1)}:${duration(stepMs)}]${offset(-shiftMs)})`;
  const increases = `${pairs} * ${stepMs / 1000}`;
  return `(${newborn(series, selectorText(seen), lengthMs, scrapeMs)}) or (${increases})`;
}

/** The last values of series whose first sample lies in the window while their target was scraped at its start. */
function newborn(series: string, seen: string, lengthMs: number, scrapeMs: number): string {
  // Data that begin with the window, recorded or of a new Prometheus, still tell which targets there are: the start has some width.
  const widthMs = Math.min(scrapeMs, Math.floor(lengthMs / 15));
  const atStart = `[${duration(lookbackMs + widthMs)}]${offset(lengthMs - widthMs)}`;
  const born = `last_over_time(${series}[${duration(lengthMs)}]) unless last_over_time(${series}${atStart})`;
  const known = `last_over_time(${seen}${atStart}) or max_over_time(up${atStart}) > 0`;
  return `(${born}) and on ${target} (${known})`;
}

/** The steps nearest to the wanted density that fill the window without remainder, or with the smallest. */
function gridOf(lengthMs: number, scrapeMs: number): { readonly stepMs: number; readonly steps: number } {
  const wantedMs = Math.max(
    Math.min(1000, lengthMs),
    Math.min(scrapeMs, lengthMs / fewestPoints),
    lengthMs / mostPoints,
  );
  const fewest = Math.max(1, Math.floor(lengthMs / wantedMs));
  let steps = fewest;
  for (let n = fewest; n <= fewest * 1.5; n += 1) if (lengthMs % n < lengthMs % steps) steps = n;
  return { stepMs: Math.floor(lengthMs / steps), steps };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
