import type { Backend } from "../test/real/backends/backend.js";

/** One line of the table in docs/benchmarks.md. */
export interface BenchResult {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly isMet: boolean;
}

/** What a bench is given: the servers it may start are stopped by the runner. */
export interface BenchContext {
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Starts and feeds backends; see test/real/backends. */
  readonly start: (backends: readonly Backend[]) => Promise<readonly string[]>;
  /** Process of a server that `start` started, by its URL. */
  readonly pidOf: (url: string) => number;
}
