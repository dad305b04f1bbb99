/** Changes and objects of sources in the database. Made by `openStore`. */
import type { ChangeStore } from "./change-store.js";
import type { Database } from "./database.js";
import { inChunks } from "./in-chunks.js";
import { decodeJson, encodeJson } from "./json-text.js";

/** The repository over a database. */
export function createChangeRepository(database: Database): ChangeStore {
  return {
    load: (source, newest) =>
      database.read(async (db) => {
        const changes = await db
          .selectFrom("workload_change")
          .selectAll()
          .where("source", "=", source)
          .orderBy("at_ms", "desc")
          .orderBy("id", "desc")
          .limit(newest)
          .execute();
        const objects = await db
          .selectFrom("workload_object")
          .selectAll()
          .where("source", "=", source)
          .orderBy("key")
          .execute();
        return {
          changes: changes
            .reverse()
            .map(({ id, at_ms, payload }) => ({ id, atMs: at_ms, payload: decodeJson(payload) })),
          objects: objects.map(({ key, payload }) => ({ key, payload: decodeJson(payload) })),
        };
      }),
    save: (source, { changes, objects, gone }) =>
      database.write(async (db) => {
        for (const chunk of inChunks(changes))
          await db
            .insertInto("workload_change")
            .values(chunk.map(({ id, atMs, payload }) => ({ source, id, at_ms: atMs, payload: encodeJson(payload) })))
            .onConflict((on) =>
              on.columns(["source", "id"]).doUpdateSet(({ ref }) => ({
                at_ms: ref("excluded.at_ms"),
                payload: ref("excluded.payload"),
              })),
            )
            .execute();
        for (const chunk of inChunks(objects))
          await db
            .insertInto("workload_object")
            .values(chunk.map(({ key, payload }) => ({ source, key, payload: encodeJson(payload) })))
            .onConflict((on) =>
              on.columns(["source", "key"]).doUpdateSet(({ ref }) => ({ payload: ref("excluded.payload") })),
            )
            .execute();
        for (const chunk of inChunks(gone))
          await db.deleteFrom("workload_object").where("source", "=", source).where("key", "in", chunk).execute();
      }),
    prune: (beforeMs) =>
      database.write(async (db) => {
        const result = await db.deleteFrom("workload_change").where("at_ms", "<", beforeMs).executeTakeFirst();
        return Number(result.numDeletedRows);
      }),
  };
}
