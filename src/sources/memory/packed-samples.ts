/**
 * Runs of a series' samples as bytes: counters scraped at a steady pace take little more than a byte a sample. Written and read by the
 * metric store, which shares one slab of bytes among many series.
 *
 * A run: first and last instant and first value (float64 each), count (uint16), a byte of shape, then the times unless they are evenly
 * apart, then the values unless all are equal: differences as zigzag varints where they are whole, else float64.
 */

/** Samples of one series, oldest first; both lists are equally long. */
export interface Samples {
  readonly timesMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Bytes that hold the runs of many series; freed when the last series lets go of it. */
export interface Slab {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Bytes written. */
  used: number;
}

/** An empty slab. */
export function createSlab(byteCount: number): Slab {
  const bytes = new Uint8Array(byteCount);
  return { bytes, view: new DataView(bytes.buffer), used: 0 };
}

const headerBytes = 27;
const steady = 1;
const wholeTimes = 2;
const equal = 4;
const wholeValues = 8;
/** Beyond it a difference of whole numbers is not exact. */
const largest = 2 ** 51;

/** Bytes a run of so many samples takes at most. */
export function mostBytesOf(count: number): number {
  return headerBytes + 16 * count;
}

/** Writes a run of 1..65535 samples behind what the slab holds. @returns where it begins; null when the slab may have no room for it */
export function writeRun(slab: Slab, { timesMs, values }: Samples): number | null {
  const count = timesMs.length;
  if (slab.bytes.length - slab.used < mostBytesOf(count)) return null;
  const start = slab.used;
  const { view } = slab;
  const shape = shapeOf(timesMs, true) | shapeOf(values, false);
  view.setFloat64(start, timesMs[0] ?? 0);
  view.setFloat64(start + 8, timesMs[count - 1] ?? 0);
  view.setFloat64(start + 16, values[0] ?? 0);
  view.setUint16(start + 24, count);
  view.setUint8(start + 26, shape);
  let at = start + headerBytes;
  if ((shape & steady) === 0) at = writeColumn(slab, at, timesMs, (shape & wholeTimes) !== 0);
  if ((shape & equal) === 0) at = writeColumn(slab, at, values, (shape & wholeValues) !== 0);
  slab.used = at;
  return start;
}

/** Instant of a run's first sample. */
export function runStartMs({ view }: Slab, start: number): number {
  return view.getFloat64(start);
}

/** Instant of a run's last sample. */
export function runEndMs({ view }: Slab, start: number): number {
  return view.getFloat64(start + 8);
}

/** Samples in a run. */
export function runCount({ view }: Slab, start: number): number {
  return view.getUint16(start + 24);
}

/** Writes the run's samples into the two lists from index `to` on. */
export function readRun(slab: Slab, start: number, timesMs: Float64Array, values: Float64Array, to: number): void {
  const { view } = slab;
  const startMs = view.getFloat64(start);
  const count = view.getUint16(start + 24);
  const shape = view.getUint8(start + 26);
  let at = start + headerBytes;
  if ((shape & steady) !== 0) {
    const stepMs = count < 2 ? 0 : (view.getFloat64(start + 8) - startMs) / (count - 1);
    for (let i = 0; i < count; i += 1) timesMs[to + i] = startMs + i * stepMs;
  } else at = readColumn(slab, at, startMs, count, (shape & wholeTimes) !== 0, timesMs, to);
  const first = view.getFloat64(start + 16);
  if ((shape & equal) !== 0) values.fill(first, to, to + count);
  else readColumn(slab, at, first, count, (shape & wholeValues) !== 0, values, to);
}

/** Which of the short forms brings the column back exactly. */
function shapeOf(column: ArrayLike<number>, isTimes: boolean): number {
  const first = column[0] ?? 0;
  const step = isTimes && column.length > 1 ? (column[1] ?? 0) - first : 0;
  let isEven = true;
  let isWhole = true;
  for (let i = 0; i < column.length; i += 1) {
    const value = column[i] ?? 0;
    if (!Number.isInteger(value) || Object.is(value, -0) || Math.abs(value) > largest) isWhole = false;
    if (isTimes ? !isWhole || value !== first + i * step : !Object.is(value, first)) isEven = false;
    if (!isEven && !isWhole) return 0;
  }
  if (isTimes) return (isEven ? steady : 0) | (isWhole ? wholeTimes : 0);
  return (isEven ? equal : 0) | (isWhole ? wholeValues : 0);
}

/** All but the first value, which the header has. */
function writeColumn({ bytes, view }: Slab, from: number, column: ArrayLike<number>, isWhole: boolean): number {
  let at = from;
  for (let i = 1; i < column.length; i += 1) {
    const value = column[i] ?? 0;
    if (!isWhole) {
      view.setFloat64(at, value);
      at += 8;
      continue;
    }
    const difference = value - (column[i - 1] ?? 0);
    let rest = difference < 0 ? -2 * difference - 1 : 2 * difference;
    while (rest > 127) {
      bytes[at] = 128 + (rest % 128);
      at += 1;
      rest = Math.floor(rest / 128);
    }
    bytes[at] = rest;
    at += 1;
  }
  return at;
}

function readColumn(
  { bytes, view }: Slab,
  from: number,
  first: number,
  count: number,
  isWhole: boolean,
  into: Float64Array,
  to: number,
): number {
  let at = from;
  let value = first;
  into[to] = first;
  for (let i = 1; i < count; i += 1) {
    if (isWhole) {
      let byte = bytes[at] ?? 0;
      at += 1;
      let rest = byte & 127;
      for (let scale = 128; byte > 127; scale *= 128) {
        byte = bytes[at] ?? 0;
        at += 1;
        rest += (byte & 127) * scale;
      }
      value += rest % 2 === 0 ? rest / 2 : -(rest + 1) / 2;
      into[to + i] = value;
    } else {
      into[to + i] = view.getFloat64(at);
      at += 8;
    }
  }
  return at;
}
