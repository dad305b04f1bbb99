/**
 * When queries that must be asked over whole windows are asked. Windows of up to 1 h with every step (30 s), up to 6 h every 2 min, up to
 * 3 d every 10 min, longer ones and the period of the budget every 30 min, each objective at instants of its own, so that they spread.
 * The usual tiers make that 3.6 questions a step and objective; 200 a step and cluster are the most, the most overdue first, so that more
 * than some 55 such objectives are asked less often, and more than some 200 are told that they cannot be. Pure; called by asked-windows.ts.
 */
import type { Objective } from "../objective.js";
import { periodWindow, tierWindowsMs } from "../windows.js";
import { askedQuery } from "./user-counts.js";

/** One window of one objective. */
export interface AskedWindow {
  /** Unique among all. */
  readonly key: string;
  readonly objective: Objective;
  /** Null is the objective's period. */
  readonly windowMs: number | null;
  readonly cadenceMs: number;
  /** Where its instants lie: at multiples of the cadence and this much after. */
  readonly phaseMs: number;
}

const stepMs = 30_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Questions of one step to one cluster or shard. */
export const mostAsked = 200;

/** Windows that may take a backend long, and that nobody waits for. */
export function isSlow({ windowMs }: AskedWindow): boolean {
  return windowMs === null || windowMs > 6 * hourMs;
}

/** The windows of all objectives that are asked, each once, a budget's last. */
export function askedWindows(objectives: readonly Objective[]): readonly AskedWindow[] {
  return objectives.flatMap((objective) => {
    if (askedQuery(objective) === null) return [];
    return [...tierWindowsMs(objective), null].map((windowMs) => askedWindow(objective, windowMs));
  });
}

/** One window; null is the period. */
export function askedWindow(objective: Objective, windowMs: number | null): AskedWindow {
  const cadenceMs = cadenceOf(windowMs);
  const key = `${objective.id} ${windowMs ?? "period"}`;
  return { key, objective, windowMs, cadenceMs, phaseMs: (spread(key) % (cadenceMs / stepMs)) * stepMs };
}

/** Its newest instant at or before `atMs`. */
export function instantOf({ cadenceMs, phaseMs }: AskedWindow, atMs: number): number {
  return Math.floor((atMs - phaseMs) / cadenceMs) * cadenceMs + phaseMs;
}

/** Its length at `atMs`, ms; a calendar period grows. */
export function lengthAt({ windowMs, objective }: AskedWindow, atMs: number): number {
  return windowMs ?? atMs - periodWindow(objective.period, atMs).fromMs;
}

/** How old an answer may be and still stand for its window: three turns may be missed. */
export function usableForMs({ cadenceMs }: AskedWindow): number {
  return Math.max(2 * minuteMs, 4 * cadenceMs);
}

function cadenceOf(windowMs: number | null): number {
  if (windowMs === null || windowMs > 72 * hourMs) return 30 * minuteMs;
  if (windowMs > 6 * hourMs) return 10 * minuteMs;
  return windowMs > hourMs ? 2 * minuteMs : stepMs;
}

/** The same for a name in every process: FNV-1a. */
function spread(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
