/** The port to what one copy was asked to do and only the leading one does. Called by the server. */

/** `TELL`: a person changed an incident, its messages shall show it. `GATHER`: its evidence is wanted anew. */
export type ErrandKind = "TELL" | "GATHER";

/** An errand. */
export interface Errand {
  readonly kind: ErrandKind;
  readonly incidentId: string;
}

/** The errands. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface ErrandStore {
  ask(errand: Errand): Promise<void>;
  /** Those that wait, the oldest first, each with its number; of a kind this version does not know: left to others. */
  waiting(): Promise<readonly (Errand & { readonly number: number })[]>;
  /** Done, by number. */
  done(number: number): Promise<void>;
}
