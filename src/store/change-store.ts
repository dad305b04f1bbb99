/**
 * The port to what sources of workloads have seen: changes, and objects as they last were, so that a deleted object stays in the story
 * and a change made while Meshlens was away is told against the version before. Called by the server.
 */
import type { Json } from "./json-text.js";

/** A change of one source. */
export interface StoredChange {
  /** Putting in the same one again replaces it. At most 100 characters. */
  readonly id: string;
  readonly atMs: number;
  readonly payload: Json;
}

/** An object of one source. */
export interface StoredObject {
  /** At most 1,000 characters, none of them NUL. */
  readonly key: string;
  readonly payload: Json;
}

/** What is written at once. An object that is both placed and gone is gone. */
export interface ChangeBatch {
  readonly changes: readonly StoredChange[];
  readonly objects: readonly StoredObject[];
  /** Keys of objects that are no more. */
  readonly gone: readonly string[];
}

/** The repository. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface ChangeStore {
  /** The newest changes, oldest first, and all objects of a source. */
  load(
    source: string,
    newest: number,
  ): Promise<{ readonly changes: readonly StoredChange[]; readonly objects: readonly StoredObject[] }>;
  save(source: string, batch: ChangeBatch): Promise<void>;
  /** Deletes changes from before an instant, of all sources; says how many. */
  prune(beforeMs: number): Promise<number>;
}
