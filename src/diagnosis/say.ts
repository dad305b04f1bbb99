/** Numbers in sentences. Called by every file that writes reasons. */

/** `1,010 ms`, `2.3 s`, `0.4 ms`. */
export function sayMs(ms: number): string {
  if (ms >= 10_000) return `${Number((ms / 1000).toPrecision(3))} s`;
  return `${ms >= 100 ? sayCount(ms) : Number(ms.toPrecision(2))} ms`;
}

/** A whole number with separators. */
export function sayCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** `12 %`, `0.4 %`; below that `0 %`. */
export function sayPercent(ratio: number): string {
  const percent = 100 * ratio;
  return `${percent >= 10 || percent < 0.05 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function sayList(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names.join("");
  if (names.length <= most) return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1] ?? ""}`;
  return `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;
}
