/** Back-fill in the background: pieces with pauses between, so that a backend spends a bounded share of one core on it. Called by the alert loop. */
import type { Clock } from "../../telemetry/clock.js";
import type { BackfillStep } from "./measurer.js";

/** Questions of one piece that a backend works on at the same time. */
const lanes = 2;

/** What pacing needs. */
export interface PaceDeps {
  readonly clock: Clock;
  /** Fills one piece. */
  readonly step: () => Promise<BackfillStep>;
  /** Waits; ends at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** Share of one core the backend may spend, 0..1. */
  readonly coreShare: number;
  /** Wait after a piece that failed, ms. */
  readonly retryMs: number;
}

/** Fills until nothing is missing or the signal aborts; says how many pieces it filled. */
export async function paceBackfill(deps: PaceDeps): Promise<number> {
  const { clock, step, pause, signal, coreShare, retryMs } = deps;
  let pieces = 0;
  while (!signal.aborted) {
    const startMs = clock.nowMs();
    const done = await step();
    if (done === "done") break;
    if (done === "filled") pieces += 1;
    const tookMs = clock.nowMs() - startMs;
    await pause(done === "failed" ? retryMs : (tookMs * lanes) / coreShare - tookMs, signal);
  }
  return pieces;
}
