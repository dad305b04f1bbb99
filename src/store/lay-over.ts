/** What a newly written block does to the blocks stored for its time. Pure; called by the repository of SLI counts. */
import type { TimeWindow } from "../telemetry/time-window.js";
import { blockEndMs, type CountBlock } from "./count-block.js";
import { clipBlock, joinBlocks } from "./join-blocks.js";

/** The blocks that stand for the time of `stored` and `written` afterwards; disjoint, in no order. */
export function layOver(
  stored: readonly CountBlock[],
  written: CountBlock,
  covered: readonly TimeWindow[],
): readonly CountBlock[] {
  const kept: CountBlock[] = [];
  let pieces: readonly CountBlock[] = [written];
  for (const block of stored) {
    const fromMs = Math.max(written.startMs, block.startMs);
    const toMs = Math.min(blockEndMs(written), blockEndMs(block));
    // Edges that fall into the midst of a stored bucket: that bucket stays and what was not covered joins it.
    const shared = sharedBuckets(block, fromMs, toMs);
    const fresh: CountBlock[] = [];
    for (const bucket of shared) {
      const within = pieces.flatMap((piece) => present(clipBlock(piece, bucket.fromMs, bucket.toMs)));
      fresh.push(...within.flatMap((piece) => outside(piece, covered)));
      pieces = pieces.flatMap((piece) => outside(piece, [bucket]));
    }
    const replacedFromMs = shared.find((bucket) => bucket.fromMs < fromMs)?.toMs ?? fromMs;
    const replacedToMs = shared.find((bucket) => bucket.toMs > toMs)?.fromMs ?? toMs;
    const rest =
      replacedFromMs < replacedToMs ? outside(block, [{ fromMs: replacedFromMs, toMs: replacedToMs }]) : [block];
    kept.push(...rest.map((part) => withFresh(part, fresh)));
  }
  return [...kept, ...pieces];
}

function sharedBuckets(block: CountBlock, fromMs: number, toMs: number): readonly TimeWindow[] {
  const { stepMs } = block;
  const starts = [fromMs, toMs].filter((ms) => ms % stepMs !== 0).map((ms) => Math.floor(ms / stepMs) * stepMs);
  return [...new Set(starts)].map((startMs) => ({ fromMs: startMs, toMs: startMs + stepMs }));
}

function withFresh(block: CountBlock, fresh: readonly CountBlock[]): CountBlock {
  const within = fresh.flatMap((piece) => present(clipBlock(piece, block.startMs, blockEndMs(block))));
  return within.length === 0 ? block : joinBlocks(block, [block, ...within]);
}

/** What of a block lies in none of the windows. */
function outside(block: CountBlock, windows: readonly TimeWindow[]): readonly CountBlock[] {
  let parts: readonly CountBlock[] = [block];
  for (const { fromMs, toMs } of windows) {
    parts = parts.flatMap((part) =>
      toMs <= part.startMs || fromMs >= blockEndMs(part)
        ? [part]
        : [...present(clipBlock(part, part.startMs, fromMs)), ...present(clipBlock(part, toMs, blockEndMs(part)))],
    );
  }
  return parts;
}

function present<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value];
}
