/** The contract of the stored SLI counts. Called by the store's contract. */
import { describe, expect, test } from "@jest/globals";
import { blockEndMs, type CountBlock, columnOffset } from "../../src/store/count-block.js";
import { countTiers, type ScopedBlock, type SliCountStore } from "../../src/store/sli-count-store.js";
import type { StoreUnderTest } from "./store.contract.js";

const stepMs = 30_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A multiple of 8 h. */
const startMs = Date.UTC(2026, 10, 1);

function cycle(atMs: number, series: Readonly<Record<string, readonly [number, number]>>): CountBlock {
  const keys = Object.keys(series);
  const values = Float64Array.from(Object.values(series).flat());
  return { startMs: atMs, stepMs, bucketCount: 1, counters: ["total", "bad"], keys, values };
}

async function all(counts: SliCountStore, scope?: string): Promise<ScopedBlock[]> {
  const window = { fromMs: 0, toMs: startMs * 2 };
  const found: ScopedBlock[] = [];
  for await (const one of counts.read({ window, ...(scope === undefined ? {} : { scope }) })) found.push(one);
  return found;
}

/** Sum of one counter of one series over everything stored. */
function sum(blocks: readonly ScopedBlock[], key: string, counter: string): number {
  let total = 0;
  for (const { block } of blocks) {
    const [series, place] = [block.keys.indexOf(key), block.counters.indexOf(counter)];
    if (series < 0 || place < 0) continue;
    const offset = columnOffset(block, series, place);
    for (const value of block.values.subarray(offset, offset + block.bucketCount))
      total += Number.isNaN(value) ? 0 : value;
  }
  return total;
}

async function compactAll(counts: SliCountStore, nowMs: number): Promise<void> {
  while (!(await counts.compact(nowMs)).isDone);
}

/** Cycles from `fromMs` on, one call of a in each, every tenth failed. */
function constant(fromMs: number, count: number): ScopedBlock[] {
  return Array.from({ length: count }, (_, i) => ({
    scope: "availability",
    block: cycle(fromMs + i * stepMs, { a: [1, i % 10 === 0 ? 1 : 0], idle: [0, 0] }),
  }));
}

/** The SLI counts of the contract. */
export function describeSliCounts(under: StoreUnderTest): void {
  const counts = () => under.store().sliCounts;

  describe("SLI counts", () => {
    test("come back by scope, oldest first, zero apart from absent", async () => {
      await counts().append([
        { scope: "latency", block: cycle(startMs, { a: [4, 2] }) },
        { scope: "availability", block: cycle(startMs + stepMs, { a: [3, 0], b: [Number.NaN, 0.5] }) },
      ]);
      await counts().append([{ scope: "availability", block: cycle(startMs, { a: [1, 0] }) }]);
      const found = await all(counts());
      expect(found.map(({ scope, block }) => [scope, block.startMs, block.keys, [...block.values]])).toEqual([
        ["availability", startMs, ["a"], [1, 0]],
        ["availability", startMs + stepMs, ["a", "b"], [3, 0, Number.NaN, 0.5]],
        ["latency", startMs, ["a"], [4, 2]],
      ]);
      expect(await counts().scopes()).toEqual(["availability", "latency"]);
    });

    test("of chosen series come without the others", async () => {
      await counts().append([{ scope: "s", block: cycle(startMs, { a: [1, 0], b: [2, 0], c: [3, 0] }) }]);
      const window = { fromMs: startMs, toMs: startMs + stepMs };
      for await (const { block } of counts().read({ window, keys: new Set(["b", "unknown"]) })) {
        expect([block.keys, [...block.values]]).toEqual([["b"], [2, 0]]);
      }
    });

    test("may share the memory of their values, each until the next is asked for", async () => {
      await counts().append([
        { scope: "s", block: cycle(startMs, { a: [1, 0], b: [2, Number.NaN] }) },
        { scope: "s", block: cycle(startMs + stepMs, { a: [3, 1] }) },
        { scope: "t", block: cycle(startMs, { b: [0, 0], c: [4, 0.5] }) },
      ]);
      const window = { fromMs: startMs, toMs: startMs + 2 * stepMs };
      const found: (readonly [string, readonly number[]])[] = [];
      const memory = new Set<ArrayBufferLike>();
      for await (const { scope, block } of counts().read({ window, sharesValues: true })) {
        found.push([scope, [...block.values]]);
        memory.add(block.values.buffer);
      }
      expect(found).toEqual((await all(counts())).map(({ scope, block }) => [scope, [...block.values]]));
      expect([found.length, memory.size]).toEqual([3, 1]);
    });

    test("have keys of any text", async () => {
      const keys = ["default\u0000shop\u0000reviews", "\\0", "\\\u0000", "\\\\", "", "'\";--", "🧵".repeat(300)];
      const values = Float64Array.from(keys, (_, i) => i);
      const block = { startMs, stepMs, bucketCount: 1, counters: ["né"], keys, values };
      await counts().append([{ scope: keys[0] as string, block }]);
      await counts().append([{ scope: keys[1] as string, block }]);
      const store = under.isLasting ? await under.reopen() : under.store();
      const found = await all(store.sliCounts, keys[0]);
      expect(found.map((one) => [one.block.counters, one.block.keys, [...one.block.values]])).toEqual([
        [["né"], keys, [...values]],
      ]);
      expect(await store.sliCounts.scopes()).toEqual([keys[1], keys[0]].sort());
    });

    test("of a window are the blocks that overlap it", async () => {
      await counts().append(constant(startMs, 10));
      const starts: number[] = [];
      const window = { fromMs: startMs + 2 * stepMs, toMs: startMs + 4 * stepMs };
      for await (const { block } of counts().read({ scope: "availability", window })) starts.push(block.startMs);
      expect(starts).toEqual([startMs + 2 * stepMs, startMs + 3 * stepMs]);
    });

    test("written again replace those of the same time", async () => {
      await counts().append(constant(startMs, 4));
      await counts().append([{ scope: "availability", block: cycle(startMs + stepMs, { late: [9, 9] }) }]);
      const found = await all(counts());
      expect([sum(found, "a", "total"), sum(found, "late", "total"), found.length]).toEqual([3, 9, 4]);
    });

    test("tell which time they cover, gaps apart", async () => {
      await counts().append([...constant(startMs, 3), ...constant(startMs + 10 * stepMs, 2)]);
      expect(await counts().covered("availability")).toEqual([
        { fromMs: startMs, toMs: startMs + 3 * stepMs },
        { fromMs: startMs + 10 * stepMs, toMs: startMs + 12 * stepMs },
      ]);
      expect(await counts().covered("unknown")).toEqual([]);
      await counts().append(constant(startMs + 3 * stepMs, 7));
      expect(await counts().covered("availability")).toEqual([{ fromMs: startMs, toMs: startMs + 12 * stepMs }]);
    });

    test("of several hours are written in one block and cut where slabs end", async () => {
      const bucketCount = 2_400;
      const values = new Float64Array(bucketCount).fill(2);
      const block = { startMs: startMs + hourMs, stepMs, bucketCount, counters: ["total"], keys: ["a"], values };
      await counts().append([{ scope: "s", block }]);
      const found = await all(counts());
      expect(sum(found, "a", "total")).toBe(4_800);
      const edges = found.map((one) => [one.block.startMs, blockEndMs(one.block)]);
      expect(edges).toEqual(
        [8, 16, 24].map((h, i) => [startMs + (i ? h - 8 : 1) * hourMs, startMs + Math.min(h, 21) * hourMs]),
      );
    });

    test("become fewer and coarser with age and lose no count", async () => {
      // Back-fill brings the first slab as a whole, the others come cycle by cycle.
      const values = Float64Array.from({ length: 2 * 960 }, (_, i) => (i < 960 || i % 10 === 0 ? 1 : 0));
      const block = { startMs, stepMs, bucketCount: 960, counters: ["total", "bad"], keys: ["a"], values };
      await counts().append([{ scope: "availability", block }]);
      await counts().append(constant(startMs + 8 * hourMs, 100));
      await counts().append(constant(startMs + 16 * hourMs, 5));
      const nowMs = startMs + 16 * hourMs + 7 * hourMs;
      await compactAll(counts(), nowMs);
      const found = await all(counts());
      expect(found.map(({ block }) => [block.startMs, block.stepMs, block.bucketCount]).slice(0, 3)).toEqual([
        [startMs, 300_000, 96],
        [startMs + 8 * hourMs, 300_000, 10],
        [startMs + 16 * hourMs, stepMs, 1],
      ]);
      expect([sum(found, "a", "total"), sum(found, "a", "bad")]).toEqual([1_065, 107]);
      await compactAll(counts(), nowMs + 5 * dayMs);
      const older = await all(counts());
      expect(older.map(({ block }) => block.stepMs)).toEqual([900_000, 900_000, 900_000]);
      expect([sum(older, "a", "total"), sum(older, "a", "bad")]).toEqual([1_065, 107]);
    });

    test("of a gap that is filled after compaction are added, those covered already are not counted twice", async () => {
      await counts().append([...constant(startMs, 15), ...constant(startMs + 20 * stepMs, 20)]);
      await compactAll(counts(), startMs + 20 * hourMs);
      await counts().append(constant(startMs + 12 * stepMs, 10));
      expect(sum(await all(counts()), "a", "total")).toBe(40);
    });

    test("older than the last tier go, with their coverage and their series", async () => {
      await counts().append(constant(startMs, 3));
      const laterMs = startMs + 40 * dayMs;
      await counts().append([{ scope: "availability", block: cycle(laterMs, { b: [1, 0] }) }]);
      await compactAll(counts(), laterMs);
      expect((await all(counts())).map(({ block }) => block.startMs)).toEqual([laterMs]);
      expect(await counts().covered("availability")).toEqual([{ fromMs: laterMs, toMs: laterMs + stepMs }]);
      await counts().append([{ scope: "availability", block: cycle(laterMs + stepMs, { a: [5, 0] }) }]);
      expect(sum(await all(counts()), "a", "total")).toBe(5);
    });

    test("of a dropped scope are gone, others stay", async () => {
      await counts().append([...constant(startMs, 2), { scope: "other", block: cycle(startMs, { a: [1, 0] }) }]);
      await counts().drop("availability");
      expect((await all(counts())).map(({ scope }) => scope)).toEqual(["other"]);
      expect(await counts().scopes()).toEqual(["other"]);
      expect(await counts().covered("availability")).toEqual([]);
    });

    test("that make no sense are refused and nothing of the batch is stored", async () => {
      const good = cycle(startMs, { a: [1, 0] });
      for (const bad of [
        { ...good, startMs: startMs + 1 },
        { ...good, stepMs: 7 },
        { ...good, keys: ["a", "b"] },
      ]) {
        const batch = [
          { scope: "s", block: good },
          { scope: "s", block: bad },
        ];
        await expect(counts().append(batch)).rejects.toMatchObject({ code: "MESHLENS_ERR_INTERNAL" });
      }
      expect(await all(counts())).toEqual([]);
    });

    if (under.isLasting) {
      test("survive a restart, and series keep their counts", async () => {
        await counts().append(constant(startMs, 3));
        await under.reopen(countTiers);
        await counts().append(constant(startMs + 3 * stepMs, 2));
        expect(sum(await all(counts()), "a", "total")).toBe(5);
      });
    }
  });
}
