/** Whether a store can be used, found out without changing it. Called by `meshlens check --deep`. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { sql } from "kysely";
import { isMeshlensError } from "../errors.js";
import { amiss, type Inspection, passed } from "../telemetry/inspection.js";
import type { Database } from "./database.js";
import { storedVersion } from "./migrate.js";
import { newestVersion } from "./migrations.js";

/** Ends a transaction that is not to be kept. */
class NotKept extends Error {}

const remedyOf = {
  sqlite: "let this user write the file and its folder",
  postgres: "let the server of store.url run, and grant its user CREATE on the database",
};

/** One finding. A file that is not there yet is not made; one that a running Meshlens holds is not opened. */
export async function inspectStore(url: string): Promise<Inspection> {
  const file = url.startsWith("file:") ? url.slice("file:".length).replace(/^\/\/(?=\/)/, "") : null;
  if (file !== null && !existsSync(file)) {
    if (isWritable(dirname(file))) return passed("store", "there is no file yet: it is made at the first start");
    const message = "the folder of the store's file is not there, or may not be written";
    return amiss("store", "FAIL", message, "make the folder for this user, or mount a volume there");
  }
  let database: Database | null = null;
  try {
    database = file === null ? await postgres(url) : (await import("./open-sqlite.js")).openSqlite(file);
    const opened = database;
    const { kind } = opened;
    const version = await database.read((db) => storedVersion(db, opened));
    if (version !== null && version > newestVersion)
      return amiss(
        "store",
        "WARN",
        `its tables are of version ${version}, this Meshlens writes ${newestVersion}`,
        "start the newer Meshlens that wrote them",
      );
    await tryToWrite(opened);
    const tables =
      version === null
        ? "without tables yet"
        : `with tables of version ${version}${version < newestVersion ? `, which the next start brings to ${newestVersion}` : ""}`;
    return passed(
      "store",
      `a ${kind === "sqlite" ? "SQLite file" : "PostgreSQL database"} that can be written, ${tables}`,
    );
  } catch (error) {
    if (isMeshlensError(error) && error.code === "MESHLENS_ERR_STORE_LOCKED" && file !== null)
      return passed("store", "a SQLite file that a running Meshlens holds");
    const message = isMeshlensError(error) ? error.message : "the store could not be opened";
    return amiss("store", "FAIL", message, remedyOf[file === null ? "postgres" : "sqlite"]);
  } finally {
    await database?.close();
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function postgres(url: string): Promise<Database> {
  return (await import("./open-postgres.js")).openPostgres(url);
}

/** A table within a transaction that is taken back: what a migration needs, and nothing is left of it. */
async function tryToWrite(database: Database): Promise<void> {
  try {
    await database.write(async (db) => {
      if (database.kind === "postgres") await sql`create schema if not exists meshlens`.execute(db);
      await db.schema.createTable("check_of_rights").addColumn("one", "integer").execute();
      throw new NotKept();
    });
  } catch (error) {
    if (!(error instanceof NotKept) && !(isMeshlensError(error) && error.cause instanceof NotKept)) throw error;
  }
}
