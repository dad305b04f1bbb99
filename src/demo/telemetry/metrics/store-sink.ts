/** Scrapes into a metric store: how the embedded backend of the demo is fed. */
import type {
  MetricStore,
  SampleLabels,
  SeriesListWriter,
  SeriesWriter,
} from "../../../sources/memory/metric-store.js";
import type { MetricSeries, SampleSink } from "./metric-series.js";

/** Keeps the writers of each list of series, so that a sample costs no look-up. */
export function createStoreSink(store: MetricStore): Required<SampleSink> {
  const writers = new WeakMap<MetricSeries, SeriesWriter>();
  const listed = new WeakMap<readonly MetricSeries[], SeriesListWriter>();
  const writerOf = (series: MetricSeries): SeriesWriter => {
    const known = writers.get(series);
    if (known !== undefined) return known;
    const writer = store.writer(labelsOf(series));
    writers.set(series, writer);
    return writer;
  };
  const listWriterOf = (list: readonly MetricSeries[]): SeriesListWriter => {
    const known = listed.get(list);
    if (known !== undefined) return known;
    const made = store.listWriter(list.map(labelsOf));
    listed.set(list, made);
    return made;
  };
  return {
    sample: (series, atMs, value) => writerOf(series).append(atMs, value),
    sampleAll: (list, atMs, values) => listWriterOf(list)(atMs, values),
    exemplar: (series, exemplar) => writerOf(series).addExemplar(exemplar),
  };
}

function labelsOf({ name, labels }: MetricSeries): SampleLabels {
  return { ...labels, __name__: name };
}
