/** Samples in memory, bounded by age: what a memory metric source reads. Filled by the demo's simulated mesh and by tests. */

/** One series; both lists are equally long, times ascend. */
export interface StoredSeries {
  /** Without `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

/** A stored exemplar and the labels of its series. */
export interface StoredExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly traceId: string;
  readonly value: number;
  readonly atMs: number;
}

/** Labels of a series with its metric's name under `__name__`. */
export type SampleLabels = Readonly<Record<string, string>> & { readonly __name__: string };

/** Append-only series. Samples older than `maxAgeMs` before the newest of the store are forgotten, and series without samples with them. */
export interface MetricStore {
  /** A sample not newer than its series' last is left out, as Prometheus does. */
  add(labels: SampleLabels, atMs: number, value: number): void;
  addExemplar(labels: SampleLabels, exemplar: Omit<StoredExemplar, "labels">): void;
  seriesOf(metric: string): readonly StoredSeries[];
  exemplarsOf(metric: string): readonly StoredExemplar[];
  metricNames(): readonly string[];
}

interface GrowingSeries extends StoredSeries {
  readonly timesMs: number[];
  readonly values: number[];
}

interface Metric {
  readonly series: Map<string, GrowingSeries>;
  exemplars: StoredExemplar[];
}

/** An empty store. */
export function createMetricStore({ maxAgeMs }: { readonly maxAgeMs: number }): MetricStore {
  const metrics = new Map<string, Metric>();
  // Cutting the front off a list costs its length: done once per tenth of the age, not per sample.
  const sweepEveryMs = maxAgeMs / 10;
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
      for (const [key, { timesMs, values }] of metric.series) {
        const from = timesMs.findIndex((atMs) => atMs >= oldestMs);
        if (from === -1) metric.series.delete(key);
        else if (from > 0) {
          timesMs.splice(0, from);
          values.splice(0, from);
        }
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

  return {
    add(sampleLabels, atMs, value) {
      const { __name__: name, ...given } = sampleLabels;
      const entries = Object.entries(given).filter(([, text]) => text !== "");
      const key = JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
      const { series } = metricOf(name);
      let one = series.get(key);
      if (one === undefined) {
        one = { labels: Object.fromEntries(entries), timesMs: [], values: [] };
        series.set(key, one);
      }
      if (atMs <= (one.timesMs.at(-1) ?? Number.NEGATIVE_INFINITY)) return;
      one.timesMs.push(atMs);
      one.values.push(value);
      advance(atMs);
    },
    addExemplar({ __name__: name, ...labels }, exemplar) {
      metricOf(name).exemplars.push({ labels, ...exemplar });
      advance(exemplar.atMs);
    },
    seriesOf: (metric) => [...(metrics.get(metric)?.series.values() ?? [])],
    exemplarsOf: (metric) => metrics.get(metric)?.exemplars ?? [],
    metricNames: () => [...metrics.keys()],
  };
}
