/** Opens SQLite: its file, or memory. A second process on the same file is refused. Called by `openStore`. */
import { closeSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { Kysely } from "kysely";
import Sqlite from "libsql";
import { MeshlensError } from "../errors.js";
import { createDatabase, type Database } from "./database.js";
import { createSqliteDialect } from "./sqlite-dialect.js";
import { storeError } from "./store-error.js";
import type { Tables } from "./tables.js";

/** SQLite waits this long by itself, with the event loop standing still; longer waits are ours (see database.ts). */
const busyTimeoutMs = 10;

/**
 * Opens a file, which is made when it is not there (its folder is not), or `:memory:`.
 * @throws MESHLENS_ERR_STORE_LOCKED when another process has it open, MESHLENS_ERR_STORE_UNREACHABLE, MESHLENS_ERR_STORE_CORRUPT
 */
export function openSqlite(path: string): Database {
  const place = path === memory ? "in memory" : resolve(path);
  const unlock = path === memory ? () => {} : lockFile(place);
  try {
    const connection = new Sqlite(path === memory ? memory : place, { timeout: busyTimeoutMs });
    configure(connection);
    const db = new Kysely<Tables>({ dialect: createSqliteDialect(connection) });
    return createDatabase(db, { kind: "sqlite", place, onClosed: unlock });
  } catch (error) {
    unlock();
    throw storeError(error, place);
  }
}

/** SQLite's name of a database without a file. */
export const memory = ":memory:";

function configure(connection: Sqlite.Database): void {
  // Readers (a backup, `sqlite3`) and our writes do not wait for each other.
  connection.pragma("journal_mode = WAL");
  // NORMAL would be enough for kill -9, since the kernel has what was written. FULL also keeps the last commits at a power cut, and
  // the outbox relies on it: one fsync a commit is little for a handful of commits per evaluation.
  connection.pragma("synchronous = FULL");
  connection.pragma("foreign_keys = ON");
}

/**
 * Holds an exclusive lock on an empty database beside the file. The kernel lets go of it when the process ends in whatever way, so
 * there is no stale lock to clean up, and the file itself stays readable for others.
 */
function lockFile(place: string): () => void {
  const path = `${place}-lock`;
  makeFile(place);
  makeFile(path);
  const lock = new Sqlite(path, { timeout: 0 });
  try {
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    if (!String((error as { code?: unknown }).code).startsWith("SQLITE_BUSY")) throw storeError(error, path);
    throw new MeshlensError(
      "MESHLENS_ERR_STORE_LOCKED",
      `Another Meshlens uses the store ${place}: stop it, or give this one a file of its own in store.url. Several copies share a PostgreSQL (postgres://...).`,
      {},
      error,
    );
  }
  return () => lock.close();
}

/** Alert evidence quotes log lines: nobody but the owner reads the file. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
  } catch (error) {
    throw new MeshlensError(
      "MESHLENS_ERR_STORE_UNREACHABLE",
      `The store ${path} cannot be opened (${(error as NodeJS.ErrnoException).code}): check that its folder is there and writable.`,
      {},
      error,
    );
  }
}
