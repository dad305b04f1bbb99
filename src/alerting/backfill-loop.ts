/** Back-fill for ever, beside evaluations: until nothing is missing, and again after a while. Time comes in through clock and pause only. */
import { paceBackfill } from "../slo/measure/backfill-pace.js";
import type { BackfillStep } from "../slo/measure/measurer.js";
import type { Objective } from "../slo/objective.js";
import type { Clock } from "../telemetry/clock.js";
import type { CallOptions } from "../telemetry/source.js";

/** What it is made of. */
export interface BackfillDeps {
  /** Null before it is known which there are. */
  readonly objectives: () => readonly Objective[] | null;
  readonly backfill: (nowMs: number, options: CallOptions) => Promise<BackfillStep>;
  readonly clock: Clock;
  /** Waits; ends at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** How soon it is looked whether objectives are known, ms. */
  readonly intervalMs: number;
  /** Deadline of the questions of one piece, ms. */
  readonly timeoutMs: number;
  /** None of them may throw. */
  readonly observer: { failed(error: unknown): void; backfilled(step: BackfillStep): void };
}

/** Share of one core of a backend that it may spend. */
const coreShare = 0.5;
const retryMs = 30_000;
/** It looks again after this long, for gaps that outages leave. */
const againMs = 600_000;

/** Ends when the signal aborts. Never rejects. */
export async function fillForEver(deps: BackfillDeps): Promise<void> {
  const { objectives, clock, pause, signal, observer } = deps;
  const step = async (): Promise<BackfillStep> => {
    if ((objectives() ?? []).length === 0) return "done";
    const nowMs = clock.nowMs();
    let done: BackfillStep = "failed";
    try {
      done = await deps.backfill(nowMs, { signal, deadlineMs: nowMs + deps.timeoutMs });
    } catch (error) {
      if (!signal.aborted) observer.failed(error);
    }
    if (!signal.aborted) observer.backfilled(done);
    return done;
  };
  while (!signal.aborted) {
    await paceBackfill({ clock, step, pause, signal, coreShare, retryMs });
    await pause(objectives() === null ? deps.intervalMs : againMs, signal);
  }
}
