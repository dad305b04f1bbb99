import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { alertKey, type KeptAlert, lateMs, mergeAlert } from "../../../src/alerting/ruler/merge-alert.js";
import type { RulerAlert } from "../../../src/telemetry/ruler-alert.js";

const minuteMs = 60_000;
const labels = { alertname: "A", pod: "p" };
const told = (startsAtMs: number, endsAtMs: number | null = null): RulerAlert => ({
  labels,
  annotations: {},
  startsAtMs,
  endsAtMs,
  generatorUrl: null,
});
const hearing = (heard: readonly RulerAlert[], nowMs = 100 * minuteMs) =>
  heard.reduce<KeptAlert | null>((known, one) => mergeAlert(known, one, nowMs), null);

describe("what is known of an alert", () => {
  test("is by its labels, in whatever order", () => {
    expect(alertKey({ a: "1", b: "2" })).toBe(alertKey({ b: "2", a: "1" }));
    expect(alertKey({ a: "1", b: "2" })).not.toBe(alertKey({ a: "1,b=2" }));
  });

  test("is new once it fires, and not when its end is the first that is heard", () => {
    expect(hearing([told(1)])).toMatchObject({ isNew: true, endsAtMs: null });
    expect(hearing([told(1, 5)])).toMatchObject({ isNew: false, endsAtMs: 5 });
    expect(hearing([told(1), told(1, 5)])).toMatchObject({ isNew: true, endsAtMs: 5 });
  });

  test("fires again with a start after its end", () => {
    expect(hearing([told(1), told(1, 5), told(5)])).toMatchObject({ endsAtMs: null, startsAtMs: 5, isNew: true });
  });

  test("is over when a start before its end is told right after the end, and fires when that is told much later", () => {
    const over = hearing([told(1), told(1, 5)]);
    expect(mergeAlert(over, told(1), 100 * minuteMs + lateMs - 1)).toBe(over);
    expect(mergeAlert(over, told(1), 100 * minuteMs + lateMs)).toMatchObject({ endsAtMs: null, isNew: true });
  });

  test("still fires when the end of an older time of it is told late", () => {
    const firing = hearing([told(1, 5), told(9)]);
    expect(mergeAlert(firing, told(1, 5), 100 * minuteMs)).toBe(firing);
    expect(mergeAlert(firing, told(1, 12), 100 * minuteMs)).toMatchObject({ endsAtMs: 12 });
  });

  test("is the same whatever is told twice and in whatever order within the time news may be late", () => {
    const episodes = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }).map((instants) => {
      const sorted = instants.toSorted((a, b) => a - b).map((one) => one * 10);
      return Array.from({ length: Math.ceil(sorted.length / 2) }, (_, i) => {
        const [start = 0, end] = [sorted[2 * i], sorted[2 * i + 1]];
        return { start, end: end ?? null };
      });
    });
    fc.assert(
      fc.property(episodes, fc.integer({ min: 0, max: 2 ** 31 }), (made, seed) => {
        const news = made.flatMap(({ start, end }) => [told(start), ...(end === null ? [] : [told(start, end)])]);
        const twice = [...news, ...news];
        let state = seed;
        const shuffled = twice
          .map((one) => {
            state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
            return { one, at: state };
          })
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const inOrder = hearing(news);
        expect(hearing(shuffled)?.endsAtMs).toBe(inOrder?.endsAtMs);
      }),
      { numRuns: 300 },
    );
  });
});
