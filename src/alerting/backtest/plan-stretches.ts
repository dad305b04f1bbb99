/** Which stretches of time a backtest asks for, in which steps and order. Pure; called by run-backtest.ts. */
import { ledgerTiers } from "../../slo/ledger/scope-ledger.js";
import type { Stretch } from "../../slo/measure/ask-groups.js";
import type { Objective } from "../../slo/objective.js";
import { periodWindow, tierWindowsMs } from "../../slo/windows.js";

/** Evaluations at `fromMs`, `fromMs + stepMs`, ... up to `toMs`. */
export interface BacktestRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** A multiple of 30 s, the finest step of counts. */
  readonly stepMs: number;
}

/** What is asked for. */
export interface StretchPlan {
  /** Where the longest window of the first evaluation begins. */
  readonly historyFromMs: number;
  /** Before the first evaluation, newest first: fine steps as far as short windows reach, coarse ones before. */
  readonly history: readonly Stretch[];
  /** The range itself, oldest first. */
  readonly range: readonly Stretch[];
}

const hourMs = 3_600_000;
/** A backend answers this much of a middling mesh in about a second. */
const fineChunkMs = 2 * hourMs;
const coarseChunkMs = 24 * hourMs;

/**
 * The plan for evaluations whose windows end between `firstMs` and `lastMs`, multiples of 30 s; the longest history is what ledgers keep,
 * 35 days.
 */
export function planStretches(firstMs: number, lastMs: number, objectives: readonly Objective[]): StretchPlan {
  const { fineMs, coarseMs, fineKeepMs, keepMs } = ledgerTiers;
  const begins = objectives.flatMap((objective) => [
    periodWindow(objective.period, firstMs).fromMs,
    ...tierWindowsMs(objective).map((length) => firstMs - length),
  ]);
  const wantedMs = Math.max(firstMs - keepMs, Math.min(firstMs, ...begins));
  const historyFromMs = floorTo(wantedMs, coarseMs);
  const fineFromMs = Math.max(historyFromMs, floorTo(firstMs - fineKeepMs, coarseMs));
  const fine = cut(fineFromMs, firstMs, fineChunkMs, fineMs);
  const coarse = cut(historyFromMs, fineFromMs, coarseChunkMs, coarseMs);
  return {
    historyFromMs,
    history: [...coarse, ...fine].reverse(),
    range: cut(firstMs, lastMs, fineChunkMs, fineMs),
  };
}

/** Both halves of a stretch, on whole steps; null for one that is too short to be cut. */
export function halves({ window: { fromMs, toMs }, stepMs }: Stretch): readonly [Stretch, Stretch] | null {
  const steps = Math.round((toMs - fromMs) / stepMs);
  if (steps < fewestSteps) return null;
  const middleMs = fromMs + Math.ceil(steps / 2) * stepMs;
  return [
    { window: { fromMs, toMs: middleMs }, stepMs },
    { window: { fromMs: middleMs, toMs }, stepMs },
  ];
}

const fewestSteps = 30;

function cut(fromMs: number, toMs: number, chunkMs: number, stepMs: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += chunkMs) {
    stretches.push({ window: { fromMs: atMs, toMs: Math.min(toMs, atMs + chunkMs) }, stepMs });
  }
  return stretches;
}

function floorTo(ms: number, stepMs: number): number {
  return Math.floor(ms / stepMs) * stepMs;
}
