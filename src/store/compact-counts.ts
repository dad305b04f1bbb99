/** Makes stored counts fewer and coarser with age, one slab of one scope at a time. Called by the repository of SLI counts. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely } from "kysely";
import { deleteRows, insertBlock, rowEndMs, selectRows, slabMs, slabOf, unpackRow } from "./block-rows.js";
import { cutCovered } from "./covered-rows.js";
import type { Database } from "./database.js";
import { createBlockJoin } from "./join-blocks.js";
import type { ScopeSeries } from "./series-names.js";
import type { CountTier } from "./sli-count-store.js";
import type { Tables } from "./tables.js";

/** One step of the work; `isDone` when nothing is left. */
export async function compactOne(
  database: Database,
  scopes: readonly ScopeSeries[],
  tiers: readonly CountTier[],
  nowMs: number,
): Promise<{ readonly isDone: boolean }> {
  const keepMs = tiers.at(-1)?.keepMs ?? 0;
  for (const scope of scopes) {
    if (await expire(database, scope, slabOf(nowMs - keepMs))) return { isDone: false };
    const rows = await database.read((db) => frames(db, scope.id, nowMs - (tiers[0]?.keepMs ?? 0)));
    const slab = dueSlab(rows, tiers, nowMs);
    if (slab !== null) {
      await joinSlab(database, scope, slab.startMs, slab.stepMs);
      return { isDone: false };
    }
  }
  return { isDone: true };
}

interface Frame {
  readonly start_ms: number;
  readonly step_ms: number;
}

function frames(db: Kysely<Tables>, scopeId: number, beforeMs: number): Promise<Frame[]> {
  return db
    .selectFrom("sli_block")
    .select(["start_ms", "step_ms"])
    .where("scope_id", "=", scopeId)
    .where("start_ms", "<", slabOf(beforeMs))
    .orderBy("start_ms")
    .execute();
}

/** The oldest slab that is in several rows, or in shorter steps than its age allows; the step to join it into. */
function dueSlab(
  rows: readonly Frame[],
  tiers: readonly CountTier[],
  nowMs: number,
): { readonly startMs: number; readonly stepMs: number } | null {
  const slabs = new Map<number, number[]>();
  for (const row of rows) {
    const startMs = slabOf(row.start_ms);
    const steps = slabs.get(startMs) ?? [];
    steps.push(row.step_ms);
    slabs.set(startMs, steps);
  }
  for (const [startMs, steps] of slabs) {
    const ageMs = nowMs - (startMs + slabMs);
    const tier = tiers.find(({ keepMs }) => ageMs < keepMs);
    const stepMs = Math.max(tier?.stepMs ?? 0, ...steps);
    if (steps.length > 1 || steps[0] !== stepMs) return { startMs, stepMs };
  }
  return null;
}

async function joinSlab(database: Database, scope: ScopeSeries, startMs: number, stepMs: number): Promise<void> {
  const rows = await database.read((db) => selectRows(db, scope.id, startMs, startMs + slabMs));
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return;
  const fromMs = Math.floor(first.start_ms / stepMs) * stepMs;
  const bucketCount = Math.ceil((rowEndMs(last) - fromMs) / stepMs);
  const join = createBlockJoin({ startMs: fromMs, stepMs, bucketCount });
  for (const row of rows) {
    join.add(unpackRow(row, (id) => scope.keyOf.get(id) ?? null));
    await nextTurn();
  }
  const joined = join.block();
  await database.write(async (db) => {
    await deleteRows(
      db,
      scope.id,
      rows.map((row) => row.start_ms),
    );
    await insertBlock(db, scope.id, joined, (key) => scope.idOf.get(key) as number);
  });
}

/** Deletes what lies before an instant, and series unseen since a day before it; whether there was anything. */
async function expire(database: Database, scope: ScopeSeries, beforeMs: number): Promise<boolean> {
  const unseen = [...scope.seenMs].filter(([, seenMs]) => seenMs <= beforeMs - slabMs * 3).map(([id]) => id);
  const gone = await database.write(async (db) => {
    const result = await db
      .deleteFrom("sli_block")
      .where("scope_id", "=", scope.id)
      .where("start_ms", "<", beforeMs)
      .executeTakeFirst();
    await cutCovered(db, scope.id, beforeMs);
    await db
      .deleteFrom("sli_series")
      .where("scope_id", "=", scope.id)
      .where("seen_ms", "<=", beforeMs - slabMs * 3)
      .execute();
    return Number(result.numDeletedRows);
  });
  for (const id of unseen) {
    scope.idOf.delete(scope.keyOf.get(id) as string);
    scope.keyOf.delete(id);
    scope.seenMs.delete(id);
  }
  return gone > 0;
}
