/**
 * The counts of one bucket of time, one per series, in as few bytes as they need and still added in one go: most are small, many are
 * zero. The store's column-codec.ts packs the other way, one series over time as a stream of differences. Called by scope-ledger.ts.
 */

/** NaN is "no sample"; in arrays of whole numbers their highest value is. Values beyond the base stand in `values`, sorted by series. */
export interface PackedColumn {
  readonly length: number;
  /** What series have that stand nowhere else. */
  readonly base: Words | number;
  /** Series of the exceptions. */
  readonly at: Uint16Array | Uint32Array;
  readonly values: Words | Float64Array;
}

const noSeries = new Uint16Array(0);
const noValues = new Uint8Array(0);

type Words = Uint8Array | Uint16Array | Uint32Array;

/** Packs whole and broken numbers ≥ 0 and NaN; nothing is rounded. */
export function packColumn(counts: ArrayLike<number>): PackedColumn {
  const { length } = counts;
  let zeros = 0;
  let absent = 0;
  let bytes = 0;
  let words = 0;
  let longs = 0;
  let most = 0;
  let broken = 0;
  for (let i = 0; i < length; i += 1) {
    const count = counts[i] ?? Number.NaN;
    if (count === 0) zeros += 1;
    else if (Number.isNaN(count)) absent += 1;
    if (fits(count, 0xff)) bytes += 1;
    if (fits(count, 0xffff)) words += 1;
    if (fits(count, 0xffffffff)) longs += 1;
    if (count > most) most = count;
    if (!Number.isNaN(count) && !(count >= 0 && Number.isInteger(count))) broken += 1;
  }
  const values = broken > 0 ? Float64Array : narrowest(most);
  const exceptionBytes = atLike(length).BYTES_PER_ELEMENT + values.BYTES_PER_ELEMENT;
  const common = zeros >= absent ? 0 : Number.NaN;
  const costs = [
    { base: common, cost: (length - Math.max(zeros, absent)) * exceptionBytes },
    { base: new Uint8Array(0), cost: length + (length - bytes) * exceptionBytes },
    { base: new Uint16Array(0), cost: 2 * length + (length - words) * exceptionBytes },
    { base: new Uint32Array(0), cost: 4 * length + (length - longs) * exceptionBytes },
  ];
  const { base } = costs.reduce((best, one) => (one.cost < best.cost ? one : best));
  if (typeof base === "number")
    return withExceptions(counts, base, values, (count) => Object.is(count, base) || count === base);
  const dense = denseLike(base, length);
  const mark = absentMark(base);
  for (let i = 0; i < length; i += 1) {
    const count = counts[i] ?? Number.NaN;
    dense[i] = Number.isNaN(count) ? mark : fits(count, mark) ? count : 0;
  }
  return withExceptions(counts, dense, values, (count) => fits(count, mark));
}

/** The count of one series; NaN where it has none. */
export function countAt(column: PackedColumn, series: number): number {
  if (series >= column.length) return Number.NaN;
  let low = 0;
  let high = column.at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column.at[middle] ?? 0) < series) low = middle + 1;
    else high = middle;
  }
  if (column.at[low] === series) return valueAt(column.values, low);
  const { base } = column;
  return typeof base === "number" ? base : valueAt(base, series);
}

/** Adds the column to sums, or takes it away; what has no sample changes nothing. The sums are at least as long as the column. */
export function addColumn({ base, at, values, length }: PackedColumn, sums: Float64Array, sign: 1 | -1): void {
  if (typeof base !== "number") {
    const absent = absentMark(base);
    for (let i = 0; i < length; i += 1) {
      const value = base[i] as number;
      if (value !== absent) sums[i] = (sums[i] as number) + sign * value;
    }
  }
  const absent = absentMark(values);
  for (let i = 0; i < at.length; i += 1) {
    const value = values[i] as number;
    if (value === absent) continue;
    const series = at[i] as number;
    if (!Number.isNaN(value)) sums[series] = (sums[series] as number) + sign * value;
  }
}

/** Bytes it keeps, without the objects around them. */
export function columnBytes({ base, at, values }: PackedColumn): number {
  return (typeof base === "number" ? 0 : base.byteLength) + at.byteLength + values.byteLength;
}

function withExceptions(
  counts: ArrayLike<number>,
  base: PackedColumn["base"],
  Values: ReturnType<typeof narrowest>,
  isInBase: (count: number) => boolean,
): PackedColumn {
  let exceptions = 0;
  for (let i = 0; i < counts.length; i += 1) if (!isInBase(counts[i] ?? Number.NaN)) exceptions += 1;
  if (exceptions === 0) return { length: counts.length, base, at: noSeries, values: noValues };
  const At = atLike(counts.length);
  const at = new At(exceptions);
  const values = new Values(exceptions);
  const absent = absentMark(values);
  let next = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] ?? Number.NaN;
    if (isInBase(count)) continue;
    at[next] = i;
    values[next] = Number.isNaN(count) ? absent : count;
    next += 1;
  }
  return { length: counts.length, base, at, values };
}

/** Whether a count can stand in a base whose highest value means "no sample". */
function fits(count: number, most: number): boolean {
  return Number.isNaN(count) || (count >= 0 && count < most && Number.isInteger(count));
}

/** The narrowest array for whole numbers up to `most`. */
function narrowest(most: number) {
  if (most < 0xff) return Uint8Array;
  if (most < 0xffff) return Uint16Array;
  return most < 0xffffffff ? Uint32Array : Float64Array;
}

function atLike(length: number) {
  return length <= 0x10000 ? Uint16Array : Uint32Array;
}

function denseLike(base: Words, length: number): Words {
  if (base instanceof Uint8Array) return new Uint8Array(length);
  return base instanceof Uint16Array ? new Uint16Array(length) : new Uint32Array(length);
}

function valueAt(values: Words | Float64Array, i: number): number {
  const value = values[i] ?? Number.NaN;
  return value === absentMark(values) ? Number.NaN : value;
}

/** What stands for "no sample". */
function absentMark(values: Words | Float64Array): number {
  if (values instanceof Float64Array) return Number.NaN;
  return values instanceof Uint8Array ? 0xff : values instanceof Uint16Array ? 0xffff : 0xffffffff;
}
