/** Samples in memory, packed and bounded by age: what a memory metric source reads. Filled by the demo's simulated mesh and by tests. */
import { createSeries, createSlabRoom, type GrowingSeries, type StoredSeries } from "./stored-series.js";

/** A stored exemplar and the labels of its series. */
export interface StoredExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly traceId: string;
  readonly value: number;
  readonly atMs: number;
}

/** Labels of a series with its metric's name under `__name__`. */
export type SampleLabels = Readonly<Record<string, string>> & { readonly __name__: string };

/** Writes to one series without looking it up; good for as long as the store. */
export interface SeriesWriter {
  /** A sample not newer than its series' last is left out, as Prometheus does. */
  append(atMs: number, value: number): void;
  addExemplar(exemplar: Omit<StoredExemplar, "labels">): void;
}

/** Writes to many series at once, one value each in their order; otherwise as the writer of one. */
export type SeriesListWriter = (atMs: number, values: ArrayLike<number>) => void;

/**
 * Append-only series. What is older than `maxAgeMs` before the newest sample of the store is forgotten in runs, so a little of it stays;
 * nothing younger is ever lost. Series without samples are forgotten too.
 */
export interface MetricStore {
  /** The writer of a label set. Keep it: finding it costs more than writing. */
  writer(labels: SampleLabels): SeriesWriter;
  /** The writer of series that always get their samples together. */
  listWriter(list: readonly SampleLabels[]): SeriesListWriter;
  /** One sample of a series looked up by its labels. */
  add(labels: SampleLabels, atMs: number, value: number): void;
  addExemplar(labels: SampleLabels, exemplar: Omit<StoredExemplar, "labels">): void;
  seriesOf(metric: string): Iterable<StoredSeries>;
  exemplarsOf(metric: string): readonly StoredExemplar[];
  metricNames(): readonly string[];
  /** Changes whenever a series comes or goes: what was selected before holds while it stays. */
  seriesVersion(): number;
  counts(): { readonly series: number; readonly samples: number; readonly exemplars: number };
}

/** Exemplars of one metric beyond this push the oldest out. */
const maxExemplars = 20_000;

interface Metric {
  readonly series: Map<string, GrowingSeries>;
  exemplars: StoredExemplar[];
}

/** An empty store. */
export function createMetricStore({ maxAgeMs }: { readonly maxAgeMs: number }): MetricStore {
  const metrics = new Map<string, Metric>();
  const room = createSlabRoom();
  // Looking through all series costs their number: done once per twentieth of the age, not per sample.
  const sweepEveryMs = maxAgeMs / 20;
  let made = 0;
  let version = 0;
  let newestMs = Number.NEGATIVE_INFINITY;
  let sweptMs = Number.NEGATIVE_INFINITY;

  const metricOf = (name: string): Metric => {
    const known = metrics.get(name);
    if (known !== undefined) return known;
    const metric = { series: new Map<string, GrowingSeries>(), exemplars: [] };
    metrics.set(name, metric);
    return metric;
  };

  function sweep(): void {
    const oldestMs = newestMs - maxAgeMs;
    for (const [name, metric] of metrics) {
      for (const [key, series] of metric.series) {
        if (series.newestMs() >= oldestMs) series.forgetBefore(oldestMs);
        else if (metric.series.delete(key)) version += 1;
      }
      metric.exemplars = metric.exemplars.filter(({ atMs }) => atMs >= oldestMs);
      if (metric.series.size === 0 && metric.exemplars.length === 0) metrics.delete(name);
    }
    sweptMs = newestMs;
  }

  function advance(atMs: number): void {
    if (atMs <= newestMs) return;
    newestMs = atMs;
    if (sweptMs === Number.NEGATIVE_INFINITY) sweptMs = atMs;
    if (newestMs - sweptMs >= sweepEveryMs) sweep();
  }

  function seriesFor(name: string, key: string, labels: Readonly<Record<string, string>>): GrowingSeries {
    const { series } = metricOf(name);
    const known = series.get(key);
    if (known !== undefined) return known;
    const created = createSeries(labels, made, room);
    made += 1;
    version += 1;
    series.set(key, created);
    return created;
  }

  function finder({ __name__: name, ...given }: SampleLabels) {
    const entries = Object.entries(given).filter(([, text]) => text !== "");
    const key = JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    const labels = Object.fromEntries(entries);
    return { name, labels, find: () => seriesFor(name, key, labels) };
  }

  function listWriter(list: readonly SampleLabels[]): SeriesListWriter {
    const finders = list.map(finder);
    let series: readonly GrowingSeries[] = [];
    let writtenMs = Number.NEGATIVE_INFINITY;
    return (atMs, values) => {
      // Series that were silent for longer than the age may have been forgotten.
      if (writtenMs < newestMs - maxAgeMs || series.length === 0) series = finders.map(({ find }) => find());
      for (let i = 0; i < series.length; i += 1) series[i]?.append(atMs, values[i] ?? 0);
      writtenMs = atMs;
      advance(atMs);
    };
  }

  function writer(given: SampleLabels): SeriesWriter {
    const { name, labels } = finder(given);
    const write = listWriter([given]);
    return {
      append: (atMs, value) => write(atMs, [value]),
      addExemplar(exemplar) {
        const metric = metricOf(name);
        metric.exemplars.push({ labels, ...exemplar });
        if (metric.exemplars.length > maxExemplars * 1.1) metric.exemplars = metric.exemplars.slice(-maxExemplars);
        advance(exemplar.atMs);
      },
    };
  }

  return {
    writer,
    listWriter,
    add: (labels, atMs, value) => writer(labels).append(atMs, value),
    addExemplar: (labels, exemplar) => writer(labels).addExemplar(exemplar),
    seriesOf: (metric) => metrics.get(metric)?.series.values() ?? [],
    exemplarsOf: (metric) => metrics.get(metric)?.exemplars ?? [],
    metricNames: () => [...metrics.keys()],
    seriesVersion: () => version,
    counts() {
      let series = 0;
      let samples = 0;
      let exemplars = 0;
      for (const metric of metrics.values()) {
        series += metric.series.size;
        exemplars += metric.exemplars.length;
        for (const one of metric.series.values()) samples += one.sampleCount();
      }
      return { series, samples, exemplars };
    },
  };
}
