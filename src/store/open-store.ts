/** The door of the store: opens the database of a URL, brings its tables up to date and hands out the repositories. */
import { sql } from "kysely";
import { MeshlensError } from "../errors.js";
import { type Clock, systemClock } from "../telemetry/clock.js";
import { createAlertRepository } from "./alert-repository.js";
import { createAskedAnswerRepository } from "./asked-answer-repository.js";
import { createChangeRepository } from "./change-repository.js";
import type { Database } from "./database.js";
import { createErrandRepository } from "./errand-repository.js";
import { fencedDatabase } from "./fenced-database.js";
import { createLeaseRepository } from "./lease-repository.js";
import { migrate } from "./migrate.js";
import { newestVersion } from "./migrations.js";
import type { NewsWire } from "./news.js";
import { memory, openSqlite } from "./open-sqlite.js";
import { createOutboxRepository } from "./outbox-repository.js";
import { createPageRepository } from "./page-repository.js";
import { createRulerRepository } from "./ruler-repository.js";
import { createSliCountRepository } from "./sli-count-repository.js";
import { type CountTier, countTiers } from "./sli-count-store.js";
import type { Repositories, Store, StoreHealth } from "./store.js";

/** What to open. */
export interface StoreOptions {
  /** `file:PATH`, `:memory:` or `postgres://...`. */
  readonly url: string;
  readonly clock?: Clock;
  /** How SLI counts age; for tests. */
  readonly tiers?: readonly CountTier[];
}

/**
 * Opens, migrates and locks.
 * @throws MESHLENS_ERR_STORE_UNREACHABLE, _LOCKED (a second process on a file), _VERSION (a newer Meshlens wrote it), _CORRUPT, _FULL
 */
export async function openStore({ url, clock = systemClock, tiers = countTiers }: StoreOptions): Promise<Store> {
  const { database, leaseDatabase, wire } = await openDatabase(url);
  try {
    await migrate(database, clock);
  } catch (error) {
    await leaseDatabase.close();
    await database.close();
    throw error;
  }
  return {
    ...repositories(database, tiers),
    isShared: database.kind === "postgres",
    copyId: database.copyId,
    leases: createLeaseRepository(leaseDatabase),
    news: wire,
    under: (lease, onRefused) => repositories(fencedDatabase(database, { leases: [lease] }, onRefused), tiers),
    underShared: (leases, leader, onRefused) =>
      repositories(fencedDatabase(database, { leases, leader }, onRefused), tiers),
    health: () => health(database),
    async close() {
      await wire.close();
      await leaseDatabase.close();
      await database.close();
    },
  };
}

function repositories(database: Database, tiers: readonly CountTier[]): Repositories {
  return {
    sliCounts: createSliCountRepository(database, tiers),
    alerts: createAlertRepository(database),
    outbox: createOutboxRepository(database),
    changes: createChangeRepository(database),
    askedAnswers: createAskedAnswerRepository(database),
    ruler: createRulerRepository(database),
    errands: createErrandRepository(database),
    pages: createPageRepository(database),
  };
}

type ClosableWire = NewsWire & { close(): Promise<void> };

/** A file has one process: nobody else is there to tell anything. */
const silentWire: ClosableWire = { follow: () => ({ close: async () => {} }), close: async () => {} };

interface OpenDatabase {
  readonly database: Database;
  /** The same one where there is only one connection anyway. */
  readonly leaseDatabase: Database;
  readonly wire: ClosableWire;
}

async function openDatabase(url: string): Promise<OpenDatabase> {
  if (/^postgres(ql)?:\/\//.test(url)) {
    const [{ openPostgres }, { createPostgresWire }] = await Promise.all([
      import("./open-postgres.js"),
      import("./postgres-wire.js"),
    ]);
    const database = openPostgres(url);
    const { copyId } = database;
    const leaseDatabase = openPostgres(url, { copyId, isForLeases: true });
    return { database, leaseDatabase, wire: createPostgresWire(url, copyId) };
  }
  const sqlite = (path: string) => {
    const database = openSqlite(path);
    return { database, leaseDatabase: database, wire: silentWire };
  };
  if (url === memory || url === `file:${memory}`) return sqlite(memory);
  if (url.startsWith("file:")) return sqlite(url.slice("file:".length).replace(/^\/\/(?=\/)/, ""));
  throw new MeshlensError(
    "MESHLENS_ERR_STORE_UNREACHABLE",
    "store.url is neither file:PATH nor postgres://USER:PASSWORD@HOST:PORT/DATABASE.",
  );
}

async function health(database: Database): Promise<StoreHealth> {
  const known = { kind: database.kind, schemaVersion: newestVersion };
  try {
    await database.read((db) => sql`select 1`.execute(db));
    return { ...known, isUsable: true, problem: null };
  } catch (error) {
    return { ...known, isUsable: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
