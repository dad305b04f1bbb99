import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { createDueQueue } from "../../../src/demo/telemetry/due-queue.js";

test("gives each thing once, the earliest first, when it is due", () => {
  const times = fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }), { maxLength: 30 });
  fc.assert(
    fc.property(times, times, (dueTimes, takes) => {
      const queue = createDueQueue<number>();
      for (const atMs of dueTimes) queue.put(atMs, atMs);
      let left = dueTimes.toSorted((a, b) => a - b);
      for (const untilMs of takes.toSorted((a, b) => a - b)) {
        expect(queue.takeUntil(untilMs)).toEqual(left.filter((atMs) => atMs <= untilMs));
        left = left.filter((atMs) => atMs > untilMs);
        expect(queue.size).toBe(left.length);
      }
    }),
  );
});
