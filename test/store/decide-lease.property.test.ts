import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isHolder, type LeaseFacts, renewLease, takeLease } from "../../src/store/decide-lease.js";

const ttlMs = 100;

/** What copies do: each may sleep for as long as it likes between any two of these. */
const step = fc.record({
  copy: fc.constantFrom("a", "b", "c"),
  act: fc.constantFrom("take", "renew", "write", "release"),
  afterMs: fc.integer({ min: 0, max: 90 }),
});

test("whatever copies do and however long they sleep: writes go in by rising epochs, and none while another holds the lease", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let row = null as LeaseFacts | null;
      let nowMs = 1_000;
      const believed = new Map<string, number>();
      const written: { readonly copy: string; readonly epoch: number }[] = [];
      for (const { copy, act, afterMs } of steps) {
        nowMs += afterMs;
        const before: LeaseFacts | null = row;
        const epoch = believed.get(copy);
        if (act === "take") {
          const taken = takeLease(before, { holder: copy, nowMs, ttlMs });
          const isBusy = before !== null && before.untilMs > nowMs && before.holder !== copy;
          expect(taken === null).toBe(isBusy);
          if (taken === null) continue;
          expect(taken).toEqual({ holder: copy, epoch: (before?.epoch ?? 0) + 1, untilMs: nowMs + ttlMs });
          row = taken;
          believed.set(copy, taken.epoch);
        } else if (epoch === undefined) {
        } else if (act === "renew") {
          const renewed = renewLease(before, { holder: copy, epoch, nowMs, ttlMs });
          expect(renewed === null).toBe(before?.epoch !== epoch);
          row = renewed ?? before;
        } else if (act === "release") {
          if (before !== null && isHolder(before, { holder: copy, epoch })) row = { ...before, untilMs: 0 };
        } else if (isHolder(before, { holder: copy, epoch })) {
          const isAnothers = before !== null && before.untilMs > nowMs && before.holder !== copy;
          expect(isAnothers).toBe(false);
          written.push({ copy, epoch });
        }
      }
      expect(written.map(({ epoch }) => epoch)).toEqual(written.map(({ epoch }) => epoch).toSorted((a, b) => a - b));
      const writers = new Map(written.map(({ copy, epoch }) => [epoch, copy]));
      for (const { copy, epoch } of written) expect(writers.get(epoch)).toBe(copy);
    }),
    { numRuns: 500 },
  );
});

test("a paused holder goes on when nobody took its lease, and never when somebody did", () => {
  const first = takeLease(null, { holder: "a", nowMs: 0, ttlMs });
  const mine = { holder: "a", epoch: 1 };
  expect(renewLease(first, { ...mine, nowMs: 10 * ttlMs, ttlMs })).toEqual({ ...mine, untilMs: 11 * ttlMs });
  const second = takeLease(first, { holder: "b", nowMs: ttlMs, ttlMs });
  expect(second).toEqual({ holder: "b", epoch: 2, untilMs: 2 * ttlMs });
  expect(renewLease(second, { ...mine, nowMs: 10 * ttlMs, ttlMs })).toBeNull();
});
