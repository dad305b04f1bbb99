/**
 * The clocks of the backends beside ours: samples bear the backend's time, so windows end by it. Read before each cycle with one small
 * question per source. Called by the measurer.
 */
import { askSources } from "../../mesh/pillar.js";
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import { type CallOptions, toleratedSkewMs } from "../../telemetry/source.js";
import { groupName } from "./ask-groups.js";

/** What the clocks say. */
export interface ClockReading {
  /** Add it to our clock for the time that every usable cluster and shard has reached: 0 unless one is behind or all are ahead. */
  readonly skewMs: number;
  /** Backend less ours as measured, by source; those that told none are not here. */
  readonly measuredMs: ReadonlyMap<string, number>;
  /** Clusters and shards whose clock is too far off to be believed, with what to do about it. */
  readonly unusable: ReadonlyMap<string, string>;
}

/** Reads the clocks; a source that does not tell keeps what it said before. Never rejects. */
export type ReadBackendClocks = (options: CallOptions) => Promise<ClockReading>;

/** Beyond this a clock is not followed: it is set wrong, or no clock. */
export const mostSkewMs = 3_600_000;

const readMs = 2_000;

/** Clocks that are taken to agree with ours until they say otherwise. */
export function createBackendClocks(sources: readonly MetricSource[], clock: Clock): ReadBackendClocks {
  const followed = new Map<string, number>();
  const measured = new Map<string, number>();

  return async (options) => {
    const deadlineMs = Math.min(options.deadlineMs, clock.nowMs() + readMs);
    const { answers } = await askSources(sources, { ...options, deadlineMs }, clock, async (source, own) => {
      const askedMs = clock.nowMs();
      const theirsMs = await source.readClock(own);
      const tookMs = clock.nowMs() - askedMs;
      // Ours was set meanwhile, or the answer is too old to tell.
      const isUsable = theirsMs !== null && tookMs >= 0 && tookMs <= readMs;
      return { value: isUsable ? theirsMs - (askedMs + tookMs / 2) : null, warnings: [] };
    });
    for (const { source, value } of answers) {
      if (value === null) continue;
      measured.set(source.name, value);
      const group = groupName(source);
      const before = followed.get(group) ?? 0;
      // Whole steps of our clock plus a skew that trembles would end in one step now and in another then.
      if (Math.abs(value - before) > toleratedSkewMs)
        followed.set(group, Math.abs(value) > toleratedSkewMs ? value : 0);
    }
    const isSane = (skewMs: number) => Math.abs(skewMs) <= mostSkewMs;
    const groups = [...new Set(sources.map(groupName))];
    const sane = groups.map((group) => followed.get(group) ?? 0).filter(isSane);
    const unusable = groups.flatMap((group) => {
      const skewMs = followed.get(group) ?? 0;
      return isSane(skewMs) ? [] : [[group, tooFar(group, skewMs)] as const];
    });
    return { skewMs: sane.length === 0 ? 0 : Math.min(...sane), measuredMs: measured, unusable: new Map(unusable) };
  };
}

function tooFar(group: string, skewMs: number): string {
  const way = skewMs > 0 ? "ahead of" : "behind";
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  return `The clock of the metrics source of ${group} is ${minutes} min ${way} Meshlens': nothing of it is counted until one of them is set right.`;
}
