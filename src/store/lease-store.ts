/** The port to who of several copies does what only one may do, and which copies there are. Called by the server. */

/** A lease that was taken. */
export interface Lease {
  readonly name: string;
  /** Id of a copy, another one with each start. */
  readonly holder: string;
  /** The fencing token: each taking has a higher one. */
  readonly epoch: number;
}

/** A running copy. */
export interface CopyFacts {
  readonly id: string;
  /** Of its package. */
  readonly version: string;
}

/** What a copy does about shards: takes some, or takes none for now and leaves them to others where it leads. */
export type ShardStance = "takes" | "leaves";

/** Leases of which every copy may have some, and who may. */
export interface SharedLeases {
  /** Those that somebody has now, by name. */
  readonly holders: ReadonlyMap<string, string>;
  /** Ids of the copies that live and take some, in order. */
  readonly members: readonly string[];
  /** Whether the copy that leads leaves their work to them: one of an older version does all of it itself. */
  readonly areLeftByLeader: boolean;
}

/** The leases. All instants are by the database's clock. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface LeaseStore {
  /** Takes a lease for so long; null while another one has it. */
  take(name: string, holder: string, ttlMs: number): Promise<Lease | null>;
  /** Prolongs it from now; false: another one took it, and what is written under it is refused from then on. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>;
  /** Gives it back before its time; nothing happens to one that another took. */
  release(lease: Lease): Promise<void>;
  /** Who has it and for how long yet (0 when its time is over); null when nobody ever had it. */
  read(name: string): Promise<(Lease & { readonly restMs: number }) | null>;
  /** Prolongs several at once; says which are still ours. */
  renewAll(leases: readonly Lease[], ttlMs: number): Promise<readonly Lease[]>;
  /** How the leases of these names stand under the copy that has the lease `leader`. */
  shared(names: readonly string[], leader: string): Promise<SharedLeases>;
  /** A copy lives, for so long. Those whose time was over long ago are forgotten. `shards` left out: it knows of none. */
  live(copy: CopyFacts & { readonly shards?: ShardStance }, ttlMs: number): Promise<void>;
  /** A copy stops. */
  leave(copyId: string): Promise<void>;
  /** Those that live, by id. */
  copies(): Promise<readonly CopyFacts[]>;
}
