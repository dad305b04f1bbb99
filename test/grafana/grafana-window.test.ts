import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { gridWindow } from "../../src/grafana/grafana-window.js";

const grid = 15_000;
const instant = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 });

describe("the range of a dashboard", () => {
  test("viewers who look at the last stretch within the same 15 s ask the same question", () => {
    const lengths = fc.integer({ min: 1, max: 30 * 86_400_000 });
    const within = fc.nat(grid - 1);
    fc.assert(
      fc.property(instant, lengths, within, within, (at, length, a, b) => {
        const start = Math.floor(at / grid) * grid;
        const [one, other] = [a, b].map((ms) => gridWindow(start + ms - length, start + ms, 0));
        expect(one).toEqual(other);
      }),
    );
  });

  test("it lies on the grid, is at most one step longer, and ends at most one step before", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 86_400_000 }), (toMs, length) => {
        const window = gridWindow(toMs - length, toMs, 0);
        expect([window.fromMs % grid, window.toMs % grid]).toEqual([0, 0]);
        expect(toMs - window.toMs).toBeLessThan(grid);
        expect(window.toMs - window.fromMs - length).toBeLessThan(grid);
        expect(window.toMs - window.fromMs).toBeGreaterThanOrEqual(length);
      }),
    );
  });

  test("nothing given is the last hour", () => {
    expect(gridWindow(null, null, 7_200_000)).toEqual({ fromMs: 3_600_000, toMs: 7_200_000 });
  });
});
