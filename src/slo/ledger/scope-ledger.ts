/**
 * Counts of one scope (what one grouped question asks for) over time, in memory: fine buckets for as long as the longest short window,
 * coarse ones before. Every window is a sum of buckets. Pure but for its own contents; filled by measuring, by the store at a start and
 * by back-fill, read once a cycle.
 */
import { columnBytes, countAt, packColumn } from "./packed-column.js";
import { createSlidingSums, onGrid, type RunningSum, type Slot } from "./sliding-sums.js";

/** Counts of many series over equal buckets, as the store keeps them (store/count-block.ts has the same shape). */
export interface LedgerBlock {
  readonly startMs: number;
  readonly stepMs: number;
  readonly bucketCount: number;
  readonly counters: readonly string[];
  readonly keys: readonly string[];
  /** At ((series · counters.length) + counter) · bucketCount + bucket; NaN is "no sample". */
  readonly values: Float64Array;
}

/** Sums of one window: (fromMs, end]. */
export interface WindowSum {
  readonly fromMs: number;
  /** Share of the window that was counted, 0..1; a gap is not zero. */
  readonly coverage: number;
  /** Of one series, NaN-free: 0 where it had no sample at all. */
  sum(key: string, counter: string): number;
}

/** The ledger of one scope. */
export interface ScopeLedger {
  /** Replaces the buckets of the block's time. Coarse and mixed steps are taken too, as they come from the store. */
  write(block: LedgerBlock): void;
  /**
   * Sums of the windows that end at `endMs` (a multiple of the fine step), which hold until the next call or write. Before that, what has
   * grown too old for fine buckets is made coarse, and what no window needs is forgotten. Where `endMs` lies before that of the last call,
   * the clock was set back: what was counted beyond it is forgotten, because it was counted in times that had not been.
   */
  windows(endMs: number, fromMs: readonly number[]): readonly WindowSum[];
  /** Count of a series in the fine bucket that ends at `endMs`: null when that bucket was not counted, NaN when it had no sample. */
  newest(endMs: number, key: string, counter: string): number | null;
  /** Whether a bucket was counted. */
  isCovered(endMs: number): boolean;
  keys(): IterableIterator<string>;
  bytes(): number;
}

/** Grain and age of the tiers. */
export interface LedgerTiers {
  readonly fineMs: number;
  readonly fineKeepMs: number;
  readonly coarseMs: number;
  readonly keepMs: number;
}

const hourMs = 3_600_000;

/** 30 s for the longest short window and half an hour more; 15 min, the most that calendar zones allow, for 35 days. */
export const ledgerTiers: LedgerTiers = {
  fineMs: 30_000,
  fineKeepMs: 6.5 * hourMs,
  coarseMs: 900_000,
  keepMs: 35 * 24 * hourMs,
};

/** An empty ledger. Counters are those of its first block; a block with others starts it anew. */
export function createScopeLedger(tiers: LedgerTiers = ledgerTiers): ScopeLedger {
  const { fineMs, coarseMs } = tiers;
  const indexOf = new Map<string, number>();
  let counters: readonly string[] = [];
  /** By the end of the bucket. */
  const fine = new Map<number, Slot>();
  const coarse = new Map<number, Slot>();
  const fineSums = createSlidingSums(fine, fineMs);
  const coarseSums = createSlidingSums(coarse, coarseMs);
  /** Buckets that end here or before are coarse. */
  let boundaryMs = Number.NEGATIVE_INFINITY;
  let lastEndMs = Number.NEGATIVE_INFINITY;
  /** Where a bucket is laid out before it is packed: thousands of buckets of a start would each leave theirs behind. */
  let laidOut: readonly Float64Array[] = [];

  const floor = (ms: number, stepMs: number) => Math.floor(ms / stepMs) * stepMs;

  function columnsOf(block: LedgerBlock, bucket: number, series: readonly number[]): readonly Float64Array[] {
    const width = counters.length;
    if (laidOut.length !== width || laidOut[0]?.length !== indexOf.size) laidOut = absentSums(width, indexOf.size);
    for (const [counter, counts] of laidOut.entries()) {
      counts.fill(Number.NaN);
      for (let i = 0; i < series.length; i += 1) {
        const count = block.values[(i * width + counter) * block.bucketCount + bucket] ?? Number.NaN;
        counts[series[i] as number] = Number.isFinite(count) ? onGrid(count) : Number.NaN;
      }
    }
    return laidOut;
  }

  function set(slots: Map<number, Slot>, endMs: number, slot: Slot | undefined): void {
    (slots === fine ? fineSums : coarseSums).changed(endMs, slots.get(endMs), slot);
    if (slot === undefined) slots.delete(endMs);
    else slots.set(endMs, slot);
  }

  function put(slots: Map<number, Slot>, endMs: number, columns: readonly Float64Array[], coveredMs: number): void {
    set(slots, endMs, { columns: columns.map(packColumn), coveredMs });
  }

  /** Adds a shorter bucket to the coarse one it lies in. */
  function addToCoarse(endMs: number, columns: readonly Float64Array[], coveredMs: number): void {
    const coarseEndMs = Math.ceil(endMs / coarseMs) * coarseMs;
    const known = coarse.get(coarseEndMs);
    // What is counted whole has this step in it.
    if (known?.coveredMs === coarseMs) return;
    if (known !== undefined) {
      for (const [counter, counts] of columns.entries()) {
        const before = known.columns[counter];
        if (before === undefined) continue;
        for (let i = 0; i < counts.length; i += 1) {
          const old = countAt(before, i);
          const added = counts[i] as number;
          if (!Number.isNaN(old)) counts[i] = Number.isNaN(added) ? old : old + added;
        }
      }
    }
    put(coarse, coarseEndMs, columns, Math.min(coarseMs, (known?.coveredMs ?? 0) + coveredMs));
  }

  function windowSum(fromMs: number, endMs: number, recent: RunningSum, older: RunningSum | undefined): WindowSum {
    const lengthMs = endMs - (older === undefined ? fromMs : Math.min(fromMs, older.fromMs));
    const coveredMs = recent.coveredMs + (older?.coveredMs ?? 0);
    return {
      fromMs,
      coverage: lengthMs > 0 ? Math.min(1, coveredMs / lengthMs) : 0,
      sum(key, counter) {
        const series = indexOf.get(key);
        const at = counters.indexOf(counter);
        if (series === undefined || at < 0) return 0;
        return (recent.sums[at]?.[series] ?? 0) + (older?.sums[at]?.[series] ?? 0);
      },
    };
  }

  /** Begins anew from an earlier time: coarse buckets of what is fine again lack their grain, and are counted again. */
  function goBack(nowMs: number): void {
    for (const endMs of [...fine.keys()]) if (endMs > nowMs) set(fine, endMs, undefined);
    boundaryMs = Math.min(boundaryMs, floor(nowMs - tiers.fineKeepMs, coarseMs));
    for (const endMs of [...coarse.keys()]) if (endMs > boundaryMs) set(coarse, endMs, undefined);
  }

  function age(nowMs: number): void {
    const nextMs = floor(nowMs - tiers.fineKeepMs, coarseMs);
    if (nextMs > boundaryMs) {
      const ready = [...fine.keys()].filter((endMs) => endMs <= nextMs).sort((a, b) => a - b);
      const joined = new Map<number, { readonly sums: Float64Array[]; coveredMs: number }>();
      for (const endMs of ready) {
        const slot = fine.get(endMs);
        set(fine, endMs, undefined);
        const coarseEndMs = Math.ceil(endMs / coarseMs) * coarseMs;
        const one = joined.get(coarseEndMs) ?? { sums: absentSums(counters.length, indexOf.size), coveredMs: 0 };
        joined.set(coarseEndMs, one);
        one.coveredMs += fineMs;
        for (const [counter, column] of (slot?.columns ?? []).entries()) {
          const sums = one.sums[counter] as Float64Array;
          for (let i = 0; i < column.length; i += 1) {
            const count = countAt(column, i);
            if (!Number.isNaN(count)) sums[i] = Number.isNaN(sums[i] as number) ? count : (sums[i] as number) + count;
          }
        }
      }
      for (const [endMs, { sums, coveredMs }] of joined) addToCoarse(endMs, sums, coveredMs);
      boundaryMs = nextMs;
      for (const endMs of [...coarse.keys()]) if (endMs <= nowMs - tiers.keepMs) set(coarse, endMs, undefined);
    }
  }

  return {
    write(block) {
      if (block.counters.join("\u0000") !== counters.join("\u0000")) {
        counters = block.counters;
        fine.clear();
        coarse.clear();
        fineSums.forget();
        coarseSums.forget();
        indexOf.clear();
      }
      const series = block.keys.map((key) => {
        const known = indexOf.get(key);
        if (known !== undefined) return known;
        indexOf.set(key, indexOf.size);
        return indexOf.size - 1;
      });
      for (let bucket = 0; bucket < block.bucketCount; bucket += 1) {
        const endMs = block.startMs + (bucket + 1) * block.stepMs;
        const columns = columnsOf(block, bucket, series);
        if (block.stepMs === fineMs && endMs > boundaryMs) put(fine, endMs, columns, fineMs);
        else if (block.stepMs === coarseMs && endMs % coarseMs === 0) put(coarse, endMs, columns, coarseMs);
        else addToCoarse(endMs, columns, block.stepMs);
      }
    },

    windows(endMs, wanted) {
      if (endMs < lastEndMs) goBack(endMs);
      lastEndMs = endMs;
      age(endMs);
      const fineFrom = descending(wanted.map((fromMs) => Math.max(boundaryMs, floor(fromMs, fineMs))));
      const coarseFrom = descending(wanted.flatMap((fromMs) => (fromMs < boundaryMs ? floor(fromMs, coarseMs) : [])));
      const recent = byFrom(fineSums.until(endMs, fineFrom));
      const older = byFrom(coarseSums.until(boundaryMs, coarseFrom));
      return wanted.map((fromMs) =>
        windowSum(
          fromMs,
          endMs,
          recent.get(Math.max(boundaryMs, floor(fromMs, fineMs))) as RunningSum,
          fromMs < boundaryMs ? older.get(floor(fromMs, coarseMs)) : undefined,
        ),
      );
    },

    newest(endMs, key, counter) {
      const slot = fine.get(endMs);
      const column = slot?.columns[counters.indexOf(counter)];
      if (slot === undefined) return null;
      const series = indexOf.get(key);
      return column === undefined || series === undefined ? Number.NaN : countAt(column, series);
    },

    isCovered: (endMs) => fine.has(endMs) || coarse.get(Math.ceil(endMs / coarseMs) * coarseMs)?.coveredMs === coarseMs,

    keys: () => indexOf.keys(),
    bytes() {
      let bytes = fineSums.bytes() + coarseSums.bytes();
      for (const slots of [fine, coarse]) {
        for (const { columns } of slots.values()) for (const column of columns) bytes += columnBytes(column);
      }
      return bytes;
    },
  };
}

function absentSums(counters: number, series: number): Float64Array[] {
  return Array.from({ length: counters }, () => new Float64Array(series).fill(Number.NaN));
}

/** Each once, the highest first. */
function descending(instants: readonly number[]): readonly number[] {
  return [...new Set(instants)].sort((a, b) => b - a);
}

function byFrom(sums: readonly RunningSum[]): ReadonlyMap<number, RunningSum> {
  return new Map(sums.map((sum) => [sum.fromMs, sum]));
}
