/**
 * Equal questions asked at the same time become one call, and its answer is kept for a few seconds. Used in front of every source:
 * a hundred people opening the same page in an incident ask each backend once.
 */
import type { Clock } from "../telemetry/clock.js";
import type { CallOptions } from "../telemetry/source.js";
import { createCallSignal } from "./call-signal.js";

/** What to keep and for how long. */
export interface SharedFlightOptions<T> {
  /** Name of the source, for the errors of callers that stop waiting. */
  readonly source: string;
  readonly clock: Clock;
  /** How long an answer is kept, ms; 0 = not at all (a degraded answer must not outlive its call). */
  readonly ttlMs: (value: T) => number;
  /** Size of an answer in any unit; the oldest answers go when the sum passes maxWeight. */
  readonly weight: (value: T) => number;
  readonly maxWeight: number;
}

/** Where an answer came from: `own` call, another caller's call under way (`joined`), or `kept` from before. */
export type FlightOrigin = "own" | "joined" | "kept";

/** The sharing cache. */
export interface SharedFlight<T> {
  /**
   * The answer for `key`. The call upstream ends when its last waiter has gone; an error reaches all waiters and is not kept.
   * @throws what `load` throws · MESHLENS_ERR_SOURCE_TIMEOUT · MESHLENS_ERR_SOURCE_ABORTED for the waiter that left
   */
  get(
    key: string,
    options: CallOptions,
    load: (options: CallOptions) => Promise<T>,
  ): Promise<{ value: T; origin: FlightOrigin }>;
}

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly leave: AbortController;
  waiters: number;
}

/** An empty cache. */
export function createSharedFlight<T>(options: SharedFlightOptions<T>): SharedFlight<T> {
  const { clock } = options;
  const kept = new Map<string, { readonly value: T; readonly weight: number; readonly untilMs: number }>();
  const flights = new Map<string, Flight<T>>();
  let total = 0;

  function drop(key: string): void {
    total -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  }

  function keep(key: string, value: T): void {
    const ttl = options.ttlMs(value);
    const weight = options.weight(value);
    if (ttl <= 0 || weight > options.maxWeight) return;
    drop(key);
    kept.set(key, { value, weight, untilMs: clock.nowMs() + ttl });
    total += weight;
    const now = clock.nowMs();
    // Insertion order is age, so what is too old or too much stands at the front.
    for (const [oldest, entry] of kept) {
      if (total <= options.maxWeight && entry.untilMs > now) break;
      drop(oldest);
    }
  }

  function launch(key: string, deadlineMs: number, load: (options: CallOptions) => Promise<T>): Flight<T> {
    const leave = new AbortController();
    const promise = load({ signal: leave.signal, deadlineMs }).then((value) => {
      keep(key, value);
      return value;
    });
    const flight: Flight<T> = { promise, leave, waiters: 0 };
    flights.set(key, flight);
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    promise.then(land, land);
    return flight;
  }

  return {
    async get(key, callOptions, load) {
      const old = kept.get(key);
      if (old !== undefined && old.untilMs > clock.nowMs()) return { value: old.value, origin: "kept" };
      const running = flights.get(key);
      const flight = running ?? launch(key, callOptions.deadlineMs, load);
      const wait = createCallSignal(options.source, callOptions.deadlineMs - clock.nowMs(), [callOptions.signal]);
      flight.waiters += 1;
      try {
        const value = await Promise.race([flight.promise, whenAborted(wait.signal)]);
        return { value, origin: running === undefined ? "own" : "joined" };
      } finally {
        wait.dispose();
        flight.waiters -= 1;
        if (flight.waiters === 0 && flights.get(key) === flight) {
          // A newcomer must not join a call that is being given up.
          flights.delete(key);
          flight.leave.abort();
        }
      }
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
