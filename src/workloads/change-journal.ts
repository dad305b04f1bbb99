/**
 * Where a cluster's story outlives the process: changes, and the objects they are told of as they last were. The server gives one over
 * its store; without one the story is as long as the process.
 */
import type { KeptChange } from "./changes/change-keeper.js";
import type { Fields } from "./read-json.js";

/** An object as it was last told of: what `lastingFields` leaves of it. */
export interface JournalObject {
  /** `apps/Deployment bookinfo/reviews-v1`. */
  readonly key: string;
  readonly fields: Fields;
  /** When it was first seen: what is older than that is read from its revisions. */
  readonly firstToldMs: number;
}

/** The journal. Writing never waits and never fails: what could not be written is the journal's to repeat and to tell. */
export interface ChangeJournal {
  /** What was written before; both empty when it cannot be read. */
  load(): Promise<{ readonly changes: readonly KeptChange[]; readonly objects: readonly JournalObject[] }>;
  /** A change, or a known one renewed. */
  changed(id: string, change: KeptChange): void;
  placed(object: JournalObject): void;
  removed(key: string): void;
}
