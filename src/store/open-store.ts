/** The door of the store: opens the database of a URL, brings its tables up to date and hands out the repositories. */
import { sql } from "kysely";
import { MeshlensError } from "../errors.js";
import { type Clock, systemClock } from "../telemetry/clock.js";
import { createAlertRepository } from "./alert-repository.js";
import { createAskedAnswerRepository } from "./asked-answer-repository.js";
import { createChangeRepository } from "./change-repository.js";
import type { Database } from "./database.js";
import { migrate } from "./migrate.js";
import { newestVersion } from "./migrations.js";
import { memory, openSqlite } from "./open-sqlite.js";
import { createOutboxRepository } from "./outbox-repository.js";
import { createRulerRepository } from "./ruler-repository.js";
import { createSliCountRepository } from "./sli-count-repository.js";
import { type CountTier, countTiers } from "./sli-count-store.js";
import type { Store, StoreHealth } from "./store.js";

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
  const database = await openDatabase(url);
  try {
    await migrate(database, clock);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    sliCounts: createSliCountRepository(database, tiers),
    alerts: createAlertRepository(database),
    outbox: createOutboxRepository(database),
    changes: createChangeRepository(database),
    askedAnswers: createAskedAnswerRepository(database),
    ruler: createRulerRepository(database),
    health: () => health(database),
    close: () => database.close(),
  };
}

async function openDatabase(url: string): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { openPostgres } = await import("./open-postgres.js");
    return openPostgres(url);
  }
  if (url === memory || url === `file:${memory}`) return openSqlite(memory);
  if (url.startsWith("file:")) return openSqlite(url.slice("file:".length).replace(/^\/\/(?=\/)/, ""));
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
