/** A tier as it stands at one instant: what transitions, evidence and GraphQL show. */
import type { Severity } from "./burn-tier.js";

/** Burn rate over one window; null without events or knowledge. */
export interface BurnWindow {
  readonly windowMs: number;
  readonly value: number | null;
}

/** A pair of windows with its threshold. */
export interface BurnCondition {
  readonly tier: string;
  readonly severity: Severity;
  readonly threshold: number;
  readonly long: BurnWindow;
  readonly short: BurnWindow;
  /** Whether both windows are at the threshold with enough failed events. */
  readonly met: boolean;
  /** Why it is not met although it looks so, or why it cannot be told; null when the numbers say it all. */
  readonly note: string | null;
}
