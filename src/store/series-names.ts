/** Numbers for scopes and series, kept in memory once known; packed blocks name series by them. Called by the repository of SLI counts. */
import type { Kysely } from "kysely";
import { inChunks } from "./in-chunks.js";
import type { Tables } from "./tables.js";

/** The series of one scope as far as this process knows them. */
export interface ScopeSeries {
  readonly id: number;
  readonly idOf: Map<string, number>;
  readonly keyOf: Map<number, string>;
  /** When each was last said to be in use, by id. */
  readonly seenMs: Map<number, number>;
}

const dayMs = 86_400_000;

/** Keys are made with U+0000 between their parts, which neither database's text can hold. */
function toColumn(key: string): string {
  return key.replaceAll("\\", "\\\\").replaceAll("\u0000", "\\0");
}

function fromColumn(text: string): string {
  return text.replace(/\\(.)/gs, (_, escaped: string) => (escaped === "0" ? "\u0000" : escaped));
}

/** All scopes with their series. */
export async function loadSeries(db: Kysely<Tables>): Promise<Map<string, ScopeSeries>> {
  const scopes = new Map<number, ScopeSeries>();
  const byName = new Map<string, ScopeSeries>();
  for (const { id, name } of await db.selectFrom("sli_scope").selectAll().execute()) {
    const scope = emptyScope(id);
    scopes.set(id, scope);
    byName.set(fromColumn(name), scope);
  }
  for (const row of await db.selectFrom("sli_series").selectAll().execute()) {
    const scope = scopes.get(row.scope_id);
    if (scope !== undefined) remember(scope, { ...row, key: fromColumn(row.key) });
  }
  return byName;
}

/** Higher with every series that is new; 0 before the first. */
export async function newestSeriesId(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom("sli_series")
    .select((select) => select.fn.max("id").as("id"))
    .executeTakeFirst();
  return row?.id ?? 0;
}

/** The number of a scope, made when it is new. */
export async function ensureScope(db: Kysely<Tables>, name: string): Promise<ScopeSeries> {
  const column = toColumn(name);
  await db
    .insertInto("sli_scope")
    .values({ name: column })
    .onConflict((on) => on.column("name").doNothing())
    .execute();
  const row = await db.selectFrom("sli_scope").selectAll().where("name", "=", column).executeTakeFirst();
  if (row === undefined) throw new Error("A scope that was just written is not there.");
  const scope = emptyScope(row.id);
  const rows = await db.selectFrom("sli_series").selectAll().where("scope_id", "=", row.id).execute();
  for (const series of rows) remember(scope, { ...series, key: fromColumn(series.key) });
  return scope;
}

/**
 * Numbers for the keys a scope does not know yet, and a note that the known ones are in use, once a day.
 * Nothing is remembered in memory: the transaction may still fail.
 */
export async function numberSeries(
  db: Kysely<Tables>,
  scope: ScopeSeries,
  keys: readonly string[],
  seenMs: number,
): Promise<ReadonlyMap<string, number>> {
  const unknown = keys.filter((key) => !scope.idOf.has(key));
  const numbered = new Map<string, number>();
  for (const chunk of inChunks(unknown.map(toColumn))) {
    const values = chunk.map((key) => ({ scope_id: scope.id, key, seen_ms: seenMs }));
    await db
      .insertInto("sli_series")
      .values(values)
      .onConflict((on) => on.columns(["scope_id", "key"]).doNothing())
      .execute();
    const rows = await db
      .selectFrom("sli_series")
      .select(["id", "key"])
      .where("scope_id", "=", scope.id)
      .where("key", "in", chunk)
      .execute();
    for (const { id, key } of rows) numbered.set(fromColumn(key), id);
  }
  return numbered;
}

/** Writes that series are in use, for those of which it was not written within a day; says which they were. */
export async function markSeen(
  db: Kysely<Tables>,
  scope: ScopeSeries,
  keys: readonly string[],
  seenMs: number,
): Promise<readonly number[]> {
  const stale = keys.flatMap((key) => {
    const id = scope.idOf.get(key);
    return id !== undefined && seenMs - (scope.seenMs.get(id) ?? 0) >= dayMs ? [id] : [];
  });
  for (const chunk of inChunks(stale)) {
    await db.updateTable("sli_series").set({ seen_ms: seenMs }).where("id", "in", chunk).execute();
  }
  return stale;
}

/** Takes a row into memory. */
export function remember(scope: ScopeSeries, { id, key, seen_ms }: { id: number; key: string; seen_ms: number }): void {
  scope.idOf.set(key, id);
  scope.keyOf.set(id, key);
  scope.seenMs.set(id, seen_ms);
}

function emptyScope(id: number): ScopeSeries {
  return { id, idOf: new Map(), keyOf: new Map(), seenMs: new Map() };
}
