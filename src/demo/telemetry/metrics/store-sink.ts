/** Scrapes into a metric store: how the embedded backend of the demo is fed. */
import type { MetricStore, SeriesWriter } from "../../../sources/memory/metric-store.js";
import type { MetricSeries, SampleSink } from "./metric-series.js";

/** Keeps a writer for each series, so that a sample costs no look-up by labels. */
export function createStoreSink(store: MetricStore): SampleSink {
  const writers = new WeakMap<MetricSeries, SeriesWriter>();
  const writerOf = (series: MetricSeries): SeriesWriter => {
    const known = writers.get(series);
    if (known !== undefined) return known;
    const writer = store.writer({ ...series.labels, __name__: series.name });
    writers.set(series, writer);
    return writer;
  };
  return {
    sample: (series, atMs, value) => writerOf(series).append(atMs, value),
    exemplar: (series, exemplar) => writerOf(series).addExemplar(exemplar),
  };
}
