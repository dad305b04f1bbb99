/** What copies of a test have in common: clock, weather, and leases that are short enough for many failovers. Used by the story of several copies and its processes. */
import type { LeaseTimes } from "../../../src/server/copies/lead-by-lease.js";
import type { Clock } from "../../../src/telemetry/clock.js";
import { startMs, type Weather } from "../../alerting/evaluated-mesh.js";

/** Begins a minute after the mesh did, and runs `speed` times as fast as the machine's. */
export function spedClock(beganMs: number, speed: number): Clock {
  return { nowMs: () => startMs + 60_000 + Math.floor((Date.now() - beganMs) * speed) };
}

/** Half of the calls fail for three minutes of each period. */
export function weatherOf(periodMinutes: number): Weather {
  return (minute) => (minute % periodMinutes > 5 && minute % periodMinutes <= 8 ? 0.5 : 0);
}

/** A tenth to a fifth of the usual ones. */
export const copyLeaseTimes: LeaseTimes = { ttlMs: 1_500, renewEveryMs: 300, tryEveryMs: 100 };
