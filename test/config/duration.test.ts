import { describe, expect, test } from "@jest/globals";
import { durationMs } from "../../src/config/duration.js";

describe("durationMs", () => {
  test.each([
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1m500ms", 60_500],
    ["500ms", 500],
    ["30d", 2_592_000_000],
    ["1w", 604_800_000],
    ["1y", 31_536_000_000],
    ["0h5m", 300_000],
  ])("%s is %d ms", (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });

  test.each(["", "5", "m", "0s", "0h0m", "-5m", "5m5m", "30m1h", "1.5h", "5 m", "5M", "1e3s", "999999999999y", "5m\n"])(
    "%j is no duration",
    (text) => {
      expect(durationMs(text)).toBeNull();
    },
  );
});
