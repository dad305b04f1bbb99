/** Boxes of one row as near to where they wish to be as their order and gaps allow (least squares). Pure; called by layered-layout.ts. */

/** A box and where its middle would like to be. */
export interface Wish {
  readonly wish: number;
  readonly width: number;
}

/** Their middles, in order, `gap` apart at least. Boxes that want the same place are moved together: pool adjacent violators. */
export function placeRow(row: readonly Wish[], gap: number): readonly number[] {
  const offsets: number[] = [];
  for (const [at, { width }] of row.entries()) {
    const before = row[at - 1];
    offsets.push(before === undefined ? 0 : (offsets[at - 1] ?? 0) + before.width / 2 + gap + width / 2);
  }
  const pools: { sum: number; count: number }[] = [];
  for (const [at, { wish }] of row.entries()) {
    let pool = { sum: wish - (offsets[at] ?? 0), count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.sum / last.count > pool.sum / pool.count; ) {
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
      last = pools.at(-1);
    }
    pools.push(pool);
  }
  const bases = pools.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
  return bases.map((base, at) => base + (offsets[at] ?? 0));
}
