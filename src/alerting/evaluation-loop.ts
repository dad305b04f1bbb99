/**
 * The loop of `serve`: an evaluation at every multiple of the interval, one at a time, whatever fails; back-fill beside it. Time comes in
 * through clock and pause only, so that tests own it. Started and stopped by the composition root.
 */
import { isMeshlensError } from "../errors.js";
import type { BackfillStep } from "../slo/measure/measurer.js";
import type { Clock } from "../telemetry/clock.js";
import type { CallOptions } from "../telemetry/source.js";
import { fillForEver } from "./backfill-loop.js";
import type { EvaluatedCycle, Evaluator, Roster } from "./evaluator.js";

/** What the loop tells while it runs; none of it may throw. */
export interface LoopObserver {
  /** States are loaded; `lastMs` is the last stored evaluation. */
  loaded(lastMs: number | null): void;
  /** `lagMs`: how late it began. `skipped`: evaluations left out since the one before, because it took too long or nobody ran. */
  evaluated(
    cycle: EvaluatedCycle,
    roster: Roster,
    facts: { readonly lagMs: number; readonly durationMs: number },
  ): void;
  skipped(count: number): void;
  /** Nothing was stored; it is tried again. */
  failed(error: unknown): void;
  backfilled(step: BackfillStep): void;
}

/** What the loop is made of. */
export interface LoopDeps {
  readonly evaluator: Evaluator;
  /** Left out: somebody else sees to it. */
  readonly backfill?: (nowMs: number, roster: Roster, options: CallOptions) => Promise<BackfillStep>;
  /** Whether the evaluation that ended last waited for other copies: what was missed meanwhile is made up for. */
  readonly hasWaited?: () => boolean;
  /** Which objectives there are; never rejects for a source's sake. */
  readonly rosterAt: (nowMs: number, options: CallOptions) => Promise<Roster>;
  readonly clock: Clock;
  /** Waits; ends at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly intervalMs: number;
  readonly observer: LoopObserver;
  /** Deadline of the questions of one evaluation, ms. */
  readonly timeoutMs: number;
}

/** The running loop. */
export interface EvaluationLoop {
  /** Ends after the evaluation under way; back-fill ends at once. A second call waits for the same end. */
  stop(): Promise<void>;
}

/** Missed evaluations that are made up for at a start, or after a copy was waited for: as many as count as watched. */
const mostMissed = 4;

/** Starts the loop. */
export function startEvaluationLoop(deps: LoopDeps): EvaluationLoop {
  const { evaluator, clock, pause, intervalMs, observer } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const tickOf = (ms: number) => Math.floor(ms / intervalMs) * intervalMs;
  const retryMs = Math.min(5_000, intervalMs / 6);
  let roster: Roster | null = null;

  async function load(): Promise<number | null> {
    for (;;) {
      try {
        const lastMs = await evaluator.load(clock.nowMs());
        observer.loaded(lastMs);
        return lastMs;
      } catch (error) {
        observer.failed(error);
        await pause(retryMs, signal);
        if (signal.aborted) return null;
      }
    }
  }

  async function evaluate(atMs: number): Promise<boolean> {
    const startMs = clock.nowMs();
    try {
      // Not the loop's signal: the evaluation under way is finished when the loop is stopped.
      const signalOfCycle = AbortSignal.timeout(2 * deps.timeoutMs);
      const options = { signal: signalOfCycle, deadlineMs: startMs + deps.timeoutMs, isUrgent: true };
      roster = await deps.rosterAt(atMs, options);
      const cycle = await evaluator.cycle(atMs, roster, options);
      observer.evaluated(cycle, roster, { lagMs: startMs - atMs, durationMs: clock.nowMs() - startMs });
      return true;
    } catch (error) {
      observer.failed(error);
      return false;
    }
  }

  async function evaluateForEver(): Promise<void> {
    const lastMs = await load();
    const nowMs = clock.nowMs();
    const missed = lastMs === null ? 0 : (tickOf(nowMs) - tickOf(lastMs)) / intervalMs;
    const isShort = lastMs !== null && missed > 0 && missed <= mostMissed;
    // What was missed for a moment only is made up for, so that a restart changes nothing.
    let madeUpUntilMs = isShort ? tickOf(nowMs) : Number.NEGATIVE_INFINITY;
    let atMs = isShort ? tickOf(lastMs) + intervalMs : tickOf(nowMs) + (lastMs === tickOf(nowMs) ? intervalMs : 0);
    while (!signal.aborted) {
      await waitUntil(atMs);
      if (signal.aborted) return;
      // A clock that went back would be waited for until it is where it was: it is followed instead.
      if (clock.nowMs() < atMs - intervalMs) atMs = tickOf(clock.nowMs());
      const isDone = await evaluate(atMs);
      if (!isDone) await pause(retryMs, signal);
      const newest = tickOf(clock.nowMs());
      const isMadeUp = deps.hasWaited?.() === true && (newest - atMs) / intervalMs <= mostMissed + 1;
      if (isMadeUp) madeUpUntilMs = Math.max(madeUpUntilMs, newest);
      if (!isDone && newest <= atMs) continue;
      const next = atMs + intervalMs;
      if (atMs < madeUpUntilMs || newest <= next) atMs = next;
      else {
        observer.skipped((newest - next) / intervalMs);
        atMs = newest;
      }
    }
  }

  /** Until then, by steps no longer than the interval, because the clock may be set meanwhile. */
  async function waitUntil(atMs: number): Promise<void> {
    const restMs = atMs - clock.nowMs();
    if (restMs > 0) await pause(Math.min(restMs, intervalMs), signal);
  }

  const { backfill } = deps;
  const filling =
    backfill === undefined
      ? null
      : fillForEver({
          ...deps,
          signal,
          objectives: () => roster?.objectives ?? null,
          backfill: (nowMs, options) => backfill(nowMs, roster ?? { objectives: [], isComplete: false }, options),
        });
  const ended = Promise.all([evaluateForEver(), filling]).then(() => undefined);
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

/** What failed, for people: only our own sentences are free of secrets. */
export function failureWords(error: unknown): string {
  return isMeshlensError(error) ? error.message : "the evaluation failed for a reason of our own; the log has it";
}
