/** What a driver's error means to us, as a typed error with a remedy. Called where the databases are called. */
import { type ErrorCode, isMeshlensError, MeshlensError } from "../errors.js";

/**
 * Errors after which the same transaction may be tried again at once: another one held a lock or won a race. 23505 is two
 * PostgreSQL writers of one new row: the second try sees what the first one wrote.
 */
const passing = new Set(["SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "40001", "40P01", "23505"]);

/** By SQLite's code (the primary part of an extended one too), SQLSTATE, or its class, or the code of a socket. */
const meanings: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  SQLITE_BUSY: ["MESHLENS_ERR_STORE_LOCKED", "another process holds its lock; end it, or wait and try again"],
  SQLITE_LOCKED: ["MESHLENS_ERR_STORE_LOCKED", "another process holds its lock; end it, or wait and try again"],
  SQLITE_FULL: ["MESHLENS_ERR_STORE_FULL", "its disk is full; make room and it goes on by itself"],
  SQLITE_IOERR: ["MESHLENS_ERR_STORE_UNREACHABLE", "its disk fails to read or write; see the kernel's log"],
  SQLITE_READONLY: ["MESHLENS_ERR_STORE_UNREACHABLE", "it may not be written; check the rights of file and folder"],
  SQLITE_PERM: ["MESHLENS_ERR_STORE_UNREACHABLE", "it may not be written; check the rights of file and folder"],
  SQLITE_CANTOPEN: [
    "MESHLENS_ERR_STORE_UNREACHABLE",
    "it cannot be opened; check that its folder is there and writable",
  ],
  SQLITE_CORRUPT: ["MESHLENS_ERR_STORE_CORRUPT", "the file is damaged; restore a backup or move it away"],
  SQLITE_NOTADB: ["MESHLENS_ERR_STORE_CORRUPT", "the file is no SQLite database; name another in store.url"],
  "53100": ["MESHLENS_ERR_STORE_FULL", "its disk is full; make room and it goes on by itself"],
  "55P03": ["MESHLENS_ERR_STORE_LOCKED", "somebody else holds a lock; see pg_locks"],
  "40001": ["MESHLENS_ERR_STORE_LOCKED", "somebody else keeps writing the same rows"],
  "40P01": ["MESHLENS_ERR_STORE_LOCKED", "somebody else keeps writing the same rows"],
  "57014": [
    "MESHLENS_ERR_STORE_UNREACHABLE",
    "a statement took too long; the server is overloaded or waits for a lock",
  ],
  "28": ["MESHLENS_ERR_STORE_UNREACHABLE", "it refuses the user or password of store.url"],
  "3D": ["MESHLENS_ERR_STORE_UNREACHABLE", "the database of store.url is not there; create it"],
  "42501": [
    "MESHLENS_ERR_STORE_UNREACHABLE",
    "the user of store.url may not do this; it needs CREATE on the database once",
  ],
  "25006": ["MESHLENS_ERR_STORE_UNREACHABLE", "it is read-only (a standby); name the primary in store.url"],
  "53": ["MESHLENS_ERR_STORE_UNREACHABLE", "it is out of connections or memory"],
  "57": ["MESHLENS_ERR_STORE_UNREACHABLE", "it is starting or stopping"],
  "08": ["MESHLENS_ERR_STORE_UNREACHABLE", "the connection broke"],
  XX: ["MESHLENS_ERR_STORE_CORRUPT", "it reports damage; see its log"],
};
const unreachable = "it cannot be reached; check that it runs and that store.url names it";

/** Whether the transaction that failed may simply be run again. */
export function isPassing(error: unknown): boolean {
  return passing.has(codeOf(error));
}

/**
 * A typed error of a driver's. Messages of drivers are not repeated in it: they may quote values.
 * @param place what to call the database, without credentials
 */
export function storeError(error: unknown, place: string): MeshlensError {
  if (isMeshlensError(error)) return error;
  const code = codeOf(error);
  const [kind, remedy] = meaningOf(error, code);
  return new MeshlensError(kind, `The store ${place} failed (${code || "no code"}): ${remedy}.`, {}, error);
}

function meaningOf(error: unknown, code: string): readonly [ErrorCode, string] {
  const primary = /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code;
  const known = meanings[primary] ?? (/^[0-9A-Z]{5}$/.test(code) ? meanings[code.slice(0, 2)] : undefined);
  if (known !== undefined) return known;
  // Sockets have codes in words (ECONNREFUSED), a connection that ends under a query has none at all.
  const isSocket = /^E[A-Z_]+$/.test(code) || /connection|timeout|terminated/i.test(messageOf(error));
  return isSocket
    ? ["MESHLENS_ERR_STORE_UNREACHABLE", unreachable]
    : ["MESHLENS_ERR_INTERNAL", "this is a fault of Meshlens; its cause is in the server's log"];
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  if (typeof error.code === "string" && error.code !== "") return error.code;
  // A host with several addresses fails with all their errors in one.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
