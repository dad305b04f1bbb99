/** Step and look-back of a series: aligned, never finer than the data, never more points than asked for. */
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";

/** A step in ms, null for the window as a whole, and how far each point looks back. */
export interface SeriesStep {
  readonly stepMs: number | null;
  readonly rangeMs: number;
}

const scrapesPerRange = 4;

/** The smallest multiple of the (slowest) scrape interval that keeps to `maxPoints`; a rate needs four scrapes to be steady. */
export function seriesStep(
  window: TimeWindow,
  maxPoints: number | null,
  sources: readonly Pick<MetricSource, "scrapeIntervalMs">[],
): SeriesStep {
  const scrapeMs = Math.max(1000, ...sources.map((source) => source.scrapeIntervalMs()));
  const shortestMs = scrapesPerRange * scrapeMs;
  if (maxPoints === null) return { stepMs: null, rangeMs: shortestMs };
  const perPointMs = (window.toMs - window.fromMs) / Math.max(1, maxPoints);
  const stepMs = Math.max(1, Math.ceil(perPointMs / scrapeMs)) * scrapeMs;
  return { stepMs, rangeMs: Math.max(stepMs, shortestMs) };
}
