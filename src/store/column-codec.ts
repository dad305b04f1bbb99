/** Packs the buckets of one counter of one series: most are zero, or near the bucket before. Pure; called by the block codec. */
import { type ByteReader, corruptBlock } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

const allZero = 0;
const allAbsent = 1;
/** Whole numbers, none absent: differences from bucket to bucket. */
const deltas = 2;
/** A bit per bucket says which are there; differences of those. */
const deltasOfPresent = 3;
/** Mostly zero: how many are not, then for each the zeros before it and its value. */
const sparse = 4;
/** Eight bytes each: fractions (interpolated histograms, time-weighted ratios). */
const raw = 5;

/** Beyond this a difference does not fit in 53 bits with its sign. */
const largestWhole = 2 ** 52 - 1;

/** Writes `count` values from `from` on; NaN is absent. -0 comes back as 0. */
export function writeColumn(writer: ByteWriter, values: Float64Array, from: number, count: number): void {
  const mode = chooseMode(values, from, count);
  writer.byte(mode);
  const end = from + count;
  if (mode === sparse) writeSparse(writer, values, from, end);
  if (mode === raw) for (let i = from; i < end; i++) writer.float64(values[i] as number);
  if (mode === deltasOfPresent) writePresence(writer, values, from, end);
  if (mode !== deltas && mode !== deltasOfPresent) return;
  let last = 0;
  for (let i = from; i < end; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    const difference = value - last;
    writer.varint(difference >= 0 ? difference * 2 : -difference * 2 - 1);
    last = value;
  }
}

/** Reads what `writeColumn` wrote into `values` from `from` on. */
export function readColumn(reader: ByteReader, values: Float64Array, from: number, count: number): void {
  const mode = reader.byte();
  const end = from + count;
  switch (mode) {
    case allZero:
      values.fill(0, from, end);
      return;
    case allAbsent:
      values.fill(Number.NaN, from, end);
      return;
    case sparse:
      readSparse(reader, values, from, end);
      return;
    case raw:
      for (let i = from; i < end; i++) values[i] = reader.float64();
      return;
    case deltas:
    case deltasOfPresent: {
      const presence = mode === deltas ? null : reader.bytes(Math.ceil(count / 8));
      let last = 0;
      for (let i = 0; i < count; i++) {
        const isPresent = presence === null || ((presence[i >> 3] as number) >> (i & 7)) & 1;
        if (isPresent) {
          const zigzag = reader.varint();
          last += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
        }
        values[from + i] = isPresent ? last : Number.NaN;
      }
      return;
    }
    default:
      throw corruptBlock(`column mode ${mode} is unknown`);
  }
}

function chooseMode(values: Float64Array, from: number, count: number): number {
  let absent = 0;
  let nonZero = 0;
  for (let i = from; i < from + count; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) absent++;
    else if (value !== 0) nonZero++;
    if (value < 0 || value > largestWhole || (!Number.isInteger(value) && !Number.isNaN(value))) return raw;
  }
  if (absent === count) return allAbsent;
  if (absent > 0) return deltasOfPresent;
  if (nonZero === 0) return allZero;
  return nonZero * 3 <= count ? sparse : deltas;
}

function writePresence(writer: ByteWriter, values: Float64Array, from: number, end: number): void {
  for (let at = from; at < end; at += 8) {
    let bits = 0;
    for (let i = at; i < Math.min(at + 8, end); i++) if (!Number.isNaN(values[i])) bits |= 1 << (i - at);
    writer.byte(bits);
  }
}

function writeSparse(writer: ByteWriter, values: Float64Array, from: number, end: number): void {
  const places: number[] = [];
  for (let i = from; i < end; i++) if (values[i] !== 0) places.push(i);
  writer.varint(places.length);
  let next = from;
  for (const place of places) {
    writer.varint(place - next);
    writer.varint(values[place] as number);
    next = place + 1;
  }
}

function readSparse(reader: ByteReader, values: Float64Array, from: number, end: number): void {
  values.fill(0, from, end);
  let next = from;
  for (let left = reader.varint(); left > 0; left--) {
    const place = next + reader.varint();
    if (place >= end) throw corruptBlock("a count lies behind the last bucket");
    values[place] = reader.varint();
    next = place + 1;
  }
}
