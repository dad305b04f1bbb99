import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decideShards } from "../../../src/server/copies/decide-shards.js";

const shards = Array.from({ length: 8 }, (_, n) => `evaluate-${n}`);
const ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

/** Copies that come and go, and any beginning, as a crash may leave it. */
const story = fc.record({
  lives: fc.array(fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 10 }), {
    minLength: 1,
    maxLength: 4,
  }),
  begins: fc.array(fc.constantFrom(...ids, null), { minLength: 8, maxLength: 8 }),
  turns: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
});

/** One copy does what it decides; another may have been quicker with what is free. */
function move(holders: Map<string, string>, members: readonly string[], self: string, seen = new Map(holders)): number {
  const { take, giveBack } = decideShards({ shards, holders: seen, members, areLeftByLeader: true, self });
  for (const shard of giveBack) if (holders.get(shard) === self) holders.delete(shard);
  for (const shard of take) if (!holders.has(shard)) holders.set(shard, self);
  return take.length + giveBack.length;
}

const countsOf = (holders: ReadonlyMap<string, string>, members: readonly string[]) =>
  members.map((id) => [...holders.values()].filter((holder) => holder === id).length);

test("from any beginning and with copies that come and go: all is held by those who live, within one of each other, and then nothing moves", () => {
  fc.assert(
    fc.property(story, ({ lives, begins, turns }) => {
      const holders = new Map(shards.flatMap((shard, n) => (begins[n] == null ? [] : [[shard, begins[n]]])));
      for (const living of lives) {
        const members = living.toSorted();
        // Leases of those who are gone end.
        for (const [shard, holder] of holders) if (!members.includes(holder)) holders.delete(shard);
        // Some act on what they saw before another acted.
        let before = new Map(holders);
        for (const turn of turns) {
          const seen = turn % 3 === 0 ? before : new Map(holders);
          before = new Map(holders);
          const self = members[turn % members.length] as string;
          for (const [shard, holder] of seen) if (holder === self && holders.get(shard) !== self) seen.delete(shard);
          move(holders, members, self, seen);
        }
        for (let round = 0; round < 4; round += 1) for (const self of members) move(holders, members, self);
        const counts = countsOf(holders, members);
        expect(holders.size).toBe(shards.length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        for (const self of members) expect(move(holders, members, self)).toBe(0);
      }
    }),
    { numRuns: 300 },
  );
});

test("a copy alone takes all; one more gets half of them; none are taken beside a leader that does all itself", () => {
  const holders = new Map<string, string>();
  move(holders, ["b"], "b");
  expect(countsOf(holders, ["b"])).toEqual([8]);
  for (const self of ["a", "b", "a", "b"]) move(holders, ["a", "b"], self);
  expect(countsOf(holders, ["a", "b"])).toEqual([4, 4]);
  const beside = { shards, holders, members: ["a", "b"], areLeftByLeader: false, self: "a" };
  expect(decideShards(beside)).toEqual({ take: [], giveBack: shards.filter((shard) => holders.get(shard) === "a") });
  expect(decideShards({ ...beside, areLeftByLeader: true, self: "unknown" })).toEqual({ take: [], giveBack: [] });
});
