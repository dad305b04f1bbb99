/** The port to the stored SLI counts: every window from 5 m to 30 d is a sum of what is read here. Called by the evaluator and by back-fill. */
import type { TimeWindow } from "../telemetry/time-window.js";
import type { CountBlock } from "./count-block.js";

/** A stored block and whose it is. */
export interface ScopedBlock {
  readonly scope: string;
  readonly block: CountBlock;
}

/** What to read. */
export interface CountQuestion {
  /** Left out: every scope. */
  readonly scope?: string;
  /** Blocks that overlap this window come whole: their first and last buckets may lie outside. */
  readonly window: TimeWindow;
  /** Only these series; the others are not unpacked. Left out: all. */
  readonly keys?: ReadonlySet<string>;
  /**
   * Whether the values of a block hold only until the next block is asked for. A start reads a gigabyte of them, and arrays that come and
   * go between small ones that stay leave holes in the process's memory for good. Default: each block has its own.
   */
  readonly sharesValues?: boolean;
}

/** One tier of compaction: counts are kept in buckets of `stepMs` until they are `keepMs` old. */
export interface CountTier {
  readonly stepMs: number;
  readonly keepMs: number;
}

/** The stored counts. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface SliCountStore {
  /**
   * Writes blocks, all of them in one transaction, and marks their time as covered. Cost of one cycle: a row per scope.
   * - The newest write wins: buckets already stored in the block's time are replaced, of series the block does not have too.
   * - Time already compacted to a longer step than the block's is replaced where the block spans whole stored buckets; where it
   *   spans part of one, what was covered before stays as it is and what was not is added to the bucket.
   * Steps must divide one another and `startMs` be a multiple of `stepMs`.
   */
  append(blocks: readonly ScopedBlock[]): Promise<void>;
  /**
   * Stored blocks, by scope, oldest first, never overlapping within a scope; steps differ with age. Unpacked one at a time
   * with turns of the event loop between.
   */
  read(question: CountQuestion): AsyncIterable<ScopedBlock>;
  /** Time for which counts are stored, as sorted, disjoint, not touching windows; [] for a scope never written. A gap is not zero. */
  covered(scope: string): Promise<readonly TimeWindow[]>;
  /** Scopes ever written and not pruned. */
  scopes(): Promise<readonly string[]>;
  /**
   * Joins small blocks into large ones and makes their step coarser with age, as the store's tiers say; deletes what is older than
   * the last tier keeps, and its coverage. Does a bounded part of the work and says whether more is left: call it again then.
   * `isOurs` left out: of all scopes. A scope must be compacted and appended to through one repository at a time.
   */
  compact(nowMs: number, isOurs?: (scope: string) => boolean): Promise<{ readonly isDone: boolean }>;
  /** Deletes a scope: all its counts and its coverage. */
  drop(scope: string): Promise<void>;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * 30 s for the longest short window (6 h) and half an hour more, 5 min for four days (the 3 d window), 15 min for 35 days: the
 * longest step that calendar zones allow.
 */
export const countTiers: readonly CountTier[] = [
  { stepMs: minuteMs / 2, keepMs: 6.5 * hourMs },
  { stepMs: 5 * minuteMs, keepMs: 4 * 24 * hourMs },
  { stepMs: 15 * minuteMs, keepMs: 35 * 24 * hourMs },
];
