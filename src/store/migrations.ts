/** The numbered steps from an empty database to today's tables. Forward only: a released step is never edited, a new one is added. */
import { type ColumnDataType, type Kysely, sql } from "kysely";
import type { Tables } from "./tables.js";

/** Which database it is; their column types differ. */
export type StoreKind = "sqlite" | "postgres";

/** One step, run in a transaction. */
export interface Migration {
  readonly version: number;
  /** The oldest version whose Meshlens may go on, and start, beside these tables; left out: this one. Kept from version 5 on. */
  readonly oldestReader?: number;
  up(db: Kysely<Tables>, kind: StoreKind): Promise<void>;
}

/** All steps by version, from 1 without a gap. */
export const migrations: readonly Migration[] = [
  { version: 1, up: firstTables },
  { version: 2, up: workloadTables },
  { version: 3, up: askedAnswers },
  { version: 4, up: rulerTables },
  { version: 5, up: copyTables },
  { version: 6, oldestReader: 5, up: shardTakers },
];

/** The version this Meshlens writes. */
export const newestVersion = migrations.length;

async function firstTables(db: Kysely<Tables>, kind: StoreKind): Promise<void> {
  const isSqlite = kind === "sqlite";
  const ms: ColumnDataType = isSqlite ? "integer" : "bigint";
  const bytes: ColumnDataType = isSqlite ? "blob" : "bytea";
  const numbered = (table: string, id = "id") =>
    db.schema.createTable(table).addColumn(id, isSqlite ? "integer" : "bigint", (column) =>
      // SQLite's AUTOINCREMENT and PostgreSQL's identity never hand out an id twice: packed blocks name series by it.
      isSqlite ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity(),
    );
  await numbered("sli_scope")
    .addColumn("name", "text", (column) => column.notNull().unique())
    .execute();
  await numbered("sli_series")
    .addColumn("scope_id", ms, (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("seen_ms", ms, (column) => column.notNull())
    .addUniqueConstraint("sli_series_key", ["scope_id", "key"])
    .execute();
  await db.schema
    .createTable("sli_block")
    .addColumn("scope_id", ms, (column) => column.notNull())
    .addColumn("start_ms", ms, (column) => column.notNull())
    .addColumn("step_ms", ms, (column) => column.notNull())
    .addColumn("bucket_count", "integer", (column) => column.notNull())
    .addColumn("payload", bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint("sli_block_key", ["scope_id", "start_ms"])
    .execute();
  await db.schema
    .createTable("sli_covered")
    .addColumn("scope_id", ms, (column) => column.notNull())
    .addColumn("from_ms", ms, (column) => column.notNull())
    .addColumn("to_ms", ms, (column) => column.notNull())
    .addPrimaryKeyConstraint("sli_covered_key", ["scope_id", "from_ms"])
    .execute();
  await db.schema
    .createTable("objective_state")
    .addColumn("objective_id", "text", (column) => column.primaryKey().notNull())
    .addColumn("seq", ms, (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("alert_transition")
    .addColumn("objective_id", "text", (column) => column.notNull())
    .addColumn("seq", ms, (column) => column.notNull())
    .addColumn("incident_id", "text")
    .addColumn("at_ms", ms, (column) => column.notNull())
    .addColumn("payload", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("alert_transition_key", ["objective_id", "seq"])
    .execute();
  await db.schema
    .createIndex("alert_transition_incident")
    .on("alert_transition")
    .columns(["incident_id", "seq"])
    .execute();
  // Ids are compared by code unit in both databases: pages must not follow the locale of a server.
  const byCodeUnit = isSqlite ? sql`text` : sql`text collate "C"`;
  await db.schema
    .createTable("incident")
    .addColumn("id", byCodeUnit, (column) => column.primaryKey().notNull())
    .addColumn("objective_id", "text", (column) => column.notNull())
    .addColumn("cluster", "text", (column) => column.notNull())
    .addColumn("namespace", "text", (column) => column.notNull())
    .addColumn("service", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("severity", "text", (column) => column.notNull())
    .addColumn("started_ms", ms, (column) => column.notNull())
    .addColumn("recovered_ms", ms)
    .addColumn("resolved_ms", ms)
    .addColumn("payload", "text", (column) => column.notNull())
    .addColumn("acknowledged_by", "text")
    .addColumn("acknowledged_ms", ms)
    .addColumn("silenced_by", "text")
    .addColumn("silenced_ms", ms)
    .addColumn("silenced_until_ms", ms)
    .execute();
  await db.schema.createIndex("incident_newest").on("incident").columns(["started_ms", "id"]).execute();
  await db.schema.createIndex("incident_objective").on("incident").columns(["objective_id", "started_ms"]).execute();
  await db.schema.createIndex("incident_resolved").on("incident").column("resolved_ms").execute();
  await db.schema
    .createTable("evidence")
    .addColumn("incident_id", "text", (column) => column.primaryKey().notNull())
    .addColumn("taken_ms", ms, (column) => column.notNull())
    .addColumn("payload", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("evaluation")
    .addColumn("name", "text", (column) => column.primaryKey().notNull())
    .addColumn("evaluated_ms", ms, (column) => column.notNull())
    .execute();
  await numbered("delivery", "position")
    .addColumn("id", "text", (column) => column.notNull().unique())
    .addColumn("incident_id", "text")
    .addColumn("channel", "text", (column) => column.notNull())
    .addColumn("lane", "text", (column) => column.notNull())
    .addColumn("coalesce_key", "text")
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("payload", "text", (column) => column.notNull())
    .addColumn("queued_ms", ms, (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("attempted_ms", ms)
    .addColumn("next_attempt_ms", ms, (column) => column.notNull())
    .addColumn("sent_ms", ms)
    .addColumn("receipt", "text", (column) => column.notNull())
    .addColumn("error", "text")
    .execute();
  await db.schema.createIndex("delivery_lane").on("delivery").columns(["lane", "position"]).execute();
  await db.schema.createIndex("delivery_incident").on("delivery").column("incident_id").execute();
  await db.schema.createIndex("delivery_due").on("delivery").columns(["state", "next_attempt_ms"]).execute();
}

async function workloadTables(db: Kysely<Tables>, kind: StoreKind): Promise<void> {
  await db.schema
    .createTable("workload_change")
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("at_ms", kind === "sqlite" ? "integer" : "bigint", (column) => column.notNull())
    .addColumn("payload", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("workload_change_key", ["source", "id"])
    .execute();
  await db.schema.createIndex("workload_change_newest").on("workload_change").columns(["source", "at_ms"]).execute();
  await db.schema
    .createTable("workload_object")
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("payload", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("workload_object_key", ["source", "key"])
    .execute();
}

async function askedAnswers(db: Kysely<Tables>, kind: StoreKind): Promise<void> {
  await db.schema
    .createTable("asked_answer")
    .addColumn("source_group", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("query", "text", (column) => column.notNull())
    .addColumn("at_ms", kind === "sqlite" ? "integer" : "bigint", (column) => column.notNull())
    .addColumn("value", "text")
    .addPrimaryKeyConstraint("asked_answer_key", ["source_group", "key"])
    .execute();
}

async function rulerTables(db: Kysely<Tables>, kind: StoreKind): Promise<void> {
  const ms: ColumnDataType = kind === "sqlite" ? "integer" : "bigint";
  await db.schema
    .createTable("ruler_alert")
    .addColumn("key", "text", (column) => column.primaryKey().notNull())
    .addColumn("starts_ms", ms, (column) => column.notNull())
    .addColumn("ends_ms", ms)
    .addColumn("heard_ms", ms, (column) => column.notNull())
    .addColumn("is_new", "integer", (column) => column.notNull())
    .addColumn("payload", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("ruler_silence")
    .addColumn("incident_id", "text", (column) => column.primaryKey().notNull())
    .addColumn("silence_id", "text", (column) => column.notNull())
    .execute();
}

async function copyTables(db: Kysely<Tables>, kind: StoreKind): Promise<void> {
  const ms: ColumnDataType = kind === "sqlite" ? "integer" : "bigint";
  await db.schema.alterTable("schema_version").addColumn("oldest_reader", "integer").execute();
  await db.schema
    .createTable("lease")
    .addColumn("name", "text", (column) => column.primaryKey().notNull())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("epoch", ms, (column) => column.notNull())
    .addColumn("until_ms", ms, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("copy")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("version", "text", (column) => column.notNull())
    .addColumn("schema_version", "integer", (column) => column.notNull())
    .addColumn("until_ms", ms, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("errand")
    .addColumn("position", ms, (column) =>
      kind === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity(),
    )
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("incident_id", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("shared_page")
    .addColumn("name", "text", (column) => column.primaryKey().notNull())
    .addColumn("at_ms", ms, (column) => column.notNull())
    .addColumn("payload", kind === "sqlite" ? "blob" : "bytea", (column) => column.notNull())
    .execute();
}

/** A copy of before says nothing: it takes none. */
async function shardTakers(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .alterTable("copy")
    .addColumn("takes_shards", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
}
