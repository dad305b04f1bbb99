import { expect, test } from "@jest/globals";
import { createKeptAnswers } from "../../../src/mesh/metrics/kept-answers.js";

function keeper(limit = 10) {
  const clock = { ms: 0, nowMs: () => clock.ms };
  let made = 0;
  const make = async () => ++made;
  return { clock, make, kept: createKeptAnswers<number>(clock, 1000, limit) };
}

test("an answer is kept for its time and shared while it is made", async () => {
  const { clock, make, kept } = keeper();
  expect(await Promise.all([kept.get("a", make), kept.get("a", make)])).toEqual([1, 1]);
  clock.ms = 1000;
  expect(await kept.get("a", make)).toBe(1);
  clock.ms = 1001;
  expect(await kept.get("a", make)).toBe(2);
});

test("another request's failure is not passed on: the waiting one asks itself", async () => {
  const { make, kept } = keeper();
  const failing = kept.get("a", () => Promise.reject(new Error("its client has gone")));
  const waiting = kept.get("a", make);
  await expect(failing).rejects.toThrow("its client has gone");
  expect(await waiting).toBe(1);
  expect(await kept.get("a", make)).toBe(1);
});

test("no more than the limit is kept, the oldest goes", async () => {
  const { make, kept } = keeper(2);
  for (const key of ["a", "b", "c"]) await kept.get(key, make);
  expect(await kept.get("c", make)).toBe(3);
  expect(await kept.get("a", make)).toBe(4);
});
