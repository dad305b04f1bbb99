/** What copies of a test have in common: clock, weather, and leases that are short enough for many failovers. Used by the story of several copies and its processes. */
import type { LeaseTimes } from "../../../src/server/copies/lead-by-lease.js";
import type { Clock } from "../../../src/telemetry/clock.js";
import type { MetricSource } from "../../../src/telemetry/metric-source.js";
import { type createWeatheredMesh, startMs, type Weather } from "../../alerting/evaluated-mesh.js";

/** Begins a minute after the mesh did, and runs `speed` times as fast as the machine's. */
export function spedClock(beganMs: number, speed: number): Clock {
  return { nowMs: () => startMs + 60_000 + Math.floor((Date.now() - beganMs) * speed) };
}

/** Half of the calls fail for three minutes of each period. */
export function weatherOf(periodMinutes: number): Weather {
  return (minute) => (minute % periodMinutes > 5 && minute % periodMinutes <= 8 ? 0.5 : 0);
}

/** Scraped up to now by whoever asks: a process that stood still asks for nothing that its mesh does not have. */
export function scrapedWhenAsked(
  { source, scrapeUntil }: ReturnType<typeof createWeatheredMesh>,
  clock: Clock,
): MetricSource {
  return {
    ...source,
    query(request, options) {
      scrapeUntil(clock.nowMs());
      return source.query(request, options);
    },
    presentMetrics(names, window, options) {
      scrapeUntil(clock.nowMs());
      return source.presentMetrics(names, window, options);
    },
  };
}

/** A tenth to a fifth of the usual ones. */
export const copyLeaseTimes: LeaseTimes = { ttlMs: 1_500, renewEveryMs: 300, tryEveryMs: 100 };
