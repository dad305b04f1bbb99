/** How one severity moves on by one evaluation: `for` and keep-firing, on time that was really watched. Pure; called by decide. */

import type { JudgedTier, Verdict } from "../slo/burn-rate.js";
import type { HoldTimes } from "../slo/burn-tier.js";
import type { SeverityState } from "./alert-state.js";

/** One severity's verdict: MET by any tier, CLEAR by all of them, else nothing can be told. Without tiers it is clear. */
export function verdictOfTiers(tiers: readonly JudgedTier[]): Verdict {
  if (tiers.some(({ verdict }) => verdict === "MET")) return "MET";
  return tiers.some(({ verdict }) => verdict === "UNSURE") ? "UNSURE" : "CLEAR";
}

/**
 * Moves a severity on. UNSURE changes nothing and stops its clocks. `watchedMs` is the time since the last evaluation, 0 where nobody
 * watched it.
 */
export function stepSeverity(
  before: SeverityState,
  verdict: Verdict,
  { forMs, keepFiringMs }: HoldTimes,
  watchedMs: number,
): SeverityState {
  if (verdict === "UNSURE") return before;
  if (verdict === "MET") {
    const metMs = before.metMs === null ? 0 : before.metMs + watchedMs;
    return { isActive: before.isActive || metMs >= forMs, metMs, clearMs: null };
  }
  if (!before.isActive) return { isActive: false, metMs: null, clearMs: null };
  const clearMs = before.clearMs === null ? 0 : before.clearMs + watchedMs;
  return clearMs >= keepFiringMs
    ? { isActive: false, metMs: null, clearMs: null }
    : { isActive: true, metMs: null, clearMs };
}
