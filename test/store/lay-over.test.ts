import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { blockEndMs, type CountBlock, columnOffset } from "../../src/store/count-block.js";
import { joinBlocks } from "../../src/store/join-blocks.js";
import { layOver } from "../../src/store/lay-over.js";
import { unionWindows } from "../../src/store/windows.js";

const block = (startMs: number, stepMs: number, series: Readonly<Record<string, readonly number[]>>): CountBlock => ({
  startMs,
  stepMs,
  bucketCount: Object.values(series)[0]?.length ?? 0,
  counters: ["n"],
  keys: Object.keys(series),
  values: Float64Array.from(Object.values(series).flat()),
});

/** [start, step, key, values] of all series, by start. */
const shown = (blocks: readonly CountBlock[]) =>
  blocks
    .toSorted((a, b) => a.startMs - b.startMs)
    .flatMap((part) =>
      part.keys.map((key, at) => {
        const offset = columnOffset(part, at, 0);
        return [part.startMs, part.stepMs, key, [...part.values.subarray(offset, offset + part.bucketCount)]];
      }),
    );

describe("writing over stored counts", () => {
  test("replaces buckets of the same step and keeps the ones around", () => {
    const stored = block(0, 10, { a: [1, 2, 3, 4] });
    expect(shown(layOver([stored], block(10, 10, { a: [7], b: [8] }), [{ fromMs: 0, toMs: 40 }]))).toEqual([
      [0, 10, "a", [1]],
      [10, 10, "a", [7]],
      [10, 10, "b", [8]],
      [20, 10, "a", [3, 4]],
    ]);
  });

  test("replaces whole coarse buckets by the finer counts", () => {
    const stored = block(0, 30, { a: [100, 200, 300] });
    expect(shown(layOver([stored], block(30, 10, { a: [1, 2, 3] }), [{ fromMs: 0, toMs: 90 }]))).toEqual([
      [0, 30, "a", [100]],
      [30, 10, "a", [1, 2, 3]],
      [60, 30, "a", [300]],
    ]);
  });

  test("adds to a coarse bucket what of its time was not covered, and leaves what was", () => {
    const stored = block(0, 30, { a: [100, 200] });
    const written = block(20, 10, { a: [1, 2], b: [3, 4] });
    const covered = [
      { fromMs: 0, toMs: 20 },
      { fromMs: 30, toMs: 60 },
    ];
    expect(shown(layOver([stored], written, covered))).toEqual([
      [0, 30, "a", [101, 200]],
      [0, 30, "b", [3, Number.NaN]],
    ]);
  });

  test("coarser counts replace the finer ones in their time", () => {
    const stored = [block(0, 10, { a: [1] }), block(10, 10, { a: [2] }), block(30, 10, { a: [3, 4] })];
    expect(shown(layOver(stored, block(0, 30, { a: [9] }), [{ fromMs: 0, toMs: 50 }]))).toEqual([
      [0, 30, "a", [9]],
      [30, 10, "a", [3, 4]],
    ]);
  });

  test("the newest write of any sequence wins bucket by bucket, and blocks never overlap", () => {
    const write = fc.record({
      at: fc.nat({ max: 30 }),
      counts: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 12 }),
    });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 12 }), (writes) => {
        const model = new Map<number, number>();
        let stored: readonly CountBlock[] = [];
        for (const { at, counts } of writes) {
          const written = block(at * 10, 10, { a: counts });
          const touched = stored.filter(
            (one) => one.startMs < blockEndMs(written) && blockEndMs(one) > written.startMs,
          );
          const others = stored.filter((one) => !touched.includes(one));
          stored = [...others, ...layOver(touched, written, [])];
          for (const [i, value] of counts.entries()) model.set((at + i) * 10, value);
        }
        const flat = stored.flatMap((one) => [...one.values].map((value, i) => [one.startMs + i * 10, value] as const));
        expect(flat.length).toBe(model.size);
        expect(new Map(flat)).toEqual(model);
      }),
    );
  });
});

test("joining sums into the longer step, and a bucket without samples stays absent", () => {
  const joined = joinBlocks({ startMs: 0, stepMs: 30, bucketCount: 3 }, [
    block(0, 10, { a: [1, Number.NaN, 2] }),
    block(30, 30, { a: [5], b: [0] }),
  ]);
  expect(shown([joined])).toEqual([
    [0, 30, "a", [3, 5, Number.NaN]],
    [0, 30, "b", [Number.NaN, 0, Number.NaN]],
  ]);
});

test("covered time is a sorted union in which touching windows are one", () => {
  const windows = [
    { fromMs: 20, toMs: 30 },
    { fromMs: 0, toMs: 10 },
    { fromMs: 10, toMs: 15 },
    { fromMs: 22, toMs: 25 },
  ];
  expect(unionWindows(windows)).toEqual([
    { fromMs: 0, toMs: 15 },
    { fromMs: 20, toMs: 30 },
  ]);
});
