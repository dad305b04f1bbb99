/** The state file of a run: which servers there are. Written by the runner, read by the tests through MESHLENS_TEST_STATE. */
import { readFileSync } from "node:fs";
import type { BackendName } from "./backends/backend.js";

/** Names the state file for the tests. */
export const stateVariable = "MESHLENS_TEST_STATE";

/** A server the tests may ask. */
export interface TestServer {
  readonly url: string;
  readonly zipkinIngestUrl: string | null;
  readonly otlpIngestUrl?: string;
  /** `unknown` for a named server that does not tell. */
  readonly version: string;
  /** For fault tests (SIGSTOP, SIGKILL); null for a server named by the environment, which is not ours to disturb. */
  readonly pid: number | null;
}

/** Every server of the suite, fed with the recorded mesh of test/fixtures/bookinfo. */
export type TestState = Readonly<Record<BackendName, TestServer>>;

/**
 * The servers of this run.
 * @throws Error that says how to run the suite when it was not started by its runner
 */
export function readTestState(environment: NodeJS.ProcessEnv = process.env): TestState {
  const file = environment[stateVariable];
  if (!file)
    throw new Error(
      `${stateVariable} is not set: run these tests with \`npm run test:real\`, which starts the servers.`,
    );
  return JSON.parse(readFileSync(file, "utf8")) as TestState;
}
