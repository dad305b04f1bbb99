/** The stored SLI counts: one row per scope and cycle at first, joined into rows of up to eight hours with age. Made by `openStore`. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely } from "kysely";
import { MeshlensError } from "../errors.js";
import { createSharedRoom } from "./block-codec.js";
import {
  deleteRows,
  insertBlock,
  type PackedRow,
  rowEndMs,
  selectRows,
  slabMs,
  slabOf,
  unpackRow,
} from "./block-rows.js";
import { compactOne } from "./compact-counts.js";
import { blockEndMs, type CountBlock } from "./count-block.js";
import { addCovered, readCovered } from "./covered-rows.js";
import type { Database } from "./database.js";
import { cutAtMultiples } from "./join-blocks.js";
import { layOver } from "./lay-over.js";
import {
  ensureScope,
  loadSeries,
  markSeen,
  newestSeriesId,
  numberSeries,
  remember,
  type ScopeSeries,
} from "./series-names.js";
import type { CountTier, ScopedBlock, SliCountStore } from "./sli-count-store.js";
import type { Tables } from "./tables.js";

/** The repository over a database; `tiers` from the shortest step to the longest. */
export function createSliCountRepository(database: Database, tiers: readonly CountTier[]): SliCountStore {
  let known: Promise<Map<string, ScopeSeries>> | null = null;
  const scopes = () => {
    known ??= database.read(loadSeries).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
  /** For reading: of a shared database others number series too. */
  let seen: { readonly all: Map<string, ScopeSeries>; readonly newestId: number } | null = null;
  async function readable(): Promise<ReadonlyMap<string, ScopeSeries>> {
    if (database.kind === "sqlite") return scopes();
    const newestId = await database.read(newestSeriesId);
    if (seen?.newestId !== newestId) seen = { newestId, all: await database.read(loadSeries) };
    return seen.all;
  }
  // One change at a time: compaction reads, joins for a while and writes, and nothing may come between.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work, work);
    last = run.catch(() => {});
    return run;
  };
  return {
    append: (blocks) => inTurn(() => append(database, scopes, blocks)),
    async *read({ scope, window, keys, sharesValues = false }) {
      const roomFor = sharesValues ? createSharedRoom() : undefined;
      const all = await readable();
      const names = scope === undefined ? [...all.keys()].sort() : all.has(scope) ? [scope] : [];
      for (const name of names) {
        const series = all.get(name) as ScopeSeries;
        const keyOf = (id: number) => {
          const key = series.keyOf.get(id);
          return key !== undefined && (keys === undefined || keys.has(key)) ? key : null;
        };
        // A slab at a time: compaction joins within one only, so a reader never meets half of its work.
        for await (const slab of slabsOf(database, series.id, window.fromMs, window.toMs)) {
          for (const row of await database.read((db) => selectRows(db, series.id, slab, slab + slabMs))) {
            if (rowEndMs(row) <= window.fromMs || row.start_ms >= window.toMs) continue;
            yield { scope: name, block: unpackRow(row, keyOf, roomFor) };
            await nextTurn();
          }
        }
      }
    },
    async covered(scope) {
      const series = (await scopes()).get(scope);
      return series === undefined ? [] : database.read((db) => readCovered(db, series.id));
    },
    scopes: async () => [...(await scopes()).keys()].sort(),
    compact: (nowMs, isOurs = () => true) =>
      inTurn(async () => {
        const ours = [...(await scopes())].flatMap(([name, series]) => (isOurs(name) ? [series] : []));
        return compactOne(database, ours, tiers, nowMs);
      }),
    drop: (scope) =>
      inTurn(async () => {
        const all = await scopes();
        const series = all.get(scope);
        if (series === undefined) return;
        await database.write(async (db) => {
          for (const table of ["sli_block", "sli_covered", "sli_series"] as const) {
            await db.deleteFrom(table).where("scope_id", "=", series.id).execute();
          }
          await db.deleteFrom("sli_scope").where("id", "=", series.id).execute();
        });
        all.delete(scope);
      }),
  };
}

/** Starts of the slabs that hold rows in a window. */
async function* slabsOf(database: Database, scopeId: number, fromMs: number, toMs: number): AsyncIterable<number> {
  for (let slab = slabOf(fromMs); ; slab += slabMs) {
    const after = slab;
    const next = await database.read((db) =>
      db
        .selectFrom("sli_block")
        .select("start_ms")
        .where("scope_id", "=", scopeId)
        .where("start_ms", ">=", after)
        .where("start_ms", "<", toMs)
        .orderBy("start_ms")
        .limit(1)
        .executeTakeFirst(),
    );
    if (next === undefined) return;
    slab = slabOf(next.start_ms);
    yield slab;
  }
}

async function append(
  database: Database,
  scopes: () => Promise<Map<string, ScopeSeries>>,
  blocks: readonly ScopedBlock[],
): Promise<void> {
  for (const { block } of blocks) refuseMalformed(block);
  const all = await scopes();
  const afterwards = await database.write(async (db) => {
    // What memory may know only once the transaction has held.
    const learned: (() => void)[] = [];
    const made = new Map<string, ScopeSeries>();
    for (const { scope: name, block } of blocks) {
      const scope = all.get(name) ?? made.get(name) ?? (await ensureScope(db, name));
      if (!all.has(name)) made.set(name, scope);
      const endMs = blockEndMs(block);
      const fresh = await numberSeries(db, scope, block.keys, endMs);
      const seen = await markSeen(db, scope, block.keys, endMs);
      learned.push(() => {
        all.set(name, scope);
        for (const [key, id] of fresh) remember(scope, { id, key, seen_ms: endMs });
        for (const id of seen) scope.seenMs.set(id, endMs);
      });
      const idOf = (key: string) => (scope.idOf.get(key) ?? fresh.get(key)) as number;
      const keys = new Map([...fresh].map(([key, id]) => [id, key]));
      const keyOf = (id: number) => scope.keyOf.get(id) ?? keys.get(id) ?? null;
      const covered = await addCovered(db, scope.id, { fromMs: block.startMs, toMs: endMs });
      for (const piece of cutAtMultiples(block, slabMs)) {
        const slab = slabOf(piece.startMs);
        const overlapping = await overlappingRows(db, scope.id, slab, piece);
        const stored = overlapping.map((row) => unpackRow(row, keyOf));
        await deleteRows(
          db,
          scope.id,
          overlapping.map((row) => row.start_ms),
        );
        for (const part of layOver(stored, piece, covered)) await insertBlock(db, scope.id, part, idOf);
      }
    }
    return learned;
  });
  for (const learn of afterwards) learn();
}

/** Blocks never overlap, so of those that begin before the piece only the last one can reach into it. */
async function overlappingRows(
  db: Kysely<Tables>,
  scopeId: number,
  slab: number,
  piece: CountBlock,
): Promise<readonly PackedRow[]> {
  const before = await db
    .selectFrom("sli_block")
    .select((select) => select.fn.max("start_ms").as("ms"))
    .where("scope_id", "=", scopeId)
    .where("start_ms", ">=", slab)
    .where("start_ms", "<=", piece.startMs)
    .executeTakeFirst();
  const rows = await selectRows(db, scopeId, before?.ms ?? piece.startMs, blockEndMs(piece));
  return rows.filter((row) => rowEndMs(row) > piece.startMs);
}

function refuseMalformed({ startMs, stepMs, bucketCount, counters, keys, values }: CountBlock): void {
  const isFramed = stepMs > 0 && slabMs % stepMs === 0 && startMs % stepMs === 0 && bucketCount > 0;
  if (isFramed && values.length === keys.length * counters.length * bucketCount) return;
  throw new MeshlensError(
    "MESHLENS_ERR_INTERNAL",
    `A block of SLI counts from ${startMs} with ${bucketCount} buckets of ${stepMs} ms and ${values.length} values cannot be stored: steps divide eight hours, a block begins at a multiple of its step and has a value per series, counter and bucket.`,
  );
}
