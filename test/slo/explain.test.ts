import { describe, expect, test } from "@jest/globals";
import { explainObjective } from "../../src/slo/explain.js";
import { makeObjective } from "../support/objectives.js";

const minuteMs = 60_000;

/** Rounded to a tenth of a minute, as the reference's table. */
function minutes(ms: number | null | undefined) {
  return ms === null || ms === undefined ? null : Math.round(ms / (minuteMs / 10)) / 10;
}

describe("an objective explained", () => {
  test("says what the reference's table says of 99.9 %", () => {
    const { tiers, fullOutageBudgetMs } = explainObjective(makeObjective(), [1, 0.05]);
    expect(minutes(fullOutageBudgetMs)).toBe(43.2);
    expect(tiers.map(({ outages: [full] }) => minutes(full?.detectMs))).toEqual([0.9, 2.2, 4.3, 4.3]);
    expect(minutes(tiers[0]?.outages[0]?.clearMs)).toBe(4.9);
    expect(minutes(tiers[1]?.outages[0]?.clearMs)).toBe(29.8);
    expect(tiers.slice(0, 2).map(({ outages: [, partial] }) => minutes(partial?.detectMs))).toEqual([17.3, 43.2]);
    expect(tiers.slice(0, 2).map(({ outages: [, partial] }) => minutes(partial?.clearMs))).toEqual([3.6, 26.4]);
    expect(tiers.map(({ loneFailureBelow }) => loneFailureBelow)).toEqual([70, 167, 334, 1000]);
  });

  test("at 99 % a tenth failing never meets the quickest tier, and an unreachable tier says so", () => {
    const [quick, slow] = explainObjective(makeObjective({ target: "99%" }), [0.1]).tiers;
    expect(quick?.outages[0]).toEqual({ detectMs: null, fireMs: null, clearMs: null, endMs: null });
    expect(minutes(slow?.outages[0]?.detectMs)).toBe(216);
    expect(explainObjective(makeObjective({ target: "90%" }), [1]).tiers.map(({ isReachable }) => isReachable)).toEqual(
      [false, true, true, true],
    );
  });

  test("adds `for` to what fires and keep-firing to what ends", () => {
    const [tier] = explainObjective(makeObjective(), [1]).tiers;
    const { detectMs = 0, fireMs, clearMs = 0, endMs } = tier?.outages[0] ?? {};
    expect(fireMs).toBe((detectMs ?? 0) + minuteMs);
    expect(endMs).toBe((clearMs ?? 0) + 10 * minuteMs);
  });
});
