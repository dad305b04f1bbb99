import { expect, test } from "@jest/globals";
import { watchLoopDelay } from "../../src/server/loop-delay.js";

test("the loop is behind by the lesser delay of two looks: one pause is not too much work, a lasting delay is", () => {
  let nowMs = 0;
  let look = () => {};
  let isStopped = false;
  const delay = watchLoopDelay(
    () => nowMs,
    (often) => {
      look = often;
      return () => {
        isStopped = true;
      };
    },
  );
  const seen = [1_000, 4_000, 1_000, 3_500, 2_200, 1_000].map((gapMs) => {
    nowMs += gapMs;
    look();
    return delay.behindMs();
  });
  expect(seen).toEqual([0, 0, 0, 0, 1_200, 0]);
  delay.stop();
  expect(isStopped).toBe(true);
});
