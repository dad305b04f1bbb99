/** Exact counts of steps over stored samples: the reference of the `count` expression. Called by evaluate-expression.ts. */
import type { PreferredViews } from "../../telemetry/metric-source.js";
import { countMemoryMs, countPresenceMs, gridOfStep, provenMs, targetLabels } from "../../telemetry/step-count.js";
import { newestValue } from "./counter-increase.js";
import type { MetricStore } from "./metric-store.js";
import type { Samples } from "./packed-samples.js";
import { groupKey } from "./preferred-series.js";
import { firstAfter, type StoredSeries } from "./stored-series.js";

/** The count of one series of `metric` in the step that ends at `toMs`; null where it has left or has only history. */
export type CountStep = (metric: string, series: StoredSeries, toMs: number) => number | null;

/** Counts steps of one length; what is learned of targets is kept between calls. */
export function createStepCounter(
  store: MetricStore,
  { views }: PreferredViews,
  stepMs: number,
  scrapeMs: number,
  read: (series: StoredSeries) => Samples,
): CountStep {
  const gridMs = gridOfStep(stepMs, scrapeMs);
  const presenceMs = countPresenceMs(gridMs, scrapeMs);
  const known = new Map<string, ReadonlySet<string>>();

  function knownTargets(metric: string, atMs: number): ReadonlySet<string> {
    const key = `${metric} ${atMs}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const proving = views.filter(({ select }) => select.metric === metric).map(({ seen }) => seen.metric);
    const scraped = [
      ...proving
        .flatMap((name) => [...store.seriesOf(name)])
        .filter((series) => newestValue(read(series), atMs - provenMs, atMs) !== null),
      ...[...store.seriesOf("up")].filter((series) => wasUp(read(series), atMs)),
    ];
    const targets = new Set(scraped.map(({ labels }) => groupKey(labels, targetLabels)));
    known.set(key, targets);
    return targets;
  }

  function countCell(metric: string, series: StoredSeries, toMs: number): number | null {
    const samples = read(series);
    const newest = newestValue(samples, toMs - presenceMs, toMs);
    if (newest === null) return null;
    const beforeMs = toMs - gridMs;
    const before = newestValue(samples, beforeMs - countMemoryMs, beforeMs);
    if (before !== null && newest >= before) return newest - before;
    return knownTargets(metric, beforeMs).has(groupKey(series.labels, targetLabels)) ? newest : null;
  }

  return (metric, series, toMs) => {
    let count: number | null = null;
    for (let endMs = toMs - stepMs + gridMs; endMs <= toMs; endMs += gridMs) {
      const cell = countCell(metric, series, endMs);
      if (cell !== null) count = (count ?? 0) + cell;
    }
    return count;
  };
}

function wasUp({ timesMs, values }: Samples, atMs: number): boolean {
  for (let i = firstAfter(timesMs, atMs) - 1; i >= 0 && (timesMs[i] ?? 0) > atMs - countMemoryMs; i -= 1) {
    if ((values[i] ?? 0) > 0) return true;
  }
  return false;
}
