import { describe, expect, test } from "@jest/globals";
import { type JestReport, judgeJestReport } from "./jest-verdict.js";

const green: JestReport = {
  success: true,
  numTotalTests: 2,
  numPassedTests: 2,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};

describe("the verdict on a jest run", () => {
  test("a run in which every test passed is green", () => {
    expect(judgeJestReport(green)).toEqual({ isGreen: true, reasons: [], summary: "Tests: 2 passed, 0 failed" });
  });

  test("a skipped test makes a run that jest calls a success fail, and is named", () => {
    const skipped = {
      ...green,
      numPassedTests: 1,
      numPendingTests: 1,
      testResults: [{ assertionResults: [{ status: "pending", fullName: "jaeger finds a trace" }] }],
    };
    const verdict = judgeJestReport(skipped);
    expect(verdict.isGreen).toBe(false);
    expect(verdict.reasons.join()).toContain("jaeger finds a trace");
    expect(verdict.summary).toBe("Tests: 1 passed, 0 failed, 1 left out");
  });

  test.each([
    ["a todo test", { numTodoTests: 1 }],
    ["a failed test", { numFailedTests: 1, success: false }],
    ["a test file that could not run", { numRuntimeErrorTestSuites: 1, success: false }],
    ["no test at all", { numTotalTests: 0, numPassedTests: 0 }],
    ["a failure of jest itself", { success: false }],
  ])("%s is not green", (_, change) => {
    const verdict = judgeJestReport({ ...green, ...change });
    expect(verdict.isGreen).toBe(false);
    expect(verdict.reasons).toHaveLength(1);
  });
});
