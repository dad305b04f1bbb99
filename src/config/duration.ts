/** Durations as Prometheus writes them (`5m`, `1h30m`); used for configuration keys and by whoever reads such text. */

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** The accepted form: whole numbers with units, largest first, each unit once, not all zero. */
export const durationPattern =
  /^(?=\d*[1-9]|\d+\D+\d*[1-9])(?:\d{1,9}y)?(?:\d{1,9}w)?(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m(?!s))?(?:\d{1,9}s)?(?:\d{1,12}ms)?$/;

/** Length in ms of a Prometheus duration; null for text that is none (empty, unknown unit, wrong order, zero). A year is 365 days. */
export function durationMs(text: string): number | null {
  if (!durationPattern.test(text)) return null;
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    totalMs += Number(count) * (unitMs[unit ?? ""] ?? 0);
  }
  return totalMs > 0 && Number.isSafeInteger(totalMs) ? totalMs : null;
}
