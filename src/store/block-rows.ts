/** Rows of packed blocks. No block crosses a multiple of `slabMs`, so that what overlaps is found by its start. Called by the repository. */
import type { Kysely } from "kysely";
import { packBlock, type RoomFor, unpackBlock } from "./block-codec.js";
import { blockEndMs, type CountBlock } from "./count-block.js";
import { inChunks } from "./in-chunks.js";
import { asBytes, type StoredBytes, type Tables } from "./tables.js";

/** Blocks are joined up to this long, and cut where it ends. Every step must divide it. */
export const slabMs = 8 * 3_600_000;

/** A row, still packed. */
export interface PackedRow {
  readonly start_ms: number;
  readonly step_ms: number;
  readonly bucket_count: number;
  readonly payload: StoredBytes;
}

/** Start of the slab that holds an instant after it. */
export function slabOf(ms: number): number {
  return Math.floor(ms / slabMs) * slabMs;
}

/** The rows of slabs [fromMs, toMs), oldest first. */
export function selectRows(db: Kysely<Tables>, scopeId: number, fromMs: number, toMs: number): Promise<PackedRow[]> {
  return db
    .selectFrom("sli_block")
    .select(["start_ms", "step_ms", "bucket_count", "payload"])
    .where("scope_id", "=", scopeId)
    .where("start_ms", ">=", fromMs)
    .where("start_ms", "<", toMs)
    .orderBy("start_ms")
    .execute();
}

/** Deletes rows by their starts. */
export async function deleteRows(db: Kysely<Tables>, scopeId: number, starts: readonly number[]): Promise<void> {
  for (const chunk of inChunks(starts)) {
    await db.deleteFrom("sli_block").where("scope_id", "=", scopeId).where("start_ms", "in", chunk).execute();
  }
}

/** Packs and writes one block; a row of the same start is replaced. */
export async function insertBlock(
  db: Kysely<Tables>,
  scopeId: number,
  block: CountBlock,
  idOf: (key: string) => number,
): Promise<void> {
  const payload = packBlock(block, idOf);
  const { startMs, stepMs, bucketCount } = block;
  await db
    .insertInto("sli_block")
    .values({ scope_id: scopeId, start_ms: startMs, step_ms: stepMs, bucket_count: bucketCount, payload })
    .onConflict((on) =>
      on.columns(["scope_id", "start_ms"]).doUpdateSet({ step_ms: stepMs, bucket_count: bucketCount, payload }),
    )
    .execute();
}

/** The frame of a row. */
export function frameOf(row: Pick<PackedRow, "start_ms" | "step_ms" | "bucket_count">) {
  return { startMs: row.start_ms, stepMs: row.step_ms, bucketCount: row.bucket_count };
}

/** End of a row's last bucket. */
export function rowEndMs(row: PackedRow): number {
  return blockEndMs(frameOf(row));
}

/** Unpacks a row; ids that are unknown (their series was given up) are left out. */
export function unpackRow(row: PackedRow, keyOf: (id: number) => string | null, roomFor?: RoomFor): CountBlock {
  return unpackBlock(frameOf(row), asBytes(row.payload), keyOf, roomFor);
}
