/**
 * Counts of many series over many equal buckets of time, as one flat array. What `slo/` writes and reads and the store packs;
 * pure values, called from `store/`, and through it from `slo/` and `alerting/`.
 */

/**
 * Counts of one scope (one SLI family of one source: whatever is asked with one grouped query) over equal, adjacent buckets.
 * Bucket b of `bucketCount` covers (startMs + b·stepMs, startMs + (b+1)·stepMs]. A series that is not in it, or
 * has NaN in a bucket, had no sample there; 0 is a measured zero. A written block covers all of its time; one read back may span
 * gaps (NaN for all series), which `covered` tells from time in which nobody called.
 */
export interface CountBlock {
  readonly startMs: number;
  readonly stepMs: number;
  readonly bucketCount: number;
  /** Names of the counts, such as `total`, `bad`: the same for all series of the block. */
  readonly counters: readonly string[];
  /** Keys of the series; unique, any text; no order. */
  readonly keys: readonly string[];
  /** Counts at ((series · counters.length) + counter) · bucketCount + bucket; ≥ 0 or NaN, whole or not. */
  readonly values: Float64Array;
}

/** End of a block's last bucket, epoch ms. */
export function blockEndMs(block: Pick<CountBlock, "startMs" | "stepMs" | "bucketCount">): number {
  return block.startMs + block.stepMs * block.bucketCount;
}

/** Where bucket 0 of one series' counter lies in `values`; the other buckets follow. */
export function columnOffset(
  block: Pick<CountBlock, "counters" | "bucketCount">,
  series: number,
  counter: number,
): number {
  return (series * block.counters.length + counter) * block.bucketCount;
}
