/** Durations in words of Prometheus for messages, tier names and PromQL. */

const units: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** `5m`, `1h30m`, `3d`; `0s` for nothing. Whole ms, at least 0; what durationMs reads back to the same length. */
export function formatDuration(durationMs: number): string {
  let rest = Math.round(durationMs);
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.join("") || "0s";
}
