/** Alerts of Alertmanager and our silences there, in the database. Made by `openStore`. */
import type { Database } from "./database.js";
import { inChunks } from "./in-chunks.js";
import { decodeJson, encodeJson } from "./json-text.js";
import { tellNews } from "./news.js";
import type { RulerStore, StoredRulerAlert } from "./ruler-store.js";
import type { Tables } from "./tables.js";

/** The repository over a database. */
export function createRulerRepository(database: Database): RulerStore {
  return {
    hear: (alerts) =>
      database.write(async (db) => {
        for (const chunk of inChunks(alerts.map(rowOf))) {
          await db
            .insertInto("ruler_alert")
            .values(chunk)
            .onConflict((on) =>
              on.column("key").doUpdateSet((row) => ({
                starts_ms: row.ref("excluded.starts_ms"),
                ends_ms: row.ref("excluded.ends_ms"),
                heard_ms: row.ref("excluded.heard_ms"),
                is_new: row.ref("excluded.is_new"),
                payload: row.ref("excluded.payload"),
              })),
            )
            .execute();
        }
        await tellNews(db, database, { kind: "heard", ids: alerts.map(({ key }) => key) });
      }),
    load: ({ after, limit, sinceMs }) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom("ruler_alert")
          .selectAll()
          .where("key", ">", after ?? "")
          .where((builder) =>
            builder.or([builder("ends_ms", "is", null), builder("is_new", "=", 1), builder("heard_ms", ">=", sinceMs)]),
          )
          .orderBy("key")
          .limit(limit)
          .execute();
        return rows.map(alertOf);
      }),
    byKeys: (keys) =>
      database.read(async (db) => {
        const found: StoredRulerAlert[] = [];
        for (const chunk of inChunks(keys)) {
          const rows = await db.selectFrom("ruler_alert").selectAll().where("key", "in", chunk).execute();
          found.push(...rows.map(alertOf));
        }
        return found;
      }),
    prune: (beforeMs) =>
      database.write(async (db) => {
        const gone = await db
          .deleteFrom("ruler_alert")
          .where("ends_ms", "is not", null)
          .where("is_new", "=", 0)
          .where("heard_ms", "<", beforeMs)
          .executeTakeFirst();
        return Number(gone.numDeletedRows);
      }),
    keepSilence: (incidentId, silenceId) =>
      database.write(async (db) => {
        await db.deleteFrom("ruler_silence").where("incident_id", "=", incidentId).execute();
        if (silenceId === null) return;
        await db.insertInto("ruler_silence").values({ incident_id: incidentId, silence_id: silenceId }).execute();
      }),
    silences: () =>
      database.read(async (db) => {
        const rows = await db.selectFrom("ruler_silence").selectAll().execute();
        return new Map(rows.map((row) => [row.incident_id, row.silence_id]));
      }),
  };
}

function alertOf(row: Tables["ruler_alert"]): StoredRulerAlert {
  return {
    key: row.key,
    startsAtMs: row.starts_ms,
    endsAtMs: row.ends_ms,
    heardAtMs: row.heard_ms,
    isNew: row.is_new === 1,
    payload: decodeJson(row.payload),
  };
}

function rowOf({ key, startsAtMs, endsAtMs, heardAtMs, isNew, payload }: StoredRulerAlert) {
  return {
    key,
    starts_ms: startsAtMs,
    ends_ms: endsAtMs,
    heard_ms: heardAtMs,
    is_new: isNew ? 1 : 0,
    payload: encodeJson(payload),
  };
}
