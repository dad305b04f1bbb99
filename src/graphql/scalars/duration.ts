/** The scalar Duration: lengths of time as Prometheus writes them, milliseconds inside. */
import { durationMs } from "../../config/duration.js";
import { defineScalar } from "./define-scalar.js";

const units: readonly (readonly [unit: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** The shortest form of a whole number of ms > 0, largest unit first, without years and weeks (`36h` is `1d12h`, 30 days are `30d`). */
export function formatDuration(lengthMs: number): string {
  if (!Number.isSafeInteger(lengthMs) || lengthMs <= 0) throw new TypeError(`${lengthMs} ms is no Duration`);
  let restMs = lengthMs;
  let text = "";
  for (const [unit, ms] of units) {
    const count = Math.floor(restMs / ms);
    if (count > 0) text += `${count}${unit}`;
    restMs -= count * ms;
  }
  return text;
}

export const durationScalar = defineScalar(
  "Duration",
  durationMs,
  (value) => formatDuration(Number(value)),
  'Write it as Prometheus does: "5m", "1h30m", "2d"; whole numbers, units y w d h m s ms, largest first.',
);
