/** One open database for the repositories: reads, transactions that are tried again, typed errors. Called by them only. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import { MeshlensError } from "../errors.js";
import type { StoreKind } from "./migrations.js";
import { isPassing, storeError } from "./store-error.js";
import type { Tables } from "./tables.js";

/** What repositories work with. Both methods reject with MESHLENS_ERR_STORE_* only. */
export interface Database {
  readonly kind: StoreKind;
  /** For people, without credentials. */
  readonly place: string;
  /** Of this open database, another one with each opening. */
  readonly copyId: string;
  read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction, anew when another process was in the way: it must have no effect outside of it. */
  write<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Waits for what is under way, then closes. A second call does nothing. */
  close(): Promise<void>;
}

/** How long a lock of somebody else is waited for, off the hot path: with pauses in which the event loop turns. */
const lockPatienceMs = 5_000;
const longestPauseMs = 200;

/** What a database is made of besides its connections. */
export interface DatabaseFacts {
  readonly kind: StoreKind;
  readonly place: string;
  readonly copyId?: string;
  /** Runs after the connections are closed. */
  readonly onClosed?: () => void;
  /** How long a lock of somebody else is waited for before MESHLENS_ERR_STORE_LOCKED. */
  readonly patienceMs?: number;
}

/** A database over an open Kysely. */
export function createDatabase(
  db: Kysely<Tables>,
  { kind, place, copyId = randomUUID(), onClosed = () => {}, patienceMs = lockPatienceMs }: DatabaseFacts,
): Database {
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;
  const tracked = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closing !== null) throw closedError(place);
    const run = patiently(work, patienceMs);
    underWay.add(run);
    try {
      return await run;
    } catch (error) {
      throw storeError(error, place);
    } finally {
      underWay.delete(run);
    }
  };
  const close = async () => {
    await Promise.allSettled(underWay);
    await db.destroy();
    onClosed();
  };
  return {
    kind,
    place,
    copyId,
    read: (work) => tracked(() => work(db)),
    write: (work) => tracked(() => db.transaction().execute(work)),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

async function patiently<T>(work: () => Promise<T>, patienceMs: number): Promise<T> {
  let waitedMs = 0;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || waitedMs >= patienceMs) throw error;
      await delay(pauseMs);
      waitedMs += pauseMs;
    }
  }
}

function closedError(place: string): MeshlensError {
  return new MeshlensError("MESHLENS_ERR_STORE_UNREACHABLE", `The store ${place} is closed: Meshlens is stopping.`);
}
