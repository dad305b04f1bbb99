/** The time as an argument: nothing but the composition root reads the real clock, so that tests and backtests own it. */
export interface Clock {
  /** Epoch milliseconds, UTC. */
  nowMs(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now() };
