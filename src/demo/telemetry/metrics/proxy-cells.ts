/** Counters and histograms of many proxies in one place, each with the life of its pod. Knows no dialect; the renderers of one use it. */
import { bucketOf, type HistogramShape } from "./histogram-shape.js";
import type { MetricSeries, SampleExemplar, SampleSink } from "./metric-series.js";
import { createPendingIncrements } from "./pending-increments.js";

type Labels = Readonly<Record<string, string>>;

/** Cells are numbers: asking for the same name and labels twice gives the same one. A proxy is called by any name of its own. */
export interface ProxyCells {
  /** @param name with `_total` */
  counter(proxy: string, name: string, labels: Labels): number;
  /** @param countedAs name of a counter of the same labels and the same events; null for none */
  histogram(proxy: string, name: string, shape: HistogramShape, labels: Labels, countedAs: string | null): number;
  /** Adds to a counter, or observes with a histogram, what happens at `atMs`. */
  add(cell: number, atMs: number, value: number): void;
  /** Keeps the newest exemplar of each bucket for the next scrape. */
  addExemplar(cell: number, exemplar: SampleExemplar): void;
  addTarget(proxy: string, labels: Labels): void;
  restart(proxy: string, atMs: number): void;
  remove(proxy: string, atMs: number): void;
  scrapeAt(atMs: number, sink: SampleSink): void;
}

/** Counts of one label set. A counter's `sum` is its value. */
interface Cell {
  readonly proxy: string;
  readonly shape: HistogramShape | null;
  /** The counter's series, or the histogram's: the counter of the same events where there is one, its buckets, sum and count. */
  readonly series: readonly MetricSeries[];
  /** Events per bucket, none added up. */
  readonly buckets: Float64Array;
  /** Of `series` at the last scrape. */
  readonly values: Float64Array;
  events: number;
  sum: number;
  readonly exemplars: Map<number, SampleExemplar>;
}

interface LifeEnd {
  readonly proxy: string;
  readonly atMs: number;
  readonly isGone: boolean;
}

/** What a proxy that is gone counts in. */
const nowhere = -1;

/** No cells yet. */
export function createProxyCells(): ProxyCells {
  /** A hole where its proxy is gone: numbers are never given twice. */
  const cells: (Cell | undefined)[] = [];
  const gone = new Set<string>();
  const cellOfName = new Map<string, number>();
  const targets = new Map<string, MetricSeries>();
  const pending = createPendingIncrements();
  const exemplars: { readonly cell: number; readonly exemplar: SampleExemplar }[] = [];
  let lifeEnds: LifeEnd[] = [];

  const intern = (proxy: string, name: string, labels: Labels, make: () => Cell): number => {
    if (gone.has(proxy)) return nowhere;
    const key = JSON.stringify([proxy, name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const known = cellOfName.get(key);
    if (known !== undefined) return known;
    cellOfName.set(key, cells.length);
    return cells.push(make()) - 1;
  };
  const apply = (index: number, _atMs: number, value: number): void => {
    const cell = cells[index];
    if (cell === undefined) return;
    cell.events++;
    cell.sum += value;
    if (cell.shape === null) return;
    const bucket = bucketOf(cell.shape, value);
    cell.buckets[bucket] = (cell.buckets[bucket] ?? 0) + 1;
  };
  const endLife = ({ proxy, atMs, isGone }: LifeEnd): void => {
    pending.drain(atMs, apply);
    for (const [index, cell] of cells.entries()) {
      if (cell?.proxy !== proxy) continue;
      if (isGone) cells[index] = undefined;
      else clear(cell);
    }
    if (!isGone) return;
    gone.add(proxy);
    targets.delete(proxy);
    for (const [key, index] of cellOfName) if (cells[index] === undefined) cellOfName.delete(key);
  };

  return {
    counter: (proxy, name, labels) =>
      intern(proxy, name, labels, () => emptyCell(proxy, null, [counterSeries(name, labels)])),
    histogram: (proxy, name, shape, labels, countedAs) =>
      intern(proxy, name, labels, () => {
        const counted = countedAs === null ? [] : [counterSeries(countedAs, labels)];
        return emptyCell(proxy, shape, [...counted, ...histogramSeries(name, shape, labels)]);
      }),
    add: pending.add,
    addExemplar: (cell, exemplar) => void exemplars.push({ cell, exemplar }),
    addTarget(proxy, labels) {
      if (!targets.has(proxy)) targets.set(proxy, { name: "up", family: "up", type: "gauge", labels });
    },
    restart: (proxy, atMs) => void lifeEnds.push({ proxy, atMs, isGone: false }),
    remove: (proxy, atMs) => void lifeEnds.push({ proxy, atMs, isGone: true }),
    scrapeAt(atMs, sink) {
      for (const end of lifeEnds) if (end.atMs <= atMs) endLife(end);
      lifeEnds = lifeEnds.filter((end) => end.atMs > atMs);
      pending.drain(atMs, apply);
      for (const { cell, exemplar } of exemplars.splice(0)) {
        if (exemplar.atMs > atMs) exemplars.push({ cell, exemplar });
        else keepExemplar(cells[cell], exemplar);
      }
      for (const series of targets.values()) sink.sample(series, atMs, 1);
      for (const cell of cells) if (cell !== undefined && cell.events > 0) emit(cell, atMs, sink);
    },
  };
}

function emptyCell(proxy: string, shape: HistogramShape | null, series: readonly MetricSeries[]): Cell {
  const buckets = new Float64Array(shape === null ? 0 : shape.bounds.length + 1);
  const values = new Float64Array(series.length);
  return { proxy, shape, series, buckets, values, events: 0, sum: 0, exemplars: new Map() };
}

function clear(cell: Cell): void {
  cell.buckets.fill(0);
  cell.exemplars.clear();
  cell.events = 0;
  cell.sum = 0;
}

function keepExemplar(cell: Cell | undefined, exemplar: SampleExemplar): void {
  if (cell === undefined || cell.shape === null || cell.events === 0) return;
  cell.exemplars.set(bucketOf(cell.shape, exemplar.value), exemplar);
}

function emit(cell: Cell, atMs: number, sink: SampleSink): void {
  const { series, buckets, values, exemplars } = cell;
  const first = buckets.length > 0 ? series.length - buckets.length - 2 : 0;
  if (first > 0) values[0] = cell.events;
  let below = 0;
  for (let i = first; i < values.length; i += 1) {
    const bucket = i - first;
    below += buckets[bucket] ?? 0;
    // Behind the buckets: the sum, which is all a counter has, then the count.
    values[i] = bucket < buckets.length ? below : bucket === buckets.length ? cell.sum : cell.events;
  }
  sink.sampleAll?.(series, atMs, values);
  if (sink.sampleAll === undefined || exemplars.size > 0)
    for (const [i, one] of series.entries()) {
      if (sink.sampleAll === undefined) sink.sample(one, atMs, values[i] ?? 0);
      const exemplar = exemplars.get(i - first);
      if (exemplar !== undefined) sink.exemplar?.(one, exemplar);
    }
  exemplars.clear();
}

function counterSeries(name: string, labels: Labels): MetricSeries {
  return { name, family: name.replace(/_total$/, ""), type: "counter", labels };
}

function histogramSeries(family: string, { bounds }: HistogramShape, labels: Labels): MetricSeries[] {
  const series = (suffix: string, own: Labels): MetricSeries => ({
    name: `${family}_${suffix}`,
    family,
    type: "histogram",
    labels: own,
  });
  const buckets = [...bounds.map(String), "+Inf"].map((le) => series("bucket", { ...labels, le }));
  return [...buckets, series("sum", labels), series("count", labels)];
}
