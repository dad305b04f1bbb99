/** Judges a jest run by its `--json` report: a run in which anything was left out is not a green run. */

/** The part of jest's report that is read. */
export interface JestReport {
  readonly success: boolean;
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Whether the run counts, why not, and its closing line. */
export interface JestVerdict {
  readonly isGreen: boolean;
  /** One sentence per reason; empty when green. */
  readonly reasons: readonly string[];
  /** `Tests: 41 passed, 0 failed` */
  readonly summary: string;
}

const leftOut = new Set(["pending", "skipped", "todo", "disabled"]);

/** Failed tests, suites that could not run, skipped and todo tests, and a run without tests are each a reason. */
export function judgeJestReport(report: JestReport): JestVerdict {
  const reasons: string[] = [];
  if (report.numFailedTests > 0) reasons.push(`${report.numFailedTests} tests failed.`);
  if (report.numRuntimeErrorTestSuites > 0)
    reasons.push(`${report.numRuntimeErrorTestSuites} test files could not run.`);
  const skipped = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => leftOut.has(test.status))
    .map((test) => test.fullName);
  const count = report.numPendingTests + report.numTodoTests;
  if (count > 0) reasons.push(`${count} tests were left out (skipped or todo): ${skipped.join("; ")}.`);
  if (report.numTotalTests === 0) reasons.push("No test ran.");
  if (reasons.length === 0 && !report.success) reasons.push("jest reports failure.");
  const leftOutText = count > 0 ? `, ${count} left out` : "";
  return {
    isGreen: reasons.length === 0,
    reasons,
    summary: `Tests: ${report.numPassedTests} passed, ${report.numFailedTests} failed${leftOutText}`,
  };
}
