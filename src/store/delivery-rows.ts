/** Deliveries between their rows and their records. Called by the outbox, and by an evaluation's transaction. */
import type { Kysely, Selectable } from "kysely";
import { inChunks } from "./in-chunks.js";
import { decodeJson, encodeJson } from "./json-text.js";
import type { DeliveryState, NewDelivery, StoredDelivery } from "./outbox-store.js";
import type { DeliveryRow, Tables } from "./tables.js";

/** States in which a delivery waits for an attempt. */
export const waiting = ["QUEUED", "FAILED", "AMBIGUOUS"] as const satisfies readonly DeliveryState[];

/** Puts deliveries in, in their order; waiting ones that a newer one makes pointless go. An ambiguous one stays: it may have arrived. */
export async function enqueueRows(db: Kysely<Tables>, deliveries: readonly NewDelivery[]): Promise<void> {
  const known = new Set<string>();
  for (const chunk of inChunks(deliveries)) {
    const ids = chunk.map(({ id }) => id);
    const rows = await db.selectFrom("delivery").select("id").where("id", "in", ids).execute();
    for (const { id } of rows) known.add(id);
  }
  for (const delivery of deliveries) {
    if (known.has(delivery.id)) continue;
    known.add(delivery.id);
    if (delivery.coalesceKey !== null) {
      await db
        .deleteFrom("delivery")
        .where("lane", "=", delivery.lane)
        .where("coalesce_key", "=", delivery.coalesceKey)
        .where("state", "in", ["QUEUED", "FAILED"])
        .execute();
    }
    await db
      .insertInto("delivery")
      .values({
        id: delivery.id,
        incident_id: delivery.incidentId,
        channel: delivery.channel,
        lane: delivery.lane,
        coalesce_key: delivery.coalesceKey,
        state: "QUEUED",
        payload: encodeJson(delivery.payload),
        queued_ms: delivery.queuedAtMs,
        attempts: 0,
        attempted_ms: null,
        next_attempt_ms: delivery.queuedAtMs,
        sent_ms: null,
        receipt: encodeJson(null),
        error: null,
      })
      .execute();
  }
}

/** The delivery of a row. */
export function storedDelivery(row: Selectable<DeliveryRow>): StoredDelivery {
  return {
    id: row.id,
    incidentId: row.incident_id,
    channel: row.channel,
    lane: row.lane,
    coalesceKey: row.coalesce_key,
    queuedAtMs: row.queued_ms,
    payload: decodeJson(row.payload),
    state: row.state,
    attempts: row.attempts,
    attemptedAtMs: row.attempted_ms,
    nextAttemptMs: row.next_attempt_ms,
    sentAtMs: row.sent_ms,
    receipt: decodeJson(row.receipt),
    error: row.error,
  };
}
