/** Opens PostgreSQL through a small pool. Called by `openStore`. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { MeshlensError } from "../errors.js";
import { createDatabase, type Database } from "./database.js";
import { postgresSchema } from "./migrate.js";
import type { Tables } from "./tables.js";

/** One evaluator and a few readers: more connections would only wait for each other. */
const connections = 5;
const connectWithinMs = 5_000;
const statementWithinMs = 15_000;
const idleWithinMs = 5_000;
const leaseWithinMs = 2_000;
const int8 = 20;

/** What a pool is for. */
interface PostgresUse {
  readonly copyId?: string;
  /** One connection that waits behind nothing else, so that a lease is not lost for want of one, and gives up early. */
  readonly isForLeases?: boolean;
}

/**
 * A pool that connects when it is first used and again after connections were lost.
 * @throws MESHLENS_ERR_STORE_UNREACHABLE when the URL is none
 */
export function openPostgres(url: string, { copyId, isForLeases = false }: PostgresUse = {}): Database {
  const place = placeOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: isForLeases ? 1 : connections,
    connectionTimeoutMillis: isForLeases ? leaseWithinMs : connectWithinMs,
    statement_timeout: isForLeases ? leaseWithinMs : statementWithinMs,
    // The server's own limit answers first; this one is for a server that answers nothing any more.
    query_timeout: isForLeases ? leaseWithinMs + 500 : statementWithinMs + 5_000,
    // A copy that is stopped within a transaction (SIGSTOP, a lost network) keeps its locks no longer than this from whoever takes over.
    idle_in_transaction_session_timeout: idleWithinMs,
    keepAlive: true,
    application_name: "meshlens",
    types: {
      // Whole numbers of ours are instants and counters below 2^53; the driver would hand out text.
      getTypeParser: (type: number, format?: "text" | "binary") =>
        type === int8 ? Number : pg.types.getTypeParser(type, format as "text"),
    },
  });
  // An idle connection that breaks is reported here and the pool drops it; without a listener the process would end.
  pool.on("error", () => {});
  // The same for one that breaks between two statements of a transaction: the next statement rejects.
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(postgresSchema);
  return createDatabase(db, { kind: "postgres", place, ...(copyId === undefined ? {} : { copyId }) });
}

/** Host, port and database of a URL: what may be shown of it. */
function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `postgres://${hostname}${port === "" ? "" : `:${port}`}${pathname}`;
  } catch {
    // The parser's own error quotes the URL with its password.
    throw new MeshlensError(
      "MESHLENS_ERR_STORE_UNREACHABLE",
      "store.url is no URL: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters of the password percent-encoded.",
    );
  }
}
