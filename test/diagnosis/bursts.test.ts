import { describe, expect, test } from "@jest/globals";
import { withoutBursts } from "../../src/diagnosis/bursts.js";
import type { Tally } from "../../src/diagnosis/tally.js";

const belief = { bad: 0.05, good: 0.95 };

function tallyOf(windows: readonly (readonly [bad: number, all: number])[]): Tally {
  const of = (x: number, n: number) => ({ n, x, n2: n, x2: x });
  return {
    key: "E",
    kind: "ERRORS",
    services: ["a"],
    name: "op",
    external: null,
    incident: of(20, 20),
    baselines: windows.map(([x, n]) => of(x, n)),
  };
}
const kept = (windows: readonly (readonly [number, number])[]) =>
  withoutBursts(tallyOf(windows), belief).tally.baselines.map(({ n }) => n);

describe("bursts in the windows before", () => {
  test("are taken out, and how often they were is told", () => {
    const { tally, burstShare } = withoutBursts(
      tallyOf([
        [0, 10],
        [9, 10],
        [0, 8],
        [0, 12],
        [7, 7],
        [0, 9],
      ]),
      belief,
    );
    expect(tally.baselines.map(({ n }) => n)).toEqual([10, 0, 8, 12, 0, 9]);
    expect(burstShare).toBeGreaterThan(0.15);
    expect(burstShare).toBeLessThan(0.4);
  });

  test("are no bursts where a share is steady, whatever it is", () => {
    const steady = [
      [2, 10],
      [4, 10],
      [3, 10],
      [5, 10],
      [2, 10],
    ] as const;
    expect(kept(steady)).toEqual([10, 10, 10, 10, 10]);
    expect(withoutBursts(tallyOf(steady), belief).burstShare).toBe(0);
  });

  test("are how it is where hardly a window is without", () => {
    expect(
      kept([
        [10, 10],
        [9, 10],
        [0, 10],
        [10, 10],
        [10, 10],
      ]),
    ).toEqual([10, 10, 10, 10, 10]);
  });

  test("are not seen in two windows, nor in a single failed request of few", () => {
    expect(
      kept([
        [0, 10],
        [10, 10],
      ]),
    ).toEqual([10, 10]);
    expect(
      kept([
        [0, 3],
        [1, 3],
        [0, 2],
        [0, 3],
      ]),
    ).toEqual([3, 3, 2, 3]);
  });
});
