/** The outbox in the database. Made by `openStore`. */
import { type Kysely, sql, type UpdateObject } from "kysely";
import type { Database } from "./database.js";
import { enqueueRows, storedDelivery, waiting } from "./delivery-rows.js";
import { inChunks } from "./in-chunks.js";
import { encodeJson } from "./json-text.js";
import { tellNews } from "./news.js";
import {
  type DeliveryOutcome,
  type DeliveryState,
  deliveryStates,
  type OutboxStore,
  type StoredDelivery,
} from "./outbox-store.js";
import type { Tables } from "./tables.js";

/** The repository over a database. */
export function createOutboxRepository(database: Database): OutboxStore {
  const byColumn = (column: "id" | "incident_id" | "lane", values: readonly string[]) =>
    database.read(async (db) => {
      const found: StoredDelivery[] = [];
      for (const chunk of inChunks([...new Set(values)])) {
        const rows = await db
          .selectFrom("delivery")
          .selectAll()
          .where(column, "in", chunk)
          .orderBy("position")
          .execute();
        found.push(...rows.map(storedDelivery));
      }
      return found;
    });
  /** Changes one delivery if it is in one of these states. */
  const change = (id: string, from: readonly DeliveryState[], values: UpdateObject<Tables, "delivery">) =>
    database.write((db) => changeRow(db, id, from, values));
  return {
    enqueue: (deliveries) => database.write((db) => enqueueRows(db, deliveries)),
    due: (nowMs, limit) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom("delivery as mine")
          .selectAll()
          .where("state", "in", waiting)
          .where("next_attempt_ms", "<=", nowMs)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom("delivery as earlier")
                  .select("earlier.id")
                  .whereRef("earlier.lane", "=", "mine.lane")
                  .whereRef("earlier.position", "<", "mine.position")
                  .where("earlier.state", "in", [...waiting, "SENDING"]),
              ),
            ),
          )
          .orderBy("position")
          .limit(limit)
          .execute();
        return rows.map(storedDelivery);
      }),
    nextDueMs: (nowMs) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom("delivery")
          .select((select) => select.fn.min("next_attempt_ms").as("ms"))
          .where("state", "in", waiting)
          .where("next_attempt_ms", ">", nowMs)
          .executeTakeFirst();
        return row?.ms ?? null;
      }),
    begin: (id, nowMs) => change(id, waiting, { state: "SENDING", attempted_ms: nowMs, attempts: sql`attempts + 1` }),
    settle: (id, outcome) => change(id, ["SENDING"], settled(outcome)),
    recover: (nowMs, underWayMs = 0) =>
      database.write(async (db) => {
        const error = "Meshlens stopped during the attempt.";
        const cut = db.updateTable("delivery").where("state", "=", "SENDING");
        const byThen = nowMs - underWayMs;
        const [young, old] = [
          await cut
            .where("attempted_ms", ">", byThen)
            .set((row) => ({
              state: "AMBIGUOUS",
              next_attempt_ms: sql`${row.ref("attempted_ms")} + ${underWayMs}`,
              error,
            }))
            .executeTakeFirst(),
          await cut.set({ state: "AMBIGUOUS", next_attempt_ms: nowMs, error }).executeTakeFirst(),
        ];
        return Number(young.numUpdatedRows + old.numUpdatedRows);
      }),
    async retry(id, nowMs) {
      const isDone = await database.write(async (db) => {
        const values = { state: "QUEUED", next_attempt_ms: nowMs, error: null } as const;
        const isChanged = await changeRow(db, id, ["DEAD"], values);
        if (isChanged) await tellNews(db, database, { kind: "outbox", ids: null });
        return isChanged;
      });
      return isDone ? ((await byColumn("id", [id]))[0] ?? null) : null;
    },
    async byId(ids) {
      const found = new Map((await byColumn("id", ids)).map((one) => [one.id, one]));
      return ids.map((id) => found.get(id) ?? null);
    },
    async deliveriesOf(incidentIds) {
      const found = await byColumn("incident_id", incidentIds);
      return incidentIds.map((id) => found.filter(({ incidentId }) => incidentId === id));
    },
    ofLane: (lane) => byColumn("lane", [lane]),
    newest: (states, limit) =>
      database.read(async (db) => {
        const query = db.selectFrom("delivery").selectAll().where("state", "in", states);
        const rows = states.length === 0 ? [] : await query.orderBy("position", "desc").limit(limit).execute();
        return rows.map(storedDelivery);
      }),
    ofNoIncident: (sinceMs) =>
      database.read(async (db) => {
        const query = db.selectFrom("delivery").selectAll().where("incident_id", "is", null);
        const rows = await query.where("queued_ms", ">=", sinceMs).orderBy("position").execute();
        return rows.map(storedDelivery);
      }),
    counts: () =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom("delivery")
          .select((select) => ["state" as const, select.fn.countAll<number>().as("count")])
          .groupBy("state")
          .execute();
        const counted = new Map(rows.map(({ state, count }) => [state, count]));
        const [QUEUED = 0, SENDING = 0, SENT = 0, AMBIGUOUS = 0, FAILED = 0, DEAD = 0] = deliveryStates.map((state) =>
          counted.get(state),
        );
        return { QUEUED, SENDING, SENT, AMBIGUOUS, FAILED, DEAD };
      }),
    prune: (beforeMs) =>
      database.write(async (db) => {
        const result = await db
          .deleteFrom("delivery")
          .where("state", "in", ["SENT", "DEAD"])
          .where("queued_ms", "<", beforeMs)
          .executeTakeFirst();
        return Number(result.numDeletedRows);
      }),
  };
}

async function changeRow(
  db: Kysely<Tables>,
  id: string,
  from: readonly DeliveryState[],
  values: UpdateObject<Tables, "delivery">,
): Promise<boolean> {
  const query = db.updateTable("delivery").set(values).where("id", "=", id).where("state", "in", from);
  return (await query.executeTakeFirst()).numUpdatedRows > 0n;
}

function settled(outcome: DeliveryOutcome): UpdateObject<Tables, "delivery"> {
  switch (outcome.state) {
    case "SENT":
      return { state: outcome.state, sent_ms: outcome.atMs, receipt: encodeJson(outcome.receipt), error: null };
    case "DEAD":
      return { state: outcome.state, error: outcome.error };
    default:
      return { state: outcome.state, next_attempt_ms: outcome.nextAttemptMs, error: outcome.error };
  }
}
