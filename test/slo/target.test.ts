import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { durationMs } from "../../src/config/duration.js";
import { tierFactor } from "../../src/slo/burn-tier.js";
import { formatDuration } from "../../src/slo/format-duration.js";
import { parseTarget } from "../../src/slo/target.js";

describe("targets", () => {
  test.each([
    ["99.9%", 0.999, 0.001],
    ["0.999", 0.999, 0.001],
    [0.999, 0.999, 0.001],
    ["99.99%", 0.9999, 0.0001],
    [0.95, 0.95, 0.05],
    ["0.1 %".replace(" ", ""), 0.001, 0.999],
  ])("%s has the budget that people write down, without the noise of 1 - 0.999", (text, ratio, budgetRatio) => {
    expect(parseTarget(text)).toEqual({ ratio, budgetRatio });
  });

  test.each([
    0,
    1,
    "1",
    "0",
    "100%",
    "0%",
    "100.0%",
    "99.9",
    99.9,
    -0.5,
    "-1%",
    "",
    "abc",
    "1e-3",
    Number.NaN,
    "0x1%",
    "99,9%",
  ])("%s is none", (text) => {
    expect(parseTarget(text)).toBeNull();
  });

  test("ratio and budget add up to 1, and both are the nearest double of their decimals", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (millionths) => {
        const text = `0.${String(millionths).padStart(6, "0")}`;
        const target = parseTarget(text);
        expect(target).toEqual({ ratio: millionths / 1e6, budgetRatio: (1_000_000 - millionths) / 1e6 });
      }),
    );
  });
});

describe("factors of tiers", () => {
  test.each([
    [0.02, "1h", "30d", 14.4],
    [0.05, "6h", "30d", 6],
    [0.1, "1d", "30d", 3],
    [0.1, "3d", "30d", 1],
    [0.02, "1h", "28d", 13.44],
    [0.1, "1d", "28d", 2.8],
  ])("%d of the budget within %s of %s is the factor %d exactly", (share, long, period, factor) => {
    expect(tierFactor(share, durationMs(long) ?? 0, durationMs(period) ?? 0)).toBe(factor);
  });
});

describe("durations in words", () => {
  test("read back to the same length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * 86_400_000 }), (lengthMs) => {
        expect(durationMs(formatDuration(lengthMs))).toBe(lengthMs);
      }),
    );
    expect([0, 300_000, 5_400_000, 259_200_000].map(formatDuration)).toEqual(["0s", "5m", "1h30m", "3d"]);
  });
});
