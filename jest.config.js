import { availableParallelism } from "node:os";

// Tests are compiled by tsc first and run as plain JavaScript from dist/ (style.md section 6: types are checked by construction).
const shared = {
  runtime: "<rootDir>/../../scripts/jest/native-runtime.cjs",
  testEnvironment: "<rootDir>/../../scripts/jest/native-environment.cjs",
  transform: {},
  rootDir: "dist/test",
  moduleFileExtensions: ["js", "mjs", "json"],
};

/** Two projects: `unit` needs nothing but Node; `real` needs servers and is started by scripts/test-real.mjs only. */
export default {
  // No test is about speed: the limit only ends one that hangs, on a busy machine too.
  testTimeout: 180_000,
  // One more than cores: some tests wait for processes and answers, and the parent only waits.
  maxWorkers: availableParallelism() + 1,
  testSequencer: "./scripts/slowest-first-sequencer.mjs",
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/**/*.test.js"],
      testPathIgnorePatterns: ["<rootDir>/real/"],
    },
    { ...shared, displayName: "real", testMatch: ["<rootDir>/real/**/*.test.js"] },
  ],
};
