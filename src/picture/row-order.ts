/** The order of boxes within their rows: each between what it is linked with, as few crossings as some sweeps find. Called by layered-layout.ts. */

/** A box, or a piece of a link that passes a row. */
export interface RowItem {
  readonly row: number;
  readonly width: number;
  readonly height: number;
  readonly isLink: boolean;
}

/** A link as the items it passes, from its upper to its lower box. */
export interface LaidLink {
  readonly chain: readonly number[];
}

const sweeps = 12;

/** Items by row, from left to right. */
export function orderRows(items: readonly RowItem[], links: readonly LaidLink[]): readonly (readonly number[])[] {
  const count = items.reduce((most, { row }) => Math.max(most, row + 1), 0);
  let rows = Array.from({ length: count }, (_, row) => items.flatMap((item, i) => (item.row === row ? [i] : [])));
  const steps = links.flatMap(({ chain }) => chain.slice(1).map((item, at) => [chain[at] ?? item, item] as const));
  const above = items.map((): number[] => []);
  const below = items.map((): number[] => []);
  for (const [upper, lower] of steps) {
    above[lower]?.push(upper);
    below[upper]?.push(lower);
  }
  let best = { rows, crossings: crossingsOf(rows, steps, items.length) };
  for (let sweep = 0; sweep < sweeps && best.crossings > 0; sweep += 1) {
    const isDown = sweep % 2 === 0;
    const near = isDown ? above : below;
    const next = rows.map((row) => [...row]);
    const places = placesOf(next, items.length);
    for (const at of next.map((_, i) => (isDown ? i : next.length - 1 - i))) {
      const row = next[at] ?? [];
      const wishes = new Map(row.map((item) => [item, meanOf(near[item] ?? [], places) ?? places[item] ?? 0]));
      row.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0) || a - b);
      for (const [place, item] of row.entries()) places[item] = spot(place, row.length);
    }
    rows = next;
    const crossings = crossingsOf(rows, steps, items.length);
    if (crossings < best.crossings) best = { rows, crossings };
  }
  return best.rows;
}

/** 0..1 across, so that rows of different lengths compare. */
function spot(place: number, length: number): number {
  return (place + 0.5) / length;
}

function placesOf(rows: readonly (readonly number[])[], count: number): number[] {
  const places = new Array<number>(count).fill(0);
  for (const row of rows) for (const [place, item] of row.entries()) places[item] = spot(place, row.length);
  return places;
}

function meanOf(items: readonly number[], places: readonly number[]): number | null {
  return items.length === 0 ? null : items.reduce((sum, item) => sum + (places[item] ?? 0), 0) / items.length;
}

function crossingsOf(
  rows: readonly (readonly number[])[],
  steps: readonly (readonly [number, number])[],
  count: number,
): number {
  const places = placesOf(rows, count);
  const rowOf = new Map(rows.flatMap((row, at) => row.map((item) => [item, at] as const)));
  let crossings = 0;
  for (const [i, [a, b]] of steps.entries())
    for (const [c, d] of steps.slice(i + 1)) {
      if (rowOf.get(a) !== rowOf.get(c)) continue;
      if (((places[a] ?? 0) - (places[c] ?? 0)) * ((places[b] ?? 0) - (places[d] ?? 0)) < 0) crossings += 1;
    }
  return crossings;
}
