import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { EdgeMeasure, LearntBackground, WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import { type MadeCall, madeEvidence, madeWindow, refOf } from "../support/made-traces.js";

/** The gateway asks the search and the mailer; the mailer is slow now and then. */
const shop =
  (isSlow: (number: number) => boolean) =>
  (number: number): MadeCall => ({
    service: "gateway",
    calls: [
      { service: "search", selfMs: 5 + (number % 3) * 0.2 },
      { service: "mailer", selfMs: isSlow(number) ? 900 : 5 + (number % 4) * 0.2 },
    ],
  });

function edge(destination: string, requestCount: number, meanMs: number): EdgeMeasure {
  return {
    source: refOf("gateway"),
    destination: { kind: "SERVICE", service: refOf(destination) },
    reporter: "SOURCE",
    destinationVersion: null,
    destinationPod: null,
    requestCount,
    failedCount: 0,
    durationSumMs: meanMs * requestCount,
    flags: [],
    parts: [],
  };
}

/** A day in which the mailer took so long in the mean. */
function day(meanMs: number): readonly LearntBackground[] {
  const steps = [{ requestCount: 10_000, failedCount: 0, durationSumMs: meanMs * 10_000 }];
  return [{ source: refOf("gateway"), destination: refOf("mailer"), stepMs: 86_400_000, steps, errorLines: null }];
}

/** Traces of two windows without a slow call, and the counts of others. */
const beforeWith = (meanMs: number, windowsMs: readonly number[]): readonly WindowEvidence[] => [
  madeWindow(
    15,
    shop(() => false),
  ),
  madeWindow(
    15,
    shop(() => false),
    100_000,
  ),
  ...windowsMs.map((fromMs) => ({
    ...madeWindow(
      0,
      shop(() => false),
      fromMs,
    ),
    traces: null,
    edges: [edge("mailer", 600, meanMs)],
  })),
];
const now: WindowEvidence = {
  ...madeWindow(
    60,
    shop((number) => number % 6 === 0),
    600_000,
  ),
  edges: [edge("mailer", 600, 160)],
};
const scoreOf = (
  background: readonly LearntBackground[],
  meanMs = 140,
  windowsMs: readonly number[] = [200_000, 300_000],
): number =>
  diagnose(madeEvidence(now, beforeWith(meanMs, windowsMs), { background })).suspects.find(
    ({ service }) => service.name === "mailer",
  )?.score ?? 0;

describe("a service that is slow now and then", () => {
  test("is accused where a short time before holds no slow call and nothing else is known", () => {
    expect(scoreOf([])).toBeGreaterThan(10);
  });

  test("is accused of less where its calls took as long in the mean over longer time", () => {
    expect(scoreOf(day(150))).toBeLessThan(0.4 * scoreOf([]));
  });

  test("is accused as ever where only longer time was slow: it holds an earlier incident", () => {
    expect(scoreOf(day(150), 12)).toBeCloseTo(scoreOf([]), 5);
    expect(scoreOf(day(150), 140, [200_000])).toBeCloseTo(scoreOf([]), 5);
  });

  test("is accused as ever where they take longer now", () => {
    expect(scoreOf(day(12))).toBeCloseTo(scoreOf([]), 5);
  });
});
