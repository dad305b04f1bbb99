/** One series of the metric store: runs of packed samples and the newest ones as they came. Made by metric-store.ts. */
import {
  createSlab,
  mostBytesOf,
  readRun,
  runCount,
  runEndMs,
  runStartMs,
  type Samples,
  type Slab,
  writeRun,
} from "./packed-samples.js";

/** A series as queries see it. */
export interface StoredSeries {
  /** Without `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  /** The samples in (fromMs, toMs]. Unpacked at each call: ask once and keep. */
  samples(fromMs: number, toMs: number): Samples;
  /** Whether a sample lies in (fromMs, toMs]. */
  hasSample(fromMs: number, toMs: number): boolean;
}

/** A series as the store fills it. */
export interface GrowingSeries extends StoredSeries {
  /** -Infinity without samples. */
  newestMs(): number;
  /** A sample not newer than the last is left out. */
  append(atMs: number, value: number): void;
  /** Lets go of runs that ended before `oldestMs`. */
  forgetBefore(oldestMs: number): void;
  sampleCount(): number;
}

/** Where new runs are written; shared by the series of a store. */
export interface SlabRoom {
  write(samples: Samples): { readonly slab: Slab; readonly start: number };
}

const slabBytes = 262_144;
const runLength = 96;

/** Room that opens a new slab when one is full. */
export function createSlabRoom(): SlabRoom {
  let open = createSlab(slabBytes);
  return {
    write(samples) {
      const start = writeRun(open, samples);
      if (start !== null) return { slab: open, start };
      open = createSlab(Math.max(slabBytes, mostBytesOf(samples.timesMs.length)));
      return { slab: open, start: writeRun(open, samples) ?? 0 };
    },
  };
}

/** Index of the first instant later than `atMs`. */
export function firstAfter(timesMs: ArrayLike<number>, atMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * An empty series.
 * @param nth spreads the packing of series that are scraped together over time
 */
export function createSeries(labels: Readonly<Record<string, string>>, nth: number, room: SlabRoom): GrowingSeries {
  let slabs: Slab[] = [];
  let starts: number[] = [];
  // Written over after each run: with lists that grow, most of what a scrape costs is their moving.
  const timesMs = new Float64Array(runLength);
  const values = new Float64Array(runLength);
  let waiting = 0;
  let length = runLength / 2 + (nth % (runLength / 2));
  let newestMs = Number.NEGATIVE_INFINITY;

  function pack(): void {
    const { slab, start } = room.write({ timesMs: timesMs.subarray(0, waiting), values: values.subarray(0, waiting) });
    slabs.push(slab);
    starts.push(start);
    waiting = 0;
    length = runLength;
  }

  function samples(fromMs: number, toMs: number): Samples {
    if (newestMs <= fromMs) return { timesMs: [], values: [] };
    const from = firstRun((slab, start) => runEndMs(slab, start) > fromMs);
    const end = firstRun((slab, start) => runStartMs(slab, start) > toMs);
    let count = waiting;
    for (let i = from; i < end; i += 1) count += runCount(slabs[i] as Slab, starts[i] ?? 0);
    const times = new Float64Array(count);
    const found = new Float64Array(count);
    let at = 0;
    for (let i = from; i < end; i += 1) {
      const slab = slabs[i] as Slab;
      readRun(slab, starts[i] ?? 0, times, found, at);
      at += runCount(slab, starts[i] ?? 0);
    }
    times.set(timesMs.subarray(0, waiting), at);
    found.set(values.subarray(0, waiting), at);
    const first = firstAfter(times, fromMs);
    const last = firstAfter(times, toMs);
    return { timesMs: times.subarray(first, last), values: found.subarray(first, last) };
  }

  /** Index of the first run of which `holds`; runs stand in the order of time. */
  function firstRun(holds: (slab: Slab, start: number) => boolean): number {
    let low = 0;
    let high = slabs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(slabs[middle] as Slab, starts[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return {
    labels,
    samples,
    hasSample(fromMs, toMs) {
      if (newestMs <= fromMs) return false;
      return newestMs <= toMs || samples(fromMs, toMs).timesMs.length > 0;
    },
    newestMs: () => newestMs,
    append(atMs, value) {
      if (atMs <= newestMs) return;
      timesMs[waiting] = atMs;
      values[waiting] = value;
      waiting += 1;
      newestMs = atMs;
      if (waiting >= length) pack();
    },
    forgetBefore(oldestMs) {
      const from = firstRun((slab, start) => runEndMs(slab, start) >= oldestMs);
      if (from === 0) return;
      slabs = slabs.slice(from);
      starts = starts.slice(from);
    },
    sampleCount: () => slabs.reduce((sum, slab, i) => sum + runCount(slab, starts[i] ?? 0), waiting),
  };
}
