/** Leaves a backend alone for a short while after it failed several times in a row. Pure state over a passed-in clock. */
import type { Clock } from "../telemetry/clock.js";

/** When to open and for how long. The pause doubles with each failed trial up to `maxPauseMs`. */
export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Failures in a row that open the circuit. */
  readonly failureThreshold: number;
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

/** Asked before a call, told after it. */
export interface CircuitBreaker {
  /** How long to leave the backend alone, ms; 0 = go ahead. While a trial call is under way others wait for its outcome. */
  pauseMs(): number;
  succeeded(): void;
  failed(): void;
  /** A call that says nothing about the backend (its client went away): a trial given back untried. */
  abandoned(): void;
}

/** A closed breaker. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { clock } = options;
  let failures = 0;
  let openUntilMs = 0;
  let pause = options.firstPauseMs;
  let isTrialOut = false;

  return {
    pauseMs() {
      if (failures < options.failureThreshold) return 0;
      const left = openUntilMs - clock.nowMs();
      if (left > 0) return left;
      if (isTrialOut) return options.firstPauseMs;
      isTrialOut = true;
      return 0;
    },
    succeeded() {
      failures = 0;
      pause = options.firstPauseMs;
      isTrialOut = false;
    },
    failed() {
      failures += 1;
      isTrialOut = false;
      if (failures < options.failureThreshold) return;
      // Calls that were under way when the circuit opened end late; only a failure after the pause lengthens the next one.
      if (openUntilMs > clock.nowMs()) return;
      if (failures > options.failureThreshold) pause = Math.min(pause * 2, options.maxPauseMs);
      openUntilMs = clock.nowMs() + pause;
    },
    abandoned() {
      isTrialOut = false;
    },
  };
}
