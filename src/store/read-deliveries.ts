/** Reads messages out of a store that another Meshlens has open: nothing is locked, migrated or written. For commands that only look. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Kysely } from "kysely";
import Sqlite from "libsql";
import { MeshlensError } from "../errors.js";
import { createDatabase, type Database } from "./database.js";
import { openPostgres } from "./open-postgres.js";
import { createOutboxRepository } from "./outbox-repository.js";
import type { StoredDelivery } from "./outbox-store.js";
import { createSqliteDialect } from "./sqlite-dialect.js";
import { storeError } from "./store-error.js";
import type { Tables } from "./tables.js";

/**
 * Messages of an incident in the order they were put in; none for an incident that is not known.
 * @throws MESHLENS_ERR_STORE_UNREACHABLE where there is no such file, for a store in memory, and as openStore does
 */
export async function readDeliveries(url: string, incidentId: string): Promise<readonly StoredDelivery[]> {
  const database = /^postgres(ql)?:\/\//.test(url) ? openPostgres(url) : openReadOnly(url);
  try {
    return (await createOutboxRepository(database).deliveriesOf([incidentId]))[0] ?? [];
  } finally {
    await database.close();
  }
}

function openReadOnly(url: string): Database {
  const place = resolve(url.replace(/^file:(?:\/\/(?=\/))?/, ""));
  if (!existsSync(place)) {
    throw new MeshlensError(
      "MESHLENS_ERR_STORE_UNREACHABLE",
      `There is no store ${place}: name the configuration of the Meshlens that raised the alert; one in memory can be read by nobody else.`,
    );
  }
  try {
    const connection = new Sqlite(place, { readonly: true });
    const db = new Kysely<Tables>({ dialect: createSqliteDialect(connection) });
    return createDatabase(db, { kind: "sqlite", place });
  } catch (error) {
    throw storeError(error, place);
  }
}
