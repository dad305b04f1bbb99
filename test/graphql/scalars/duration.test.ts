import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { durationMs as parseDuration } from "../../../src/config/duration.js";
import { durationScalar, formatDuration } from "../../../src/graphql/scalars/duration.js";

describe("the scalar Duration", () => {
  test.each([
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["2d", 172_800_000],
    ["1w", 604_800_000],
    ["500ms", 500],
    ["1m500ms", 60_500],
    ["1y", 31_536_000_000],
  ])("reads %s as %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "5", "m", "5 m", "-5m", "1.5h", "30m1h", "5m5m", "0s", "0h0m", "5M", "PT5M", "9999999999s", "5m\n"])(
    "takes %j for no duration",
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  test("reads back what it writes, for every length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 * 366 * 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  test("writes the largest unit first and nothing that is zero", () => {
    expect([5_400_000, 30 * 86_400_000, 129_600_000, 60_500].map(formatDuration)).toEqual([
      "1h30m",
      "30d",
      "1d12h",
      "1m500ms",
    ]);
  });

  test("never throws anything but bad input, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), (value) => {
        try {
          expect(durationScalar.parseValue(value)).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({
            extensions: { code: "BAD_USER_INPUT", remedy: expect.stringContaining("1h30m") },
          });
        }
      }),
    );
  });
});
