/** Scrapes into a metric store: how the embedded backend of the demo is fed. */
import type { MetricStore, SeriesWriter } from "../../../sources/memory/metric-store.js";
import type { MetricSeries, SampleSink } from "./metric-series.js";

/** Keeps the writers of each list of series, so that a sample costs no look-up. */
export function createStoreSink(store: MetricStore): Required<SampleSink> {
  const writers = new WeakMap<MetricSeries, SeriesWriter>();
  const listed = new WeakMap<readonly MetricSeries[], readonly SeriesWriter[]>();
  const writerOf = (series: MetricSeries): SeriesWriter => {
    const known = writers.get(series);
    if (known !== undefined) return known;
    const writer = store.writer({ ...series.labels, __name__: series.name });
    writers.set(series, writer);
    return writer;
  };
  const writersOf = (list: readonly MetricSeries[]): readonly SeriesWriter[] => {
    const known = listed.get(list);
    if (known !== undefined) return known;
    const made = list.map(writerOf);
    listed.set(list, made);
    return made;
  };
  return {
    sample: (series, atMs, value) => writerOf(series).append(atMs, value),
    sampleAll(list, atMs, values) {
      const places = writersOf(list);
      for (let i = 0; i < places.length; i += 1) places[i]?.append(atMs, values[i] ?? 0);
    },
    exemplar: (series, exemplar) => writerOf(series).addExemplar(exemplar),
  };
}
