/** Shared pages in the database. Made by `openStore`. */
import type { Database } from "./database.js";
import { tellNews } from "./news.js";
import type { PageStore } from "./page-store.js";
import { asBytes } from "./tables.js";

/** The repository over a database. */
export function createPageRepository(database: Database): PageStore {
  return {
    save: (pages, incidents) =>
      database.write(async (db) => {
        for (const [name, { atMs, bytes }] of pages) {
          const content = { at_ms: atMs, payload: Buffer.from(bytes) };
          await db
            .insertInto("shared_page")
            .values({ name, ...content })
            .onConflict((on) => on.column("name").doUpdateSet(content))
            .execute();
        }
        await tellNews(db, database, { kind: "evaluated", ids: null });
        await tellNews(db, database, { kind: "incidents", ids: incidents });
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
