/** Targets, read without the noise of binary fractions: the budget of 0.999 is 0.001, not 0.0009999999999999432. */

/** A target with its budget. `ratio` + `budgetRatio` = 1 in decimals; both strictly between 0 and 1. */
export interface Target {
  readonly ratio: number;
  readonly budgetRatio: number;
}

const decimal = /^(\d{1,3})(?:\.(\d{1,12}))?(%)?$/;

/**
 * Reads `99.9%`, `0.999` or the number 0.999. Null for anything that is no decimal or not strictly between 0 and 1; a bare `99.9` is
 * null too, because it may be meant as either.
 */
export function parseTarget(value: string | number): Target | null {
  const match = decimal.exec(String(value).trim());
  if (match === null) return null;
  const [, whole = "", fraction = "", percent] = match;
  const scale = fraction.length + (percent === undefined ? 0 : 2);
  const one = 10n ** BigInt(scale);
  const ratio = BigInt(whole + fraction);
  if (ratio <= 0n || ratio >= one) return null;
  return { ratio: quotient(ratio, scale), budgetRatio: quotient(one - ratio, scale) };
}

/** The nearest double to digits / 10^scale: by way of text, because only text is rounded once. */
function quotient(digits: bigint, scale: number): number {
  return Number(`${digits}e-${scale}`);
}

/** Reads percent, with or without the sign: `99.9`, `"99.9%"`. Null as in parseTarget. */
export function parsePercent(value: string | number): Target | null {
  return parseTarget(`${withoutSign(value)}%`);
}

/** Percent as it was written, without the sign. */
export function withoutSign(value: string | number): string {
  return String(value).trim().replace(/%$/, "");
}

/** The target in percent, without noise: `99.9`. */
export function percentOf({ ratio }: Target): string {
  return String(Number((ratio * 100).toPrecision(14)));
}
