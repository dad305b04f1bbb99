import { describe, expect, test } from "@jest/globals";
import { defaultWindow, floorNow, resolveRange, seriesStepMs } from "../../src/graphql/range.js";

const nowMs = Date.UTC(2026, 0, 29, 12);
const day = 86_400_000;
const terms = { nowMs, maxRangeMs: 30 * day };

describe("a range", () => {
  test("`last` ends now", () => {
    expect(resolveRange({ last: 300_000 }, terms)).toEqual({ fromMs: nowMs - 300_000, toMs: nowMs });
  });

  test("`absolute` is taken as it stands", () => {
    expect(resolveRange({ absolute: { from: nowMs - day, to: nowMs - 1 } }, terms)).toEqual({
      fromMs: nowMs - day,
      toMs: nowMs - 1,
    });
  });

  test("is the last hour when none is given, and now is rounded down to 15 s", () => {
    expect(defaultWindow(nowMs)).toEqual({ fromMs: nowMs - 3_600_000, toMs: nowMs });
    expect([floorNow(nowMs + 14_999), floorNow(nowMs + 15_000)]).toEqual([nowMs, nowMs + 15_000]);
  });

  test.each([
    ["ends before it begins", { absolute: { from: nowMs, to: nowMs - 1 } }, ["absolute", "to"], /after/],
    ["is empty", { absolute: { from: nowMs - day, to: nowMs - day } }, ["absolute", "to"], /after/],
    ["is shorter than 15 s", { last: 14_999 }, ["last"], /at least 15 s/],
    ["is longer than allowed", { last: 31 * day }, ["last"], /at most 30 days/],
    ["lies in the future", { absolute: { from: nowMs + day, to: nowMs + 2 * day } }, ["absolute", "from"], /passed/],
  ])("that %s is refused with its place and the remedy", (_, range, at, remedy) => {
    expect(resolveRange(range, terms)).toMatchObject({ at, remedy: expect.stringMatching(remedy) });
  });

  test("has the step of 60 points, in whole 15 s", () => {
    const steps = [3_600_000, 60_000, day].map((lengthMs) => seriesStepMs({ fromMs: 0, toMs: lengthMs }));
    expect(steps).toEqual([60_000, 15_000, 1_440_000]);
    expect(seriesStepMs({ fromMs: 0, toMs: day }, 1000)).toBe(90_000);
  });
});
