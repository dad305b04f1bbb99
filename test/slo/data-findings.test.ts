import { describe, expect, test } from "@jest/globals";
import { dataFindings } from "../../src/slo/data-findings.js";
import { countedWindow, type Measurement } from "../../src/slo/measurement.js";
import type { Objective } from "../../src/slo/objective.js";
import { tierWindowsMs } from "../../src/slo/windows.js";
import { dayMs } from "../support/alert-stream.js";
import { makeObjective } from "../support/objectives.js";

const endMs = Date.UTC(2026, 0, 31);
const whole = { endMs, dataFromMs: endMs - 40 * dayMs };
const objective = makeObjective();
const latency: Objective = {
  ...objective,
  sli: { kind: "LATENCY", view: "callers", failed: { add: [], remove: [], callerGaveUp: true }, thresholdMs: 300 },
};

function measured(perHour: number, errorRatio: number, more: Partial<Measurement> = {}): Measurement {
  const window = (windowMs: number) => {
    const totalCount = (perHour * windowMs) / 3_600_000;
    return countedWindow(windowMs, { totalCount, goodCount: totalCount * (1 - errorRatio), coverage: 1 });
  };
  return {
    objectiveId: objective.id,
    endMs,
    dataState: "OK",
    dataReason: null,
    windows: tierWindowsMs(objective).map(window),
    period: window(30 * dayMs),
    isApproximate: false,
    ...more,
  };
}

const codes = (...args: Parameters<typeof dataFindings>) => dataFindings(...args).map(({ code }) => code);

describe("objectives held against data", () => {
  test("with traffic, history and a kept target have nothing to say", () => {
    expect(codes(objective, measured(100_000, 0.0005), whole)).toEqual([]);
  });

  test("that select nothing, or could not be asked, say so with the reason", () => {
    const nothing = measured(0, 0, { dataState: "NO_DATA", dataReason: "No series name it." });
    expect(dataFindings(objective, nothing, whole)[0]).toMatchObject({
      code: "SLO_DATA_NONE",
      file: "slo.yaml",
      line: 1,
    });
    const several = measured(0, 0, { dataState: "UNKNOWN", dataReason: "The query gives several series." });
    expect(dataFindings(objective, several, whole)[0]?.message).toContain("The query gives several series.");
  });

  test("whose threshold is no edge of the buckets are interpolated", () => {
    expect(codes(latency, measured(100_000, 0, { isApproximate: true }), whole)).toEqual(["SLO_DATA_BUCKET"]);
  });

  test("whose period is longer than the source remembers have a partial budget", () => {
    const [found] = dataFindings(objective, measured(100_000, 0), { endMs, dataFromMs: endMs - 12.5 * dayMs });
    expect(found?.code).toBe("SLO_DATA_RETENTION");
    expect(found?.message).toContain("12 days");
  });

  test("with so little traffic that one failure is over a threshold are told the share it is", () => {
    const [found] = dataFindings(objective, measured(12, 0), whole);
    expect(found?.code).toBe("SLO_DATA_TRAFFIC");
    expect(found?.message).toContain("12 events in 1h: one failure is 8.3 %, and 1h/5m burns from 1.4 %");
  });

  test("that the last period missed say what it had", () => {
    const [found] = dataFindings(objective, measured(100_000, 0.002), whole);
    expect(found?.code).toBe("SLO_DATA_MISSED");
    expect(found?.message).toContain("had 99.8 %, below the target of 99.9 %");
  });
});
