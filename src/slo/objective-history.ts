/** Burn rate and budget of an objective over the past, from stored counts. Pure; called by the surfaces. */
import type { TimeWindow } from "../telemetry/time-window.js";
import { burnRate } from "./burn-rate.js";
import type { LedgerBlock } from "./ledger/scope-ledger.js";
import type { Objective } from "./objective.js";
import { periodWindow } from "./windows.js";

/** Columns of equal length; null is a gap. */
export interface ObjectiveHistory {
  readonly timestampsMs: readonly number[];
  /** Over the time since the point before, five minutes at least. */
  readonly burnRates: readonly (number | null)[];
  /** Share of the budget left of the period that ends at the point. */
  readonly budgetRemaining: readonly (number | null)[];
}

/** A count in one bucket of time. */
export interface CountedBucket {
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
}

/** What one cluster or shard counted of an objective: buckets in order of time that do not overlap. */
export interface CountedPast {
  readonly total: readonly CountedBucket[];
  readonly failed: readonly CountedBucket[];
}

const leastStepMs = 30_000;
const leastBurnMs = 300_000;
/** Share of a stretch that must be counted for a figure of it. */
const enoughCoverage = 0.5;

/** Instants of a history of at most `maxPoints` over a window: multiples of their distance. */
export function historyInstants({ fromMs, toMs }: TimeWindow, maxPoints: number): readonly number[] {
  const stepMs = Math.max(leastStepMs, Math.ceil((toMs - fromMs) / maxPoints / leastStepMs) * leastStepMs);
  const instants: number[] = [];
  for (let atMs = Math.floor(fromMs / stepMs) * stepMs + stepMs; atMs <= toMs; atMs += stepMs) instants.push(atMs);
  return instants;
}

/** The counts of some series of a block, bucket by bucket; a bucket in which none of them has a sample is a time without calls. */
export function bucketsOf(
  block: LedgerBlock,
  isOurs: (key: string) => boolean,
  counter: string,
): readonly CountedBucket[] {
  const at = block.counters.indexOf(counter);
  const series = block.keys.flatMap((key, i) => (isOurs(key) ? [i] : []));
  return Array.from({ length: block.bucketCount }, (_, bucket) => {
    let count = 0;
    for (const i of series) {
      const value = block.values[(i * block.counters.length + at) * block.bucketCount + bucket] ?? Number.NaN;
      if (!Number.isNaN(value)) count += value;
    }
    const startMs = block.startMs + bucket * block.stepMs;
    return { startMs, endMs: startMs + block.stepMs, count };
  });
}

/** The history at `instants`; what several clusters or shards counted is added up, and known where all of them know. */
export function objectiveHistory(
  objective: Pick<Objective, "target" | "period">,
  pasts: readonly CountedPast[],
  instants: readonly number[],
): ObjectiveHistory {
  const stepMs = Math.max(leastBurnMs, (instants[1] ?? 0) - (instants[0] ?? 0));
  const ratioOver = createRatio(pasts);
  const over = (fromMs: number, toMs: number) => {
    const { errorRatio, coverage } = ratioOver(fromMs, toMs);
    return { burn: burnRate(errorRatio, objective.target), coverage };
  };
  const latest = instants.map((atMs) => over(atMs - stepMs, atMs));
  return {
    timestampsMs: instants,
    burnRates: latest.map(({ burn, coverage }) => (coverage >= enoughCoverage ? burn : null)),
    budgetRemaining: instants.map((atMs, i) => {
      // Of what is known of the period, as in the budget itself; a point that nobody counted at has none.
      if ((latest[i]?.coverage ?? 0) < enoughCoverage) return null;
      const { burn } = over(periodWindow(objective.period, atMs).fromMs, atMs);
      return burn === null ? null : 1 - burn;
    }),
  };
}

/** Failed share of the calls over the time before each instant; null where half of that time was not counted, or had no calls. */
export function errorRatios(
  pasts: readonly CountedPast[],
  instants: readonly number[],
  windowMs: number,
): readonly (number | null)[] {
  const ratioOver = createRatio(pasts);
  return instants.map((atMs) => {
    const { errorRatio, coverage } = ratioOver(atMs - windowMs, atMs);
    return coverage >= enoughCoverage ? errorRatio : null;
  });
}

function createRatio(pasts: readonly CountedPast[]) {
  const counters = pasts.map(({ total, failed }) => ({ total: createCounter(total), failed: createCounter(failed) }));
  return (fromMs: number, toMs: number) => {
    let [total, failed, coverage] = [0, 0, counters.length === 0 ? 0 : 1];
    for (const counter of counters) {
      const all = counter.total(fromMs, toMs);
      const bad = counter.failed(fromMs, toMs);
      total += all.count;
      failed += bad.count;
      coverage = Math.min(coverage, all.coveredMs / (toMs - fromMs), bad.coveredMs / (toMs - fromMs));
    }
    return { errorRatio: total > 0 ? Math.min(1, Math.max(0, failed / total)) : null, coverage };
  };
}

/** Sums of any stretch of time; within a bucket in proportion. */
function createCounter(buckets: readonly CountedBucket[]) {
  const ends = buckets.map(({ endMs }) => endMs);
  const sums = [{ count: 0, coveredMs: 0 }];
  for (const [i, { startMs, endMs, count }] of buckets.entries()) {
    const before = sums[i] ?? { count: 0, coveredMs: 0 };
    sums.push({ count: before.count + count, coveredMs: before.coveredMs + (endMs - startMs) });
  }
  const until = (ms: number) => {
    const i = firstAfter(ends, ms);
    const before = sums[i] ?? { count: 0, coveredMs: 0 };
    const bucket = buckets[i];
    if (bucket === undefined || bucket.startMs >= ms) return before;
    const partMs = ms - bucket.startMs;
    const share = partMs / (bucket.endMs - bucket.startMs);
    return { count: before.count + share * bucket.count, coveredMs: before.coveredMs + partMs };
  };
  return (fromMs: number, toMs: number) => {
    const [a, b] = [until(fromMs), until(toMs)];
    return { count: b.count - a.count, coveredMs: b.coveredMs - a.coveredMs };
  };
}

/** Index of the first bucket that ends after an instant. */
function firstAfter(ends: readonly number[], ms: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] as number) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
