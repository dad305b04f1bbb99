// Reads the report of `jest --json --outputFile=FILE` and fails when a test was skipped or left as todo, or none ran.
// Usage: node scripts/fail-on-skip.mjs FILE (after a build)
import { readFileSync } from "node:fs";
import { judgeJestReport } from "../dist/test/support/jest-verdict.js";

const file = process.argv[2];
if (!file) {
  console.error("usage: node scripts/fail-on-skip.mjs JEST_REPORT");
  process.exit(2);
}
const { reasons, summary } = judgeJestReport(JSON.parse(readFileSync(file, "utf8")));
for (const reason of reasons) console.error(`fail-on-skip: ${reason}`);
console.log(summary);
process.exit(reasons.length === 0 ? 0 : 1);
