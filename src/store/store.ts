/** The port to the one database: what is ours and not telemetry. Made by `openStore`; called by `alerting/`, `slack/` and the server. */
import type { AlertStore } from "./alert-store.js";
import type { AskedAnswerStore } from "./asked-answer-store.js";
import type { ChangeStore } from "./change-store.js";
import type { ErrandStore } from "./errand-store.js";
import type { Lease, LeaseStore } from "./lease-store.js";
import type { NewsWire } from "./news.js";
import type { OutboxStore } from "./outbox-store.js";
import type { PageStore } from "./page-store.js";
import type { RulerStore } from "./ruler-store.js";
import type { SliCountStore } from "./sli-count-store.js";

/** Whether the store can be used, as a value: a broken store makes `/readyz` say so and never throws there. */
export interface StoreHealth {
  readonly isUsable: boolean;
  /** For people; no secret in it. Null when all is well. */
  readonly problem: string | null;
  readonly kind: "sqlite" | "postgres";
  readonly schemaVersion: number;
}

/** What is kept, by concern. */
export interface Repositories {
  readonly sliCounts: SliCountStore;
  readonly alerts: AlertStore;
  readonly outbox: OutboxStore;
  readonly changes: ChangeStore;
  readonly askedAnswers: AskedAnswerStore;
  readonly ruler: RulerStore;
  readonly errands: ErrandStore;
  readonly pages: PageStore;
}

/** An open store, migrated and locked against a second process (SQLite). */
export interface Store extends Repositories {
  /** Who uses it: this process only, or several copies of Meshlens. */
  readonly isShared: boolean;
  /** Of this opening. */
  readonly copyId: string;
  readonly leases: LeaseStore;
  /** What other copies store; of a store that is not shared there never is any. */
  readonly news: NewsWire;
  /** The same, with every write refused once another copy has taken the lease; see `fencedDatabase`. */
  under(lease: Lease, onRefused: () => void): Repositories;
  /** The same under several, while the copy that has the lease `leader` leaves their work to their holders. */
  underShared(leases: readonly Lease[], leader: string, onRefused: () => void): Repositories;
  /** Asks the database something small. */
  health(): Promise<StoreHealth>;
  /** Waits for what is under way, then lets go of the file or the connections. Calls after it reject. */
  close(): Promise<void>;
}
