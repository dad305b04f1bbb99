/**
 * Sums of windows over a row of equal buckets, moved on with time: what a window leaves behind is taken away and what it wins is added,
 * instead of adding all of it up again. Counts lie on a grid (onGrid), so that taking away leaves nothing behind. Called by scope-ledger.ts.
 */
import { addColumn, type PackedColumn } from "./packed-column.js";

/** The counts of one bucket, a column per counter. */
export interface Slot {
  readonly columns: readonly PackedColumn[];
  /** How much of the bucket was counted. */
  readonly coveredMs: number;
}

/** Sums of (fromMs, toMs]. */
export interface RunningSum {
  readonly fromMs: number;
  readonly toMs: number;
  /** By counter, then by series; series beyond the end have no counts. */
  readonly sums: readonly Float64Array[];
  readonly coveredMs: number;
}

/** The windows of one row of buckets. */
export interface SlidingSums {
  /** Sums of the windows that end at `toMs`, the shortest first; all instants are ends of buckets. They hold until the next call of anything here. */
  until(toMs: number, fromMs: readonly number[]): readonly RunningSum[];
  /** To be called with every bucket that comes, goes or changes; undefined is no bucket. */
  changed(endMs: number, before: Slot | undefined, after: Slot | undefined): void;
  /** Forgets all sums. */
  forget(): void;
  bytes(): number;
}

interface Run {
  fromMs: number;
  toMs: number;
  sums: Float64Array[];
  coveredMs: number;
}

const gridPerCount = 2 ** 24;
/** What copying a sum costs, in buckets added. */
const copySteps = 2;

/** The nearest count whose sums, up to half a billion, are exact in any order; whole counts stay as they are. */
export function onGrid(count: number): number {
  return Number.isInteger(count) ? count : Math.round(count * gridPerCount) / gridPerCount;
}

/** Sums over `slots`, which are kept by the ends of their buckets, `stepMs` apart. */
export function createSlidingSums(slots: ReadonlyMap<number, Slot>, stepMs: number): SlidingSums {
  let runs: Run[] = [];

  function apply(run: Run, slot: Slot | undefined, sign: 1 | -1): void {
    if (slot === undefined) return;
    for (let counter = 0; counter < slot.columns.length; counter += 1) {
      const column = slot.columns[counter] as PackedColumn;
      let sums = run.sums[counter] ?? new Float64Array(0);
      if (sums.length < column.length) {
        const grown = new Float64Array(column.length);
        grown.set(sums);
        run.sums[counter] = sums = grown;
      }
      addColumn(column, sums, sign);
    }
    run.coveredMs += sign * slot.coveredMs;
  }

  function move(run: Run, fromMs: number, toMs: number): Run {
    while (run.toMs < toMs) {
      run.toMs += stepMs;
      apply(run, slots.get(run.toMs), 1);
    }
    for (; run.toMs > toMs; run.toMs -= stepMs) apply(run, slots.get(run.toMs), -1);
    while (run.fromMs < fromMs) {
      run.fromMs += stepMs;
      apply(run, slots.get(run.fromMs), -1);
    }
    for (; run.fromMs > fromMs; run.fromMs -= stepMs) apply(run, slots.get(run.fromMs), 1);
    return run;
  }

  /** Moves the window's own sum on, or begins with the shorter one's or with nothing, whichever is the least work. */
  function moved(own: Run | undefined, shorter: Run | undefined, fromMs: number, toMs: number): Run {
    const steps = (run: Run) => (Math.abs(run.fromMs - fromMs) + Math.abs(run.toMs - toMs)) / stepMs;
    const ownSteps = own === undefined ? Number.POSITIVE_INFINITY : steps(own);
    const shorterSteps = shorter === undefined ? Number.POSITIVE_INFINITY : steps(shorter) + copySteps;
    if (own !== undefined && ownSteps <= Math.min(shorterSteps, (toMs - fromMs) / stepMs))
      return move(own, fromMs, toMs);
    if (shorter === undefined) return move({ fromMs: toMs, toMs, sums: [], coveredMs: 0 }, fromMs, toMs);
    return move({ ...shorter, sums: shorter.sums.map((sums) => sums.slice()) }, fromMs, toMs);
  }

  return {
    until(toMs, fromMs) {
      const next: Run[] = [];
      for (const [i, from] of fromMs.entries()) next.push(moved(runs[i], next[i - 1], from, toMs));
      runs = next;
      return runs;
    },
    changed(endMs, before, after) {
      for (const run of runs) {
        if (endMs <= run.fromMs || endMs > run.toMs) continue;
        apply(run, before, -1);
        apply(run, after, 1);
      }
    },
    forget() {
      runs = [];
    },
    bytes: () => runs.reduce((sum, run) => sum + run.sums.reduce((own, { byteLength }) => own + byteLength, 0), 0),
  };
}
