import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { volumeStepMs } from "../../../src/mesh/evidence/log-volume.js";
import { listedLogSource } from "../../support/listed-log-source.js";
import { logRecord } from "../../support/log-records.js";
import { t0 } from "../../support/spans.js";
import { makeReader, reviews } from "./make-reader.js";

describe("log volume", () => {
  test.each([
    [5 * 60_000, 60, 5_000],
    [60 * 60_000, 60, 60_000],
    [24 * 3_600_000, 60, 1_800_000],
    [100 * 86_400_000, 60, 172_800_000],
    [1, 1, 1_000],
  ])("of %d ms in %d points has steps of %d ms", (lengthMs, maxPoints, stepMs) => {
    expect(volumeStepMs({ fromMs: t0, toMs: t0 + lengthMs }, maxPoints)).toBe(stepMs);
  });

  test("never has more points than asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4e9 }), fc.integer({ min: 1, max: 500 }), (lengthMs, maxPoints) => {
        const stepMs = volumeStepMs({ fromMs: t0, toMs: t0 + lengthMs }, maxPoints);
        expect(Math.ceil(lengthMs / stepMs)).toBeLessThanOrEqual(maxPoints);
      }),
    );
  });

  test("of several sources is their sum, most severe level first", async () => {
    const east = [logRecord({ at: 500 }), logRecord({ at: 1500, level: "ERROR" })];
    const west = [logRecord({ at: 700 })];
    const logs = [
      listedLogSource(east, { name: "east", cluster: "east" }),
      listedLogSource(west, { name: "west", cluster: "west" }),
    ];
    const { reader } = makeReader({ logs });
    const window = { fromMs: t0, toMs: t0 + 2000 };
    const selection = { levels: null, text: null, lines: "any", pods: null } as const;
    expect((await reader.logVolume(reviews, window, selection, 10)).value).toEqual({
      timestampsMs: [t0, t0 + 1000],
      byLevel: [
        { level: "ERROR", values: [0, 1] },
        { level: "INFO", values: [2, 0] },
      ],
    });
  });
});
