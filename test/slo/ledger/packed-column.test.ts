import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { addColumn, columnBytes, countAt, packColumn } from "../../../src/slo/ledger/packed-column.js";

const whole = fc.oneof(
  fc.constant(0),
  fc.constant(Number.NaN),
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 65_530, max: 65_540 }),
  fc.integer({ min: 4_294_967_290, max: 4_294_967_300 }),
);
const count = fc.oneof(whole, fc.integer({ min: -3, max: -1 }), fc.double({ min: 0, max: 1e12, noNaN: true }));

describe("a packed column", () => {
  test("gives back every count as it was, and sums what has samples", () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(whole, { maxLength: 200 }), fc.array(count, { maxLength: 200 })), (counts) => {
        const column = packColumn(counts);
        expect(counts.map((_, i) => countAt(column, i) + 0)).toEqual(counts.map((one) => one + 0));
        expect(countAt(column, counts.length)).toBeNaN();
        const sums = new Float64Array(counts.length + 1).fill(1);
        addColumn(column, sums, 1);
        expect([...sums]).toEqual([...counts.map((one) => (Number.isNaN(one) ? 1 : 1 + one)), 1]);
        if (!counts.every((one) => Number.isNaN(one) || Number.isInteger(one))) return;
        addColumn(column, sums, -1);
        expect([...sums]).toEqual([...counts.map(() => 1), 1]);
      }),
    );
  });

  test.each([
    ["small counts take a byte", (i: number) => i % 200, 1],
    ["middling ones two", (i: number) => 1000 + (i % 7), 2],
    ["a failure here and there next to nothing", (i: number) => (i % 100 === 0 ? 3 : 0), 0.03],
    ["a busy service does not widen the others", (i: number) => (i === 5 ? 1e9 : i % 200), 1.1],
  ])("%s", (_, value, most) => {
    const counts = Array.from({ length: 10_000 }, (_, i) => value(i));
    expect(columnBytes(packColumn(counts)) / counts.length).toBeLessThanOrEqual(most);
  });
});
