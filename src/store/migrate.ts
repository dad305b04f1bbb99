/** Brings a database to today's tables, step by step in one transaction, or refuses one it does not know. Called by `openStore`. */
import { type Kysely, sql } from "kysely";
import { MeshlensError } from "../errors.js";
import type { Clock } from "../telemetry/clock.js";
import type { Database } from "./database.js";
import { databaseNowMs } from "./database-clock.js";
import { type Migration, migrations } from "./migrations.js";
import type { Tables } from "./tables.js";

/** Any number, the same in every version: two starting replicas take the same lock. */
const migrationLock = 7_302_017_301;

/**
 * Runs the steps that are missing. Two replicas that start at once: one waits for the other.
 * @throws MESHLENS_ERR_STORE_VERSION for a newer database, or one that is not ours
 */
export async function migrate(
  database: Database,
  clock: Clock,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  await database.write(async (db) => {
    if (database.kind === "postgres") {
      await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(db);
      await db.schema.createSchema(postgresSchema).ifNotExists().execute();
    }
    const version = await versionOf(db, database);
    if (version > steps.length) {
      if ((await oldestReader(db, version)) > steps.length) throw newerError(database.place, version, steps.length);
      return;
    }
    const missing = steps.slice(version);
    if (version >= copiesSince) await refuseOlderCopies(db, database, missing);
    for (const step of missing) {
      await step.up(db, database.kind);
      const applied = { version: step.version, applied_ms: clock.nowMs() };
      const row = step.version < copiesSince ? applied : { ...applied, oldest_reader: oldestReaderOf(step) };
      await db.insertInto("schema_version").values(row).execute();
    }
  });
}

/** The version that brought the table of running copies, and what older ones may go on with. */
const copiesSince = 5;

function oldestReaderOf({ version, oldestReader: oldest = version }: Migration): number {
  return oldest;
}

/** Of tables newer than ours: from which version on a Meshlens may use them. */
async function oldestReader(db: Kysely<Tables>, version: number): Promise<number> {
  const rows = await db.selectFrom("schema_version").selectAll().execute();
  return rows.find((row) => row.version === version)?.oldest_reader ?? version;
}

/** A step that running copies cannot go on with waits until they have stopped. */
async function refuseOlderCopies(db: Kysely<Tables>, database: Database, missing: readonly Migration[]): Promise<void> {
  const needed = Math.max(0, ...missing.map(oldestReaderOf));
  const older = await db
    .selectFrom("copy")
    .select("version")
    .where("schema_version", "<", needed)
    .where("until_ms", ">", databaseNowMs(database.kind))
    .executeTakeFirst();
  if (older === undefined) return;
  throw new MeshlensError(
    "MESHLENS_ERR_STORE_VERSION",
    `The store ${database.place} is in use by a copy of Meshlens ${older.version}, which cannot go on with the tables of this version: stop the older copies first, then start this one.`,
  );
}

/** The schema that holds our tables in PostgreSQL, so that a database can be shared. */
export const postgresSchema = "meshlens";

async function versionOf(db: Kysely<Tables>, { kind, place }: Database): Promise<number> {
  const tables = await tableNames(db, kind);
  if (!tables.includes("schema_version")) {
    if (tables.length > 0) throw foreignError(place, tables[0] as string);
    await db.schema
      .createTable("schema_version")
      .addColumn("version", "integer", (column) => column.primaryKey().notNull())
      .addColumn("applied_ms", kind === "sqlite" ? "integer" : "bigint", (column) => column.notNull())
      .execute();
    return 0;
  }
  return newestStored(db);
}

/** The version of a database's tables, read only; null where there are none. @throws MESHLENS_ERR_STORE_VERSION for one that is not ours */
export async function storedVersion(
  db: Kysely<Tables>,
  { kind, place }: Pick<Database, "kind" | "place">,
): Promise<number | null> {
  const tables = await tableNames(db, kind);
  if (tables.length === 0) return null;
  return tables.includes("schema_version")
    ? newestStored(db)
    : Promise.reject(foreignError(place, tables[0] as string));
}

async function newestStored(db: Kysely<Tables>): Promise<number> {
  const { version } = await db
    .selectFrom("schema_version")
    .select((select) => select.fn.max("version").as("version"))
    .executeTakeFirstOrThrow();
  return version ?? 0;
}

async function tableNames(db: Kysely<Tables>, kind: "sqlite" | "postgres"): Promise<readonly string[]> {
  const query =
    kind === "sqlite"
      ? sql<{
          name: string;
        }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`
      : sql<{
          name: string;
        }>`select table_name as name from information_schema.tables where table_schema = ${postgresSchema} order by 1`;
  const { rows } = await query.execute(db);
  return rows.map(({ name }) => name);
}

function newerError(place: string, version: number, ours: number): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_STORE_VERSION",
    `The store ${place} has tables of version ${version} and this Meshlens knows versions up to ${ours}: start the newer Meshlens that wrote it, or restore the backup taken before the upgrade.`,
  );
}

function foreignError(place: string, table: string): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_STORE_VERSION",
    `The store ${place} holds a table ${table} and none of Meshlens' own: it belongs to another program; name another file or database in store.url.`,
  );
}
