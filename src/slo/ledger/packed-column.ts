/** The counts of one bucket of time, one per series, in as few bytes as they need: most are small, many are zero. Called by scope-ledger.ts. */

/** NaN is "no sample". Values beyond the base stand in `exceptions`, sorted by series. */
export interface PackedColumn {
  readonly length: number;
  /** What series have that stand nowhere else. */
  readonly base: DenseBase | number;
  readonly at: Uint32Array;
  readonly values: Float64Array;
}

type DenseBase = Uint8Array | Uint16Array | Uint32Array;

/** Bytes of one exception: its series and its value. */
const exceptionBytes = 12;

/** Packs whole and broken numbers ≥ 0 and NaN; nothing is rounded. */
export function packColumn(counts: ArrayLike<number>): PackedColumn {
  const { length } = counts;
  let zeros = 0;
  let absent = 0;
  let bytes = 0;
  let words = 0;
  let longs = 0;
  for (let i = 0; i < length; i += 1) {
    const count = counts[i] ?? Number.NaN;
    if (count === 0) zeros += 1;
    else if (Number.isNaN(count)) absent += 1;
    if (fits(count, 0xff)) bytes += 1;
    if (fits(count, 0xffff)) words += 1;
    if (fits(count, 0xffffffff)) longs += 1;
  }
  const common = zeros >= absent ? 0 : Number.NaN;
  const costs = [
    { base: common, cost: (length - Math.max(zeros, absent)) * exceptionBytes },
    { base: new Uint8Array(0), cost: length + (length - bytes) * exceptionBytes },
    { base: new Uint16Array(0), cost: 2 * length + (length - words) * exceptionBytes },
    { base: new Uint32Array(0), cost: 4 * length + (length - longs) * exceptionBytes },
  ];
  const { base } = costs.reduce((best, one) => (one.cost < best.cost ? one : best));
  if (typeof base === "number")
    return withExceptions(counts, base, (count) => Object.is(count, base) || count === base);
  const dense = denseLike(base, length);
  const most = absentMark(base);
  // The highest value of the base is "no sample".
  for (let i = 0; i < length; i += 1) {
    const count = counts[i] ?? Number.NaN;
    dense[i] = Number.isNaN(count) ? most : fits(count, most) ? count : 0;
  }
  return withExceptions(counts, dense, (count) => fits(count, most));
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
  if (column.at[low] === series) return column.values[low] ?? Number.NaN;
  const { base } = column;
  if (typeof base === "number") return base;
  const value = base[series] ?? Number.NaN;
  return value === absentMark(base) ? Number.NaN : value;
}

/** Adds the column to sums; what has no sample adds nothing. */
export function addColumn({ base, at, values, length }: PackedColumn, sums: Float64Array): void {
  if (typeof base !== "number") {
    const absent = absentMark(base);
    for (let i = 0; i < length; i += 1) {
      const value = base[i] as number;
      if (value !== absent) sums[i] = (sums[i] as number) + value;
    }
  }
  for (let i = 0; i < at.length; i += 1) {
    const value = values[i] as number;
    const series = at[i] as number;
    if (!Number.isNaN(value)) sums[series] = (sums[series] as number) + value;
  }
}

/** Bytes it keeps, without the objects around them. */
export function columnBytes({ base, at, values }: PackedColumn): number {
  return (typeof base === "number" ? 0 : base.byteLength) + at.byteLength + values.byteLength;
}

function withExceptions(
  counts: ArrayLike<number>,
  base: PackedColumn["base"],
  isInBase: (count: number) => boolean,
): PackedColumn {
  let exceptions = 0;
  for (let i = 0; i < counts.length; i += 1) if (!isInBase(counts[i] ?? Number.NaN)) exceptions += 1;
  const at = new Uint32Array(exceptions);
  const values = new Float64Array(exceptions);
  let next = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] ?? Number.NaN;
    if (isInBase(count)) continue;
    at[next] = i;
    values[next] = count;
    next += 1;
  }
  return { length: counts.length, base, at, values };
}

/** Whether a count can stand in a base whose highest value means "no sample". */
function fits(count: number, most: number): boolean {
  return Number.isNaN(count) || (count >= 0 && count < most && Number.isInteger(count));
}

function denseLike(base: DenseBase, length: number): DenseBase {
  if (base instanceof Uint8Array) return new Uint8Array(length);
  return base instanceof Uint16Array ? new Uint16Array(length) : new Uint32Array(length);
}

function absentMark(base: DenseBase): number {
  return base instanceof Uint8Array ? 0xff : base instanceof Uint16Array ? 0xffff : 0xffffffff;
}
