/** The port to what the leading copy knows and the others show: packed pages by name, each replaced whole. Called by the server. */

/** A page as it was saved. */
export interface SharedPage {
  /** Instant of the evaluation it is of. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** The pages. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface PageStore {
  /** Saves pages, all or none, and tells the other copies; `incidents` have other data than before, which nothing else tells. */
  save(pages: ReadonlyMap<string, SharedPage>, incidents: readonly string[]): Promise<void>;
  /** Saves pages, all or none, that are news of another kind: `cycle` or `measured`. */
  post(pages: ReadonlyMap<string, SharedPage>, kind: "cycle" | "measured"): Promise<void>;
  /** The page if it is not of this instant; null when it is, or there is none. */
  load(name: string, knownMs: number | null): Promise<SharedPage | null>;
}
