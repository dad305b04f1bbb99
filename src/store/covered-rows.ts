/** Rows that say for which time counts are stored. Called by the repository of SLI counts and by compaction. */
import type { Kysely } from "kysely";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { Tables } from "./tables.js";
import { unionWindows } from "./windows.js";

/** All windows of a scope, sorted and disjoint. */
export function readCovered(db: Kysely<Tables>, scopeId: number): Promise<TimeWindow[]> {
  return db
    .selectFrom("sli_covered")
    .select(["from_ms as fromMs", "to_ms as toMs"])
    .where("scope_id", "=", scopeId)
    .orderBy("from_ms")
    .execute();
}

/** Adds a window; what was covered near it before comes back. */
export async function addCovered(
  db: Kysely<Tables>,
  scopeId: number,
  added: TimeWindow,
): Promise<readonly TimeWindow[]> {
  const before = await db
    .selectFrom("sli_covered")
    .select(["from_ms as fromMs", "to_ms as toMs"])
    .where("scope_id", "=", scopeId)
    .where("from_ms", "<=", added.toMs)
    .where("to_ms", ">=", added.fromMs)
    .orderBy("from_ms")
    .execute();
  if (before.some(({ fromMs, toMs }) => fromMs <= added.fromMs && toMs >= added.toMs)) return before;
  await db
    .deleteFrom("sli_covered")
    .where("scope_id", "=", scopeId)
    .where("from_ms", "<=", added.toMs)
    .where("to_ms", ">=", added.fromMs)
    .execute();
  const rows = unionWindows([...before, added]);
  await db
    .insertInto("sli_covered")
    .values(rows.map(({ fromMs, toMs }) => ({ scope_id: scopeId, from_ms: fromMs, to_ms: toMs })))
    .execute();
  return before;
}

/** Forgets that anything before an instant was covered. */
export async function cutCovered(db: Kysely<Tables>, scopeId: number, beforeMs: number): Promise<void> {
  const cut = await db
    .selectFrom("sli_covered")
    .select("to_ms")
    .where("scope_id", "=", scopeId)
    .where("from_ms", "<", beforeMs)
    .where("to_ms", ">", beforeMs)
    .executeTakeFirst();
  await db.deleteFrom("sli_covered").where("scope_id", "=", scopeId).where("from_ms", "<", beforeMs).execute();
  if (cut === undefined) return;
  await db.insertInto("sli_covered").values({ scope_id: scopeId, from_ms: beforeMs, to_ms: cut.to_ms }).execute();
}
