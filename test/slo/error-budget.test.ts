import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { burnRate, isBurningAt, judgeTiers } from "../../src/slo/burn-rate.js";
import { errorBudget, objectiveState } from "../../src/slo/error-budget.js";
import { countedWindow, ratioWindow, unmeasuredWindow } from "../../src/slo/measurement.js";
import { makeObjective } from "../support/objectives.js";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const objective = makeObjective();
const hour = (failed: number, total: number) =>
  countedWindow(hourMs, { goodCount: total - failed, totalCount: total, coverage: 1 });
const period = (failed: number, total: number, coverage = 1) =>
  countedWindow(30 * dayMs, { goodCount: total - failed, totalCount: total, coverage });

describe("counts of a window", () => {
  test("more good events than events are cut and told, so that no ratio leaves 0..1", () => {
    expect(countedWindow(1, { goodCount: 12, totalCount: 10, coverage: 1 })).toMatchObject({
      goodCount: 10,
      errorRatio: 0,
      isClamped: true,
    });
    expect(countedWindow(1, { goodCount: -2, totalCount: 10, coverage: 1 })).toMatchObject({
      goodCount: 0,
      errorRatio: 1,
      isClamped: true,
    });
    expect(countedWindow(1, { goodCount: 9, totalCount: 10, coverage: 1 }).isClamped).toBe(false);
  });

  test("any numbers at all give a ratio within 0..1 or none", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.double(), (goodCount, totalCount, coverage) => {
        for (const window of [
          countedWindow(1, { goodCount, totalCount, coverage }),
          ratioWindow(1, goodCount, Number.isNaN(coverage) ? 0 : coverage),
        ]) {
          const { errorRatio } = window;
          expect(errorRatio === null || (errorRatio >= 0 && errorRatio <= 1)).toBe(true);
        }
      }),
    );
  });

  test("NaN is not known, no coverage is no data, no events is idle", () => {
    expect(countedWindow(1, { goodCount: Number.NaN, totalCount: 1, coverage: 1 }).dataState).toBe("UNKNOWN");
    expect(countedWindow(1, { goodCount: 0, totalCount: 0, coverage: 0 }).dataState).toBe("NO_DATA");
    expect(countedWindow(1, { goodCount: 0, totalCount: 0, coverage: 1 })).toMatchObject({
      dataState: "IDLE",
      errorRatio: null,
    });
    expect(ratioWindow(1, Number.NaN, 1).dataState).toBe("IDLE");
  });
});

describe("burn rate", () => {
  test("1 spends exactly the budget over the period, and silence is not health", () => {
    expect(burnRate(0.001, objective.target)).toBe(1);
    expect(burnRate(1, objective.target)).toBe(1000);
    expect(burnRate(null, objective.target)).toBeNull();
  });

  test("a rounding error below the factor is at the factor, more is not", () => {
    expect(isBurningAt(14.399999999999999, 14.4)).toBe(true);
    expect(isBurningAt(14.39, 14.4)).toBe(false);
    expect(isBurningAt(null, 0)).toBe(false);
  });

  test("a ratio has no minimum events: it meets a tier by its value alone", () => {
    const windows = objective.alerting.tiers.flatMap(({ longMs, shortMs }) => [
      ratioWindow(longMs, 0.5, 1),
      ratioWindow(shortMs, 0.5, 1),
    ]);
    const judged = judgeTiers(objective, {
      objectiveId: objective.id,
      endMs: 0,
      dataState: "OK",
      dataReason: null,
      windows,
      period: null,
      isApproximate: true,
    });
    expect(judged.map(({ verdict }) => verdict)).toEqual(["MET", "MET", "MET", "MET"]);
  });
});

describe("error budget", () => {
  const budgetOf = (failed: number, total: number, now = hour(0, 1000)) =>
    errorBudget(objective, { period: period(failed, total), windows: [now], endMs: 0 });

  test("counts events, not minutes: a night's outage costs what it cost", () => {
    // 16 h by day at 100/s, 8 h by night at 5/s, 30 days; one hour of 50 % at night.
    const total = 30 * 3600 * (16 * 100 + 8 * 5);
    const budget = budgetOf(0.5 * 3600 * 5, total);
    expect(budget?.consumedRatio).toBeCloseTo(9000 / (total * 0.001), 9);
    expect(budget?.consumedRatio).toBeLessThan(0.06);
    expect(budget?.allowedCount).toBeCloseTo(total * 0.001, 6);
  });

  test("may be overspent: below 0 left, exhausted already", () => {
    const budget = budgetOf(20, 10_000);
    expect(budget?.consumedRatio).toBeCloseTo(2, 9);
    expect(budget?.remainingRatio).toBeCloseTo(-1, 9);
    expect(budget?.exhaustedAtMs).toBe(0);
    expect(objectiveState(budget, [{ met: true }], "OK")).toBe("EXHAUSTED");
  });

  test("is exhausted when what is left is spent at the present rate, and never when nothing burns", () => {
    // Half is left; burning at 10 the rest of 15 days lasts 1.5 days.
    expect(budgetOf(5, 10_000, hour(10, 1000))?.exhaustedAtMs).toBeCloseTo(1.5 * dayMs, -1);
    expect(budgetOf(5, 10_000, hour(0, 1000))?.exhaustedAtMs).toBeNull();
    expect(budgetOf(5, 10_000, hour(1, 10_000))?.exhaustedAtMs).toBeNull();
  });

  test("of a calendar period is whole again when it ends: later than that it is not exhausted", () => {
    const endMs = Date.parse("2026-11-29T00:00:00Z");
    const monthly = makeObjective({
      period: { kind: "calendar", unit: "month", count: 1, zone: "UTC", anchor: "2024-01-01T00:00:00" },
    });
    const ends = (failed: number) =>
      errorBudget(monthly, { period: period(5, 10_000), windows: [hour(failed, 1000)], endMs })?.exhaustedAtMs;
    expect(ends(10)).toBeCloseTo(endMs + 1.5 * dayMs, -1);
    expect(ends(6)).toBeNull();
  });

  test("says of how much of the period it speaks, and extrapolates nothing", () => {
    const budget = errorBudget(objective, { period: period(1, 1000, 0.25), windows: [], endMs: 0 });
    expect(budget).toMatchObject({ coverage: 0.25, allowedCount: 1 });
  });

  test("is null while nothing is known, and the state with it", () => {
    for (const unknown of [null, unmeasuredWindow(30 * dayMs, "UNKNOWN"), unmeasuredWindow(30 * dayMs, "NO_DATA")]) {
      expect(errorBudget(objective, { period: unknown, windows: [], endMs: 0 })).toBeNull();
    }
    expect(objectiveState(null, [], "OK")).toBe("UNKNOWN");
    expect(objectiveState(budgetOf(0, 1000), [{ met: true }], "OK")).toBe("BURNING");
    expect(objectiveState(budgetOf(0, 1000), [{ met: false }], "IDLE")).toBe("OK");
  });

  test("without traffic has nothing consumed and nothing left to tell", () => {
    expect(budgetOf(0, 0)).toMatchObject({ allowedCount: 0, consumedRatio: null, remainingRatio: null });
  });
});
