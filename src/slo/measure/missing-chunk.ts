/** Which time to fill next: the newest that is not counted, in pieces a backend answers in a second or so. Pure. */
import type { TimeWindow } from "../../telemetry/time-window.js";
import { ledgerTiers, type ScopeLedger } from "../ledger/scope-ledger.js";

/** A piece of time and the step it is to be counted in. */
export interface BackfillChunk {
  readonly window: TimeWindow;
  readonly stepMs: number;
}

/** Steps of one piece: ten minutes of fine ones, half an hour of coarse ones; each is some forty cells of every series. */
const mostFine = 20;
const mostCoarse = 2;

/** Null when all of (end − horizon, end] is counted. */
export function missingChunk(
  ledgers: readonly Pick<ScopeLedger, "isCovered">[],
  endMs: number,
  horizonMs: number,
): BackfillChunk | null {
  const { fineMs, coarseMs, fineKeepMs } = ledgerTiers;
  const boundaryMs = Math.floor((endMs - fineKeepMs) / coarseMs) * coarseMs;
  const isMissing = (atMs: number) => ledgers.some((ledger) => !ledger.isCovered(atMs));
  const stretch = (fromMs: number, untilMs: number, stepMs: number, most: number): BackfillChunk | null => {
    for (let atMs = fromMs; atMs > untilMs; atMs -= stepMs) {
      if (!isMissing(atMs)) continue;
      let startMs = atMs - stepMs;
      while (startMs > untilMs && (atMs - startMs) / stepMs < most && isMissing(startMs)) startMs -= stepMs;
      return { window: { fromMs: startMs, toMs: atMs }, stepMs };
    }
    return null;
  };
  return (
    stretch(endMs, Math.max(boundaryMs, endMs - horizonMs), fineMs, mostFine) ??
    stretch(boundaryMs, endMs - horizonMs, coarseMs, mostCoarse)
  );
}
