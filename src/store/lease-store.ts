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
  /** A copy lives, for so long. Those whose time was over long ago are forgotten. */
  live(copy: CopyFacts, ttlMs: number): Promise<void>;
  /** A copy stops. */
  leave(copyId: string): Promise<void>;
  /** Those that live, by id. */
  copies(): Promise<readonly CopyFacts[]>;
}
