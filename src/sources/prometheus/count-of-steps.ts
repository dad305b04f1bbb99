/**
 * Exact counts of steps that telescope: what objectives are measured with, every 30 s, for all series of a mesh. Called by promql.ts.
 *
 * A step is cut into cells about a scrape long. In a cell a series counts the difference of its newest sample and its newest sample
 * before the cell, both whole numbers off the backend, so nothing is extrapolated and ranges with and without their left end say the
 * same. What lies before is remembered for an hour: a series that returns after a gap counts what it counted meanwhile, not its history.
 * Where the newest is the smaller one the counter was reset and counts its new value. Where there is nothing before, it was born and
 * counts from 0 if its target was scraped before; a target's first scrape brings history and counts nothing.
 *
 * Memory and proof cost a backend six times the counts themselves, and only series with a gap need them. So there is a quick form too,
 * equal to the whole one for every series that has a sample at each end of each cell, and a question which groups have others.
 */
import type { MetricView } from "../../telemetry/metric-source.js";
import { countMemoryMs, countPresenceMs, gridOfStep, provenMs, targetLabels } from "../../telemetry/step-count.js";
import { selectorText } from "./promql-selector.js";
import { duration, labelList, offset } from "./promql-text.js";

/** Sums `cells` (a grouped vector of the counts of one cell, given its length) over the steps that end at the points of the question. */
export function countOfSteps(stepMs: number, scrapeMs: number, cells: (gridMs: number) => string): string {
  const gridMs = gridOfStep(stepMs, scrapeMs);
  const vector = cells(gridMs);
  // Points of a question and of its subqueries are multiples of their steps. Prometheus 2 takes both ends of a range in.
  return gridMs === stepMs ? vector : `sum_over_time(${vector}[${duration(stepMs - 1)}:${duration(gridMs)}])`;
}

/** A series per series of `select` seen lately, its count in the `gridMs` before the point as value. */
export function cellCount({ select, seen }: MetricView, gridMs: number, scrapeMs: number): string {
  const series = selectorText(select);
  // Ranges end 1 ms before what their left end would take in on Prometheus 2 and not on 3.
  const over = (ms: number) => `[${duration(ms - 1)}]`;
  const newest = `last_over_time(${series}${over(countPresenceMs(gridMs, scrapeMs))})`;
  const before = offset(gridMs);
  const difference = `${newest} - last_over_time(${series}${over(countMemoryMs)}${before})`;
  const scraped = `last_over_time(${selectorText(seen)}${over(provenMs)}${before})`;
  const up = `max_over_time(up${over(countMemoryMs)}${before}) > 0`;
  const counted = `${newest} and on ${labelList(targetLabels)} (${scraped} or ${up})`;
  return `(${difference} >= 0) or (${counted})`;
}

/** The same for native histograms: a series per series of `select`, what it observed in the `gridMs` before the point as a histogram. */
export function cellHistogram({ select, seen }: MetricView, gridMs: number, scrapeMs: number): string {
  const series = selectorText(select);
  const over = (ms: number) => `[${duration(ms - 1)}]`;
  const before = offset(gridMs);
  const newest = `last_over_time(${series}${over(countPresenceMs(gridMs, scrapeMs))})`;
  const earlier = `last_over_time(${series}${over(countMemoryMs)}${before})`;
  const grown = `histogram_count(${newest}) >= histogram_count(${earlier})`;
  const scraped = `last_over_time(${selectorText(seen)}${over(provenMs)}${before})`;
  const up = `max_over_time(up${over(countMemoryMs)}${before}) > 0`;
  const counted = `${newest} and on ${labelList(targetLabels)} (${scraped} or ${up})`;
  return `((${newest} - ${earlier}) and (${grown})) or (${counted})`;
}

/** How many observations of a vector of histograms are at most `bound`; 0 where there are none at all. */
export function observedUnder(bound: number, histograms: string): string {
  const count = `histogram_count(${histograms})`;
  return `(${count} * (histogram_fraction(-Inf, ${bound}, ${histograms}) >= 0) or ${count})`;
}

/** The same as `countOfSteps` of cells in their quick form, which count per second. */
export function quickCountOfSteps(stepMs: number, scrapeMs: number, cells: (gridMs: number) => string): string {
  // Scaled after all sums, so that whole numbers stay whole.
  return `${countOfSteps(stepMs, scrapeMs, cells)} * ${gridOfStep(stepMs, scrapeMs) / 1000}`;
}

/** A series per series with a sample at both ends of the cell before the point, what it counted per second as value. Restarts count. */
export function quickCellCount(view: MetricView, gridMs: number, scrapeMs: number): string {
  return `irate(${newestAtEnds(view, gridMs, gridMs, scrapeMs)})`;
}

/** A series per series that has a sample at some, not all, ends of the cells of the step before the point. */
export function incompleteSteps(view: MetricView, stepMs: number, scrapeMs: number): string {
  const gridMs = gridOfStep(stepMs, scrapeMs);
  return `count_over_time(${newestAtEnds(view, stepMs, gridMs, scrapeMs)}) < ${stepMs / gridMs + 1}`;
}

/** Whether the points of the quick form lie where subqueries have theirs. */
export function isOnGrid(endMs: number, stepMs: number, scrapeMs: number): boolean {
  return endMs % gridOfStep(stepMs, scrapeMs) === 0;
}

function newestAtEnds({ select }: MetricView, rangeMs: number, gridMs: number, scrapeMs: number): string {
  const presence = duration(countPresenceMs(gridMs, scrapeMs) - 1);
  // Prometheus 3 leaves the left end out.
  return `last_over_time(${selectorText(select)}[${presence}])[${duration(rangeMs + 1)}:${duration(gridMs)}]`;
}
