import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createScopeLedger, type LedgerBlock } from "../../../src/slo/ledger/scope-ledger.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const endMs = Date.UTC(2026, 2, 1);
const stepMs = 30_000;

/** A block of one counter per series whose counts a function of the bucket's end tells. */
function block(
  fromMs: number,
  toMs: number,
  step: number,
  series: Readonly<Record<string, (endMs: number) => number>>,
): LedgerBlock {
  const bucketCount = (toMs - fromMs) / step;
  const keys = Object.keys(series);
  const values = new Float64Array(keys.length * bucketCount);
  keys.forEach((key, i) => {
    for (let b = 0; b < bucketCount; b += 1) {
      values[i * bucketCount + b] = series[key]?.(fromMs + (b + 1) * step) ?? Number.NaN;
    }
  });
  return { startMs: fromMs, stepMs: step, bucketCount, counters: ["total"], keys, values };
}

const windowsMs = [5 * minuteMs, 30 * minuteMs, hourMs, 2 * hourMs, 6 * hourMs, dayMs, 3 * dayMs, 30 * dayMs];
const starts = (atMs: number) => windowsMs.map((length) => atMs - length);
const sums = (ledger: ReturnType<typeof createScopeLedger>, atMs: number, key = "a") =>
  ledger.windows(atMs, starts(atMs)).map((window) => window.sum(key, "total"));

describe("a scope's ledger", () => {
  test("sums each window of its buckets, fine ones and coarse ones together", () => {
    const ledger = createScopeLedger();
    const fineFromMs = endMs - 7 * hourMs;
    ledger.write(block(endMs - 31 * dayMs, fineFromMs, 900_000, { a: () => 30 }));
    ledger.write(block(fineFromMs, endMs, stepMs, { a: () => 1 }));
    expect(sums(ledger, endMs)).toEqual(windowsMs.map((length) => length / stepMs));
    expect(ledger.windows(endMs, starts(endMs)).map(({ coverage }) => coverage)).toEqual(windowsMs.map(() => 1));
  });

  test("moves on by dropping what leaves each window, made coarse or not", () => {
    const ledger = createScopeLedger();
    const spike = endMs - 10 * minuteMs;
    ledger.write(block(endMs - hourMs, endMs, stepMs, { a: (at) => (at === spike ? 100 : 0) }));
    const at = (laterMs: number) => sums(ledger, endMs + laterMs);
    expect(at(0).slice(0, 3)).toEqual([0, 100, 100]);
    expect(at(20 * minuteMs).slice(0, 3)).toEqual([0, 0, 100]);
    expect(at(8 * hourMs).slice(3)).toEqual([0, 0, 100, 100, 100]);
    expect(at(25 * hourMs).slice(5)).toEqual([0, 100, 100]);
    expect(at(31 * dayMs).slice(5)).toEqual([0, 0, 0]);
  });

  test("a gap is not zero: coverage says how much of a window was counted", () => {
    const ledger = createScopeLedger();
    ledger.write(block(endMs - 15 * minuteMs, endMs, stepMs, { a: () => 1 }));
    const [five, thirty, hour] = ledger.windows(endMs, starts(endMs));
    expect([five?.coverage, thirty?.coverage, hour?.coverage]).toEqual([1, 0.5, 0.25]);
    expect(ledger.newest(endMs - hourMs, "a", "total")).toBeNull();
    expect(ledger.newest(endMs, "b", "total")).toBeNaN();
    expect(ledger.newest(endMs, "a", "total")).toBe(1);
  });

  test("a bucket asked again is replaced, of series that are no longer in it too", () => {
    const ledger = createScopeLedger();
    ledger.write(block(endMs - hourMs, endMs, stepMs, { a: () => 1, b: () => 1 }));
    ledger.write(block(endMs - 2 * stepMs, endMs, stepMs, { a: () => 5 }));
    expect(sums(ledger, endMs, "a")[0]).toBe(18);
    expect(sums(ledger, endMs, "b")[0]).toBe(8);
  });

  test("a series born late is absent before, and zero in sums", () => {
    const ledger = createScopeLedger();
    ledger.write(block(endMs - hourMs, endMs - 5 * minuteMs, stepMs, { a: () => 1 }));
    ledger.write(block(endMs - 5 * minuteMs, endMs, stepMs, { a: () => 1, late: () => 2 }));
    expect(sums(ledger, endMs, "late").slice(0, 2)).toEqual([20, 20]);
    expect(ledger.newest(endMs - 10 * minuteMs, "late", "total")).toBeNaN();
    expect(sums(ledger, endMs, "never")[0]).toBe(0);
  });

  test("back-fill, newest first, grows what is covered and what long windows sum", () => {
    const ledger = createScopeLedger();
    ledger.write(block(endMs - 7 * hourMs, endMs, stepMs, { a: () => 1 }));
    const growth: number[] = [];
    for (let fromMs = endMs - 7 * hourMs; fromMs > endMs - 2 * dayMs; ) {
      const [day] = ledger.windows(endMs, [endMs - dayMs]);
      growth.push(day?.coverage ?? 0);
      ledger.write(block(fromMs - 6 * hourMs, fromMs, 900_000, { a: () => 30 }));
      fromMs -= 6 * hourMs;
    }
    expect(growth).toEqual([...growth].sort((a, b) => a - b));
    expect(sums(ledger, endMs)[5]).toBe(2880);
    expect(ledger.windows(endMs, [endMs - dayMs])[0]?.coverage).toBe(1);
  });

  test("broken counts leave nothing behind when they leave a window", () => {
    const ledger = createScopeLedger();
    ledger.write(block(endMs - hourMs, endMs, stepMs, { a: (at) => ((at / stepMs) % 7) / 3 }));
    for (let n = 1; n <= 120; n += 1) {
      ledger.write(block(endMs + (n - 1) * stepMs, endMs + n * stepMs, stepMs, { a: () => 0 }));
      sums(ledger, endMs + n * stepMs);
    }
    expect(sums(ledger, endMs + hourMs).slice(0, 3)).toEqual([0, 0, 0]);
  });

  test("a clock that was a day ahead for a moment leaves no window with other counts than its own", () => {
    const ledger = createScopeLedger();
    ledger.write(block(endMs - 7 * hourMs, endMs, stepMs, { a: () => 1 }));
    const before = sums(ledger, endMs);
    ledger.write(block(endMs + dayMs - stepMs, endMs + dayMs, stepMs, { a: () => 5 }));
    expect(sums(ledger, endMs + dayMs)[0]).toBe(5);
    const [five] = ledger.windows(endMs, starts(endMs));
    expect(five?.coverage).toBe(0);
    expect(five?.sum("a", "total")).toBe(0);
    expect(ledger.isCovered(endMs)).toBe(false);
    ledger.write(block(endMs - 6.75 * hourMs, endMs, stepMs, { a: () => 1 }));
    expect(sums(ledger, endMs)).toEqual(before);
  });

  test("a step that is asked again after its time became coarse is not counted twice", () => {
    const ledger = createScopeLedger();
    ledger.write(block(endMs - 8 * hourMs, endMs, stepMs, { a: () => 1 }));
    const before = sums(ledger, endMs);
    ledger.write(block(endMs - 7.5 * hourMs, endMs - 7.25 * hourMs, stepMs, { a: () => 1 }));
    expect(sums(ledger, endMs)).toEqual(before);
  });

  test("every window is what its buckets add up to, however the counts came", () => {
    const tiers = { fineMs: 1, fineKeepMs: 20, coarseMs: 5, keepMs: 100 };
    const step = fc.record({ count: fc.integer({ min: 0, max: 9 }), isLate: fc.boolean(), isMissed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 90 }), (steps) => {
        const ledger = createScopeLedger(tiers);
        const truth: number[] = [];
        steps.forEach(({ count, isLate, isMissed }, i) => {
          truth.push(isMissed ? 0 : count);
          if (isMissed) return;
          if (isLate) ledger.write(block(1000 + i, 1001 + i, 1, { a: () => 99 }));
          ledger.write(block(1000 + i, 1001 + i, 1, { a: () => count }));
          const nowMs = 1001 + i;
          const lengths = [1, 7, 19];
          const expected = lengths.map((length) => truth.slice(-length).reduce((sum, one) => sum + one, 0));
          const found = ledger.windows(
            nowMs,
            [...lengths, 60].map((length) => nowMs - length),
          );
          expect(found.slice(0, 3).map((window) => window.sum("a", "total"))).toEqual(expected);
          // A long window begins with a whole coarse bucket.
          const fromMs = Math.floor((nowMs - 60) / 5) * 5;
          const isFine = nowMs - 60 >= Math.floor((nowMs - 20) / 5) * 5;
          const since = truth.filter((_, j) => 1001 + j > (isFine ? nowMs - 60 : fromMs));
          expect(found[3]?.sum("a", "total")).toBe(since.reduce((sum, one) => sum + one, 0));
        });
      }),
    );
  });
});
