/** The one clock that all copies share: the database's. Used where leases begin and end. */
import { type RawBuilder, sql } from "kysely";
import type { StoreKind } from "./migrations.js";

/** Now, epoch ms, read when the statement runs and not when its transaction began. */
export function databaseNowMs(kind: StoreKind): RawBuilder<number> {
  return kind === "postgres"
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`cast((julianday('now') - 2440587.5) * 86400000.0 as integer)`;
}
