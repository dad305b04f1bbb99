/**
 * Places boxes in rows so that links lead downwards: ranks by the longest way, long links and their labels as boxes of the rows between,
 * rows ordered to cross little, boxes moved above what they call. Pure and the same every time; for some dozens of boxes.
 */

import { placeRow } from "./place-row.js";
import { type LaidLink, orderRows, type RowItem } from "./row-order.js";

/** A size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A link from one box to another, by their places in the list; one of a box to itself is left out. */
export interface Link {
  readonly source: number;
  readonly destination: number;
  /** Room for its words; null: none. */
  readonly label: Size | null;
}

/** A point, or the top left corner of a box. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything stands; no two boxes or labels overlap. */
export interface Layout extends Size {
  /** In the order of the boxes. */
  readonly boxes: readonly Point[];
  /** In the order of the links. */
  readonly links: readonly {
    /** From the source's edge to the destination's; [] for a link of a box to itself. */
    readonly route: readonly Point[];
    readonly label: Point | null;
  }[];
}

const mostInRow = 4;
const [gapX, linkWidth, leastLinkRow] = [26, 14, 34] as const;
/** Room for links to turn above and below their words: more where many do. */
const turnOf = (count: number): number => 14 + 4 * Math.min(10, count);

/** Lays out. */
export function layeredLayout(sizes: readonly Size[], links: readonly Link[]): Layout {
  const forward = links.map(({ source, destination }) => ({ source, destination }));
  const isReversed = backLinks(sizes.length, forward);
  const down = forward.map(({ source, destination }, i) =>
    isReversed[i] === true ? { source: destination, destination: source } : { source, destination },
  );
  const ranks = spreadRanks(rankOf(sizes.length, down));
  const items: RowItem[] = sizes.map((size, place) => ({ ...size, row: 2 * (ranks[place] ?? 0), isLink: false }));
  const laid = down.map(({ source, destination }, i): LaidLink & { readonly labelAt: number | null } => {
    if (source === destination) return { chain: [], labelAt: null };
    const [top, bottom] = [2 * (ranks[source] ?? 0), 2 * (ranks[destination] ?? 0)];
    const label = links[i]?.label ?? null;
    // Beside the callee, where an arrow's words are looked for.
    const labelRow = isReversed[i] === true ? top + 1 : bottom - 1;
    const chain = [source];
    let labelAt: number | null = null;
    for (let row = top + 1; row < bottom; row += 1) {
      const isLabel = row === labelRow && label !== null;
      if (isLabel) labelAt = items.length;
      chain.push(items.length);
      items.push({ row, width: isLabel ? label.width : linkWidth, height: isLabel ? label.height : 0, isLink: true });
    }
    return { chain: [...chain, destination], labelAt };
  });
  const rows = orderRows(items, laid);
  const centres = centresOf(items, rows, laid);
  const tops = topsOf(items, rows);
  const left = items.reduce((least, { width }, i) => Math.min(least, (centres[i] ?? 0) - width / 2), Number.MAX_VALUE);
  const right = items.reduce((most, { width }, i) => Math.max(most, (centres[i] ?? 0) + width / 2), -Number.MAX_VALUE);
  const shift = items.length === 0 ? 0 : -left;
  const middle = (item: number): Point => {
    const row = tops[items[item]?.row ?? 0] ?? { top: 0, height: 0 };
    return { x: (centres[item] ?? 0) + shift, y: row.top + row.height / 2 };
  };
  const corner = (item: number): Point => {
    const { x, y } = middle(item);
    const { width = 0, height = 0 } = items[item] ?? {};
    return { x: x - width / 2, y: y - height / 2 };
  };
  const last = tops.at(-1);
  const ports = portsOf(items, laid, middle);
  return {
    width: items.length === 0 ? 0 : right + shift,
    height: last === undefined ? 0 : last.top + last.height,
    boxes: sizes.map((_, place) => corner(place)),
    links: laid.map(({ chain, labelAt }, i) => {
      const route = chain.flatMap((item, at): readonly Point[] => {
        const { x, y } = middle(item);
        const { height = 0, row = 0 } = items[item] ?? {};
        const half = (tops[row]?.core ?? 0) / 2;
        if (at === 0) return [{ x: ports(i, "top"), y: y + height / 2 }];
        if (at === chain.length - 1) return [{ x: ports(i, "bottom"), y: y - height / 2 }];
        // Upright beside boxes and words.
        return half === 0
          ? [{ x, y }]
          : [
              { x, y: y - half },
              { x, y: y + half },
            ];
      });
      return {
        route: isReversed[i] === true ? route.reverse() : route,
        label: labelAt === null ? null : corner(labelAt),
      };
    }),
  };
}

interface Ends {
  readonly source: number;
  readonly destination: number;
}

/** Links that lead back to where the way came from. */
function backLinks(count: number, links: readonly Ends[]): readonly boolean[] {
  const isBack = links.map(() => false);
  const state = new Array<"NEW" | "OPEN" | "DONE">(count).fill("NEW");
  const isCalled = new Set(links.filter(({ source, destination }) => source !== destination).map((l) => l.destination));
  const visit = (box: number): void => {
    state[box] = "OPEN";
    for (const [i, { source, destination }] of links.entries()) {
      if (source !== box || destination === box) continue;
      if (state[destination] === "OPEN") isBack[i] = true;
      else if (state[destination] === "NEW") visit(destination);
    }
    state[box] = "DONE";
  };
  const boxes = Array.from({ length: count }, (_, box) => box);
  for (const box of [...boxes.filter((one) => !isCalled.has(one)), ...boxes]) if (state[box] === "NEW") visit(box);
  return isBack;
}

/** The longest way to each box; what nobody calls stands right above what it calls. */
function rankOf(count: number, links: readonly Ends[]): readonly number[] {
  const ranks = new Array<number>(count).fill(0);
  for (let round = 0, isMoved = true; isMoved && round <= count; round += 1) {
    isMoved = false;
    for (const { source, destination } of links) {
      const least = (ranks[source] ?? 0) + 1;
      if (source === destination || (ranks[destination] ?? 0) >= least) continue;
      ranks[destination] = least;
      isMoved = true;
    }
  }
  return ranks.map((rank, box) => {
    const isTop = !links.some(({ source, destination }) => destination === box && source !== box);
    const below = links.filter(({ source, destination }) => source === box && destination !== box);
    if (!isTop || below.length === 0) return rank;
    return Math.min(...below.map(({ destination }) => ranks[destination] ?? 0)) - 1;
  });
}

/** Ranks with too many boxes are told in several rows. */
function spreadRanks(ranks: readonly number[]): readonly number[] {
  const spread = [...ranks];
  let used = 0;
  for (const rank of [...new Set(ranks)].sort((a, b) => a - b)) {
    const boxes = ranks.flatMap((one, box) => (one === rank ? [box] : []));
    for (const [at, box] of boxes.entries()) spread[box] = used + Math.floor(at / mostInRow);
    used += Math.ceil(boxes.length / mostInRow);
  }
  return spread;
}

const sweeps = 60;

/** Middles across, rows pulled towards what they are linked with, first down, then up. */
function centresOf(
  items: readonly RowItem[],
  rows: readonly (readonly number[])[],
  links: readonly LaidLink[],
): readonly number[] {
  const centres = new Array<number>(items.length).fill(0);
  const near = items.map((): { readonly item: number; readonly weight: number }[] => []);
  for (const { chain } of links)
    for (const [at, item] of chain.entries()) {
      const next = chain[at + 1];
      if (next === undefined) continue;
      // Long links are kept straight.
      const weight = items[item]?.isLink === true && items[next]?.isLink === true ? 4 : 1;
      near[item]?.push({ item: next, weight });
      near[next]?.push({ item, weight });
    }
  for (const row of rows) placeInto(centres, row, items, () => 0);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const order = sweep % 2 === 0 ? rows : rows.toReversed();
    for (const row of order)
      placeInto(centres, row, items, (item) => {
        const all = near[item] ?? [];
        const weight = all.reduce((sum, one) => sum + one.weight, 0);
        if (weight === 0) return centres[item] ?? 0;
        return all.reduce((sum, one) => sum + one.weight * (centres[one.item] ?? 0), 0) / weight;
      });
  }
  return centres;
}

function placeInto(
  centres: number[],
  row: readonly number[],
  items: readonly RowItem[],
  wishOf: (item: number) => number,
): void {
  const placed = placeRow(
    row.map((item) => ({ wish: wishOf(item), width: items[item]?.width ?? 0 })),
    gapX,
  );
  for (const [at, item] of row.entries()) centres[item] = placed[at] ?? 0;
}

interface Row {
  readonly top: number;
  readonly height: number;
  /** Of its boxes and words, without the room above and below. */
  readonly core: number;
}

function topsOf(items: readonly RowItem[], rows: readonly (readonly number[])[]): readonly Row[] {
  let top = 0;
  return rows.map((row, at) => {
    const tallest = row.reduce((most, item) => Math.max(most, items[item]?.height ?? 0), 0);
    const height = at % 2 === 1 ? Math.max(leastLinkRow, tallest + 2 * turnOf(row.length)) : tallest;
    const placed = { top, height, core: tallest };
    top += height;
    return placed;
  });
}

/** Where links leave and meet their boxes: side by side in the order of where they lead, over most of the width. */
function portsOf(
  items: readonly RowItem[],
  links: readonly LaidLink[],
  middle: (item: number) => Point,
): (link: number, end: "top" | "bottom") => number {
  const at = new Map<string, number>();
  for (const end of ["top", "bottom"] as const) {
    const byBox = new Map<number, { readonly link: number; readonly x: number }[]>();
    for (const [link, { chain }] of links.entries()) {
      const [box, next] = end === "top" ? [chain[0], chain[1]] : [chain.at(-1), chain.at(-2)];
      if (box === undefined || next === undefined) continue;
      const list = byBox.get(box) ?? [];
      byBox.set(box, list);
      list.push({ link, x: middle(next).x });
    }
    for (const [box, list] of byBox) {
      const { width = 0 } = items[box] ?? {};
      for (const [i, { link }] of list.sort((a, b) => a.x - b.x || a.link - b.link).entries())
        at.set(`${end} ${link}`, middle(box).x + 0.84 * width * ((i + 1) / (list.length + 1) - 0.5));
    }
  }
  return (link, end) => at.get(`${end} ${link}`) ?? 0;
}
