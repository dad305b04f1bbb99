import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isMeshlensError } from "../../src/errors.js";
import { packBlock, unpackBlock } from "../../src/store/block-codec.js";
import type { CountBlock } from "../../src/store/count-block.js";

const whole = fc.oneof(
  fc.nat({ max: 3 }),
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 52 - 1, 2 ** 52),
);
const fraction = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const count = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: whole },
  { weight: 1, arbitrary: fraction },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
);

const anyBlock: fc.Arbitrary<CountBlock> = fc
  .record({
    startMs: fc.nat({ max: 10_000 }).map((n) => n * 30_000),
    bucketCount: fc.integer({ min: 1, max: 40 }),
    counters: fc.uniqueArray(fc.string({ unit: "grapheme" }), { maxLength: 3 }),
    keys: fc.uniqueArray(fc.string({ unit: "grapheme" }), { maxLength: 6 }),
  })
  .chain((frame) => {
    const length = frame.bucketCount * frame.counters.length * frame.keys.length;
    return fc.array(count, { minLength: length, maxLength: length }).map((values) => ({
      ...frame,
      stepMs: 30_000,
      values: Float64Array.from(values),
    }));
  });

/** Numbers keys by their place, with gaps, later keys lower: ids are in no order of the block. */
function numbering(block: CountBlock) {
  const ids = new Map(block.keys.map((key, at) => [key, (block.keys.length - at) * 1_000]));
  const keys = new Map([...ids].map(([key, id]) => [id, key]));
  return { idOf: (key: string) => ids.get(key) as number, keyOf: (id: number) => keys.get(id) ?? null };
}

function columnsByKey(block: CountBlock): Record<string, number[]> {
  const width = block.counters.length * block.bucketCount;
  return Object.fromEntries(
    block.keys.map((key, at) => [`key ${key}`, [...block.values.subarray(at * width, (at + 1) * width)]]),
  );
}

test("any counts come back as they were packed, zero apart from absent", () => {
  fc.assert(
    fc.property(anyBlock, (block) => {
      const { idOf, keyOf } = numbering(block);
      const back = unpackBlock(block, packBlock(block, idOf), keyOf);
      expect(back.counters).toEqual(block.counters);
      expect(columnsByKey(back)).toEqual(columnsByKey(block));
    }),
    { numRuns: 300 },
  );
});

test("chosen series are read without the others", () => {
  fc.assert(
    fc.property(anyBlock, fc.nat(), (block, pick) => {
      const { idOf, keyOf } = numbering(block);
      const wanted = block.keys[pick % Math.max(1, block.keys.length)];
      const back = unpackBlock(block, packBlock(block, idOf), (id) => (keyOf(id) === wanted ? (wanted ?? null) : null));
      expect(back.keys).toEqual(wanted === undefined ? [] : [wanted]);
      if (wanted !== undefined)
        expect(columnsByKey(back)).toEqual({ [`key ${wanted}`]: columnsByKey(block)[`key ${wanted}`] });
    }),
  );
});

test("bytes that were cut or changed are refused as corrupt or read as counts, never read past", () => {
  fc.assert(
    fc.property(anyBlock, fc.nat(), fc.nat({ max: 255 }), fc.boolean(), (block, place, byte, isCut) => {
      const { idOf, keyOf } = numbering(block);
      const packed = packBlock(block, idOf);
      const at = place % packed.length;
      const broken = isCut ? packed.slice(0, at) : packed.with(at, byte);
      try {
        unpackBlock(block, broken, keyOf);
        expect(isCut).toBe(false);
      } catch (error) {
        expect(isMeshlensError(error) && error.code).toBe("MESHLENS_ERR_STORE_CORRUPT");
      }
    }),
    { numRuns: 500 },
  );
});

test("a quiet series costs four bytes a block and steady traffic about a byte a bucket", () => {
  const bucketCount = 96;
  const quiet = { startMs: 0, stepMs: 300_000, bucketCount, counters: ["total", "bad"] };
  const keys = Array.from({ length: 100 }, (_, i) => `s${i}`);
  const none = { ...quiet, keys, values: new Float64Array(100 * 2 * bucketCount) };
  expect(packBlock(none, (key) => Number(key.slice(1))).length).toBeLessThan(4 * 100 + 50);
  const steady = {
    ...none,
    values: none.values.map((_, i) => (Math.floor(i / bucketCount) % 2 ? 0 : 3_000 + (i % 60))),
  };
  expect(packBlock(steady, (key) => Number(key.slice(1))).length).toBeLessThan(110 * 100);
});
