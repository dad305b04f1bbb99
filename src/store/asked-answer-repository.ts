/** Answers to users' queries in the database. Made by `openStore`. */
import type { AskedAnswerStore, StoredAnswer } from "./asked-answer-store.js";
import type { Database } from "./database.js";
import { inChunks } from "./in-chunks.js";

/** The repository over a database. */
export function createAskedAnswerRepository(database: Database): AskedAnswerStore {
  return {
    load: (sinceMs) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom("asked_answer")
          .selectAll()
          .where("at_ms", ">=", sinceMs)
          .orderBy("source_group")
          .orderBy("key")
          .execute();
        return rows.map(({ source_group, key, query, at_ms, value }) => ({
          group: source_group,
          key,
          query,
          atMs: at_ms,
          value: readValue(value),
        }));
      }),
    save: (answers) =>
      database.write(async (db) => {
        for (const chunk of inChunks(answers))
          await db
            .insertInto("asked_answer")
            .values(
              chunk.map(({ group, key, query, atMs, value }) => ({
                source_group: group,
                key,
                query,
                at_ms: atMs,
                // As text: neither database has the same number for each of NaN and the infinities.
                value: value === null ? null : String(value),
              })),
            )
            .onConflict((on) =>
              on.columns(["source_group", "key"]).doUpdateSet(({ ref }) => ({
                query: ref("excluded.query"),
                at_ms: ref("excluded.at_ms"),
                value: ref("excluded.value"),
              })),
            )
            .execute();
      }),
    prune: (beforeMs) =>
      database.write(async (db) => {
        const result = await db.deleteFrom("asked_answer").where("at_ms", "<", beforeMs).executeTakeFirst();
        return Number(result.numDeletedRows);
      }),
  };
}

function readValue(text: string | null): StoredAnswer["value"] {
  return text === null || text === "NaN" ? text : Number(text);
}
