/** Errands in the database. Made by `openStore`. */
import type { Database } from "./database.js";
import type { ErrandKind, ErrandStore } from "./errand-store.js";
import { tellNews } from "./news.js";

const kinds: readonly ErrandKind[] = ["TELL", "GATHER"];
const atOnce = 500;

/** The repository over a database. */
export function createErrandRepository(database: Database): ErrandStore {
  return {
    ask: ({ kind, incidentId }) =>
      database.write(async (db) => {
        await db.insertInto("errand").values({ kind, incident_id: incidentId }).execute();
        await tellNews(db, database, { kind: "errands", ids: null });
      }),
    waiting: () =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom("errand")
          .selectAll()
          .where("kind", "in", kinds)
          .orderBy("position")
          .limit(atOnce)
          .execute();
        return rows.flatMap(({ position, kind, incident_id }) => {
          const known = kinds.find((one) => one === kind);
          return known === undefined ? [] : [{ number: position, kind: known, incidentId: incident_id }];
        });
      }),
    done: (number) =>
      database.write(async (db) => {
        await db.deleteFrom("errand").where("position", "=", number).execute();
      }),
  };
}
