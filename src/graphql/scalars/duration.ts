/** The scalar Duration: lengths of time as Prometheus writes them, milliseconds inside. */
import { defineScalar } from "./define-scalar.js";

const units: readonly (readonly [unit: string, ms: number])[] = [
  ["y", 31_536_000_000],
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];
const pattern =
  /^(?:(\d{1,6})y)?(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,8})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,12})ms)?$/;

/** Length in ms, > 0; null for text that is none. A year is 365 days. */
export function parseDuration(text: string): number | null {
  const counts = pattern.exec(text)?.slice(1);
  if (counts === undefined) return null;
  const totalMs = units.reduce((sum, [, ms], index) => sum + Number(counts[index] ?? 0) * ms, 0);
  return totalMs > 0 && Number.isSafeInteger(totalMs) ? totalMs : null;
}

/** The shortest form of a whole number of ms > 0, largest unit first, without years and weeks (`36h` is `1d12h`, 30 days are `30d`). */
export function formatDuration(durationMs: number): string {
  if (!Number.isSafeInteger(durationMs) || durationMs <= 0) throw new TypeError(`${durationMs} ms is no Duration`);
  let restMs = durationMs;
  let text = "";
  for (const [unit, ms] of units.slice(2)) {
    const count = Math.floor(restMs / ms);
    if (count > 0) text += `${count}${unit}`;
    restMs -= count * ms;
  }
  return text;
}

export const durationScalar = defineScalar(
  "Duration",
  parseDuration,
  (value) => formatDuration(Number(value)),
  'Write it as Prometheus does: "5m", "1h30m", "2d"; whole numbers, units y w d h m s ms, largest first.',
);
