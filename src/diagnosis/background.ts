/** What longer time tells of a service: the share of calls it fails by its own fault. Read by diagnose.ts. */
import { groupBy } from "../telemetry/group-by.js";
import { serviceKey } from "../telemetry/service-ref.js";
import type { UsualRatio } from "./change-test.js";
import type { LearntBackground } from "./incident-evidence.js";

/** Fewer calls than these say nothing of a habit. */
const fewestCalls = 5;

/** Failed calls into a service less the failed calls it made, per call. */
export function usualErrors(background: readonly LearntBackground[]): UsualRatio {
  const ratios = new Map<string, number>();
  const into = groupBy(background, ({ destination }) => serviceKey(destination));
  const outOf = groupBy(background, ({ source }) => (source === null ? "" : serviceKey(source)));
  for (const [key, entries] of into) {
    const whole = entries.filter(({ source }) => source === null);
    const calls = totalOf(whole.length > 0 ? whole : entries);
    if (calls.requestCount < fewestCalls) continue;
    const caused = totalOf(outOf.get(key) ?? []);
    const own = Math.max(0, calls.failedCount - caused.failedCount);
    ratios.set(key, (own + 0.5) / (calls.requestCount + 1));
  }
  return (service) => ratios.get(service) ?? null;
}

function totalOf(entries: readonly LearntBackground[]): {
  readonly requestCount: number;
  readonly failedCount: number;
} {
  let [requestCount, failedCount] = [0, 0];
  for (const { steps } of entries)
    for (const step of steps) {
      requestCount += step.requestCount;
      failedCount += step.failedCount;
    }
  return { requestCount, failedCount };
}
