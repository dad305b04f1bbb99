/**
 * The port to what users' queries over whole windows said last: a restart asks them again when their time has come, not all at once.
 * Called by the measuring of objectives.
 */

/** What one query said of one window. */
export interface StoredAnswer {
  /** Cluster or shard that was asked. */
  readonly group: string;
  /** The window: unique within its group. At most 200 characters. */
  readonly key: string;
  /** Which query it was, as the caller tells queries apart: an answer to another one is none. */
  readonly query: string;
  readonly atMs: number;
  /** "NaN" is 0/0; null: it found no series. */
  readonly value: number | "NaN" | null;
}

/** The repository. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface AskedAnswerStore {
  /** The answers given at an instant or after it, by group and key. */
  load(sinceMs: number): Promise<readonly StoredAnswer[]>;
  /** Each takes the place of the one before of its group and key. */
  save(answers: readonly StoredAnswer[]): Promise<void>;
  /** Deletes answers given before an instant; says how many. */
  prune(beforeMs: number): Promise<number>;
}
