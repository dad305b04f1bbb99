/** Numbers as people read them in a message; null is said, never shown as 0. */

const unknown = "not known";

/** `18.2×`. */
export function burnText(value: number | null): string {
  return value === null ? "no data" : `${figure(value)}×`;
}

/** 0.0182 as `1.82 %`. */
export function percentText(ratio: number | null): string {
  if (ratio === null) return unknown;
  const percent = ratio * 100;
  return percent !== 0 && Math.abs(percent) < 0.01
    ? `${percent < 0 ? "above -" : "below "}0.01 %`
    : `${figure(percent)} %`;
}

/** What is left of an error budget: `61.4 %`; overspent, how often: a share below zero is read as a slip. */
export function budgetText(remainingRatio: number | null): string {
  if (remainingRatio === null || remainingRatio > 0) return percentText(remainingRatio);
  return remainingRatio === 0 ? "none" : `none: spent ${figure(1 - remainingRatio)} times over`;
}

/** `53,000`. */
export function countText(count: number | null): string {
  return count === null ? unknown : Math.round(count).toLocaleString("en-US");
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** `3 d 4 h`, `42 min`, `12 s`: the two largest units. */
export function lengthText(durationMs: number): string {
  const index = units.findIndex(([, size]) => durationMs >= size);
  if (index < 0) return `${Math.max(0, Math.round(durationMs))} ms`;
  const [unit, size] = units[index] ?? units[3];
  const next = units[index + 1];
  const whole = Math.floor(durationMs / size);
  const rest = next === undefined || next[0] === "s" ? 0 : Math.floor((durationMs - whole * size) / next[1]);
  return next === undefined || rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${next[0]}`;
}

/** `7.01 s`, `312 ms`: one call's duration. */
export function latencyText(durationMs: number): string {
  return durationMs < 1_000 ? `${figure(durationMs)} ms` : `${figure(durationMs / 1_000)} s`;
}

/** `1h`, `5m`, `3d`: a window as its tier is named. */
export function windowText(windowMs: number): string {
  const found = units.find(([, size]) => windowMs >= size && windowMs % size === 0);
  return found === undefined ? `${windowMs}ms` : `${windowMs / found[1]}${found[0] === "min" ? "m" : found[0]}`;
}

/** Three digits that count. */
function figure(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1_000 ? Math.round(value).toLocaleString("en-US") : String(rounded);
}
