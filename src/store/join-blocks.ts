/** Cutting count blocks and summing them into longer steps. Pure; called by compaction and by writes over what is stored already. */
import type { BlockFrame } from "./block-codec.js";
import { blockEndMs, type CountBlock, columnOffset } from "./count-block.js";

/** Buckets [from, to) of a block as a block of its own. */
export function sliceBlock(block: CountBlock, from: number, to: number): CountBlock {
  if (from === 0 && to === block.bucketCount) return block;
  const bucketCount = to - from;
  const columns = block.keys.length * block.counters.length;
  const values = new Float64Array(columns * bucketCount);
  for (let column = 0; column < columns; column++) {
    const start = column * block.bucketCount;
    values.set(block.values.subarray(start + from, start + to), column * bucketCount);
  }
  return { ...block, startMs: block.startMs + from * block.stepMs, bucketCount, values };
}

/** The buckets of a block that lie wholly in (fromMs, toMs]; null when none does. */
export function clipBlock(block: CountBlock, fromMs: number, toMs: number): CountBlock | null {
  const from = Math.max(0, Math.ceil((fromMs - block.startMs) / block.stepMs));
  const to = Math.min(block.bucketCount, Math.floor((toMs - block.startMs) / block.stepMs));
  return from < to ? sliceBlock(block, from, to) : null;
}

/** Sums blocks into one frame as they come, so that only the sum is held. */
export interface BlockJoin {
  /** Adds a block that lies within the frame, whose step divides the frame's. Counts of a bucket are summed; NaN adds nothing. */
  add(block: CountBlock): void;
  /** The sum; counters and series are the union, NaN where nothing was added. */
  block(): CountBlock;
}

/** An empty sum over a frame. */
export function createBlockJoin(frame: BlockFrame): BlockJoin {
  const counters = new Map<string, number>();
  const series = new Map<string, Float64Array[]>();
  const add = (block: CountBlock) => {
    for (const name of block.counters) if (!counters.has(name)) counters.set(name, counters.size);
    const places = block.counters.map((name) => counters.get(name) as number);
    const ratio = frame.stepMs / block.stepMs;
    const first = (block.startMs - frame.startMs) / block.stepMs;
    block.keys.forEach((key, at) => {
      const columns = series.get(key) ?? [];
      series.set(key, columns);
      places.forEach((place, counter) => {
        columns[place] ??= new Float64Array(frame.bucketCount).fill(Number.NaN);
        const sums = columns[place];
        const offset = columnOffset(block, at, counter);
        for (let b = 0; b < block.bucketCount; b++) {
          const value = block.values[offset + b] as number;
          if (Number.isNaN(value)) continue;
          const into = Math.floor((first + b) / ratio);
          const before = sums[into] as number;
          sums[into] = Number.isNaN(before) ? value : before + value;
        }
      });
    });
  };
  const block = () => {
    const { startMs, stepMs, bucketCount } = frame;
    const values = new Float64Array(series.size * counters.size * bucketCount).fill(Number.NaN);
    let at = 0;
    for (const columns of series.values()) {
      for (let place = 0; place < counters.size; place++) {
        const column = columns[place];
        if (column !== undefined) values.set(column, (at * counters.size + place) * bucketCount);
      }
      at++;
    }
    return { startMs, stepMs, bucketCount, counters: [...counters.keys()], keys: [...series.keys()], values };
  };
  return { add, block };
}

/** Sums blocks into the frame; see {@link BlockJoin}. */
export function joinBlocks(frame: BlockFrame, blocks: readonly CountBlock[]): CountBlock {
  const join = createBlockJoin(frame);
  for (const block of blocks) join.add(block);
  return join.block();
}

/** Cuts a block at every multiple of `spanMs`, so that no piece crosses one. */
export function cutAtMultiples(block: CountBlock, spanMs: number): readonly CountBlock[] {
  const pieces: CountBlock[] = [];
  const endMs = blockEndMs(block);
  for (let fromMs = block.startMs; fromMs < endMs; ) {
    const toMs = Math.min(endMs, (Math.floor(fromMs / spanMs) + 1) * spanMs);
    const piece = clipBlock(block, fromMs, toMs);
    if (piece !== null) pieces.push(piece);
    fromMs = toMs;
  }
  return pieces;
}
