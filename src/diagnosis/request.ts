/** One request of the service that burns, taken apart: where its time went and where its errors began. Made by partition.ts. */

/** A service's key (serviceKey); pieces carry keys because they are compared by the thousand. */
export type Key = string;

/** Time of one kind within one request, its calls together. */
export interface TimePiece {
  /** Equal in every request for the same kind of time. */
  readonly key: string;
  /**
   * SELF: the service worked. TRANSIT: a call was on its way or queued: neither end's span says whose fault it is.
   * EXTERNAL: it waited for something without spans.
   */
  readonly kind: "SELF" | "TRANSIT" | "EXTERNAL";
  readonly service: Key;
  /** The called service of a TRANSIT piece. */
  readonly peer: Key | null;
  /** Operation of a SELF piece, the called operation of a TRANSIT piece, the dependency of an EXTERNAL one. */
  readonly name: string;
  readonly calls: number;
  readonly ms: number;
}

/** Where an error was born: no call below it failed. */
export interface ErrorOrigin {
  readonly key: string;
  readonly service: Key;
  /** The other service that may be meant: an error seen by the caller only. */
  readonly peer: Key | null;
  readonly name: string;
  readonly isTimeout: boolean;
  /** The visit it happened in; null above any server's span. */
  readonly visit: Visit | null;
}

/** A span of a service within the request: what siblings and the tie rule look at. */
export interface Visit {
  readonly service: Key;
  readonly operation: string;
  /** Services whose answers it got, in order of its calls; those that failed are not among them. */
  readonly answeredBy: readonly Key[];
  readonly pod: string | null;
  readonly version: string | null;
  readonly isError: boolean;
  /** As long as its caller waited, where the caller's span is known. */
  readonly ms: number;
}

/** A call from one service to another, or to something without spans. */
export interface Call {
  readonly source: Key;
  /** Null: not a service, then `external` names it. */
  readonly destination: Key | null;
  readonly external: string | null;
  readonly isFailed: boolean;
  /** As long as its caller waited, where the caller's span is known. */
  readonly ms: number;
}

/** One request. Its pieces add up to its duration. */
export interface Request {
  readonly traceId: string;
  readonly weight: number;
  /** What was asked for: the first operation that tells requests apart. */
  readonly entry: string;
  readonly durationMs: number;
  readonly isFailed: boolean;
  readonly pieces: readonly TimePiece[];
  readonly origins: readonly ErrorOrigin[];
  /** Keys of all that an error could have been born in. */
  readonly places: ReadonlySet<string>;
  /** How deep in the request each service was first met: what is deeper is nearer to the cause. */
  readonly depths: ReadonlyMap<Key, number>;
  /** Server sides only, one per call. */
  readonly visits: readonly Visit[];
  /** The call that made it included, where its caller's span is known. */
  readonly calls: readonly Call[];
  /** Edges (`caller\u0001callee`) on which a rule of the mesh delayed or answered a call, with the flag. */
  readonly injections: ReadonlyMap<string, string>;
  /** False when spans are missing: its time is not compared. */
  readonly isWhole: boolean;
}
