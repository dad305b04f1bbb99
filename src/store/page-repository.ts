/** Shared pages in the database. Made by `openStore`. */
import type { Kysely } from "kysely";
import type { Database } from "./database.js";
import { tellNews } from "./news.js";
import type { PageStore, SharedPage } from "./page-store.js";
import { asBytes, type Tables } from "./tables.js";

/** The repository over a database. */
export function createPageRepository(database: Database): PageStore {
  return {
    save: (pages, incidents) =>
      database.write(async (db) => {
        await put(db, pages);
        await tellNews(db, database, { kind: "evaluated", ids: null });
        await tellNews(db, database, { kind: "incidents", ids: incidents });
      }),
    post: (pages, kind) =>
      database.write(async (db) => {
        await put(db, pages);
        await tellNews(db, database, { kind, ids: [...pages.keys()] });
      }),
    load: (name, knownMs) =>
      database.read(async (db) => {
        let query = db.selectFrom("shared_page").selectAll().where("name", "=", name);
        if (knownMs !== null) query = query.where("at_ms", "!=", knownMs);
        const row = await query.executeTakeFirst();
        return row === undefined ? null : { atMs: row.at_ms, bytes: asBytes(row.payload) };
      }),
  };
}

async function put(db: Kysely<Tables>, pages: ReadonlyMap<string, SharedPage>): Promise<void> {
  for (const [name, { atMs, bytes }] of pages) {
    const content = { at_ms: atMs, payload: Buffer.from(bytes) };
    await db
      .insertInto("shared_page")
      .values({ name, ...content })
      .onConflict((on) => on.column("name").doUpdateSet(content))
      .execute();
  }
}
