/** What every database must do alike with answers to users' queries. Part of store.contract.ts. */
import { describe, expect, test } from "@jest/globals";
import type { StoredAnswer } from "../../src/store/asked-answer-store.js";
import type { StoreUnderTest } from "./store.contract.js";

/** Registers the tests. */
export function describeAskedAnswers(under: StoreUnderTest): void {
  describe("answers to queries over whole windows", () => {
    const answer = (key: string, atMs: number, value: StoredAnswer["value"], group = "east"): StoredAnswer => ({
      group,
      key,
      query: `query of ${key}`,
      atMs,
      value,
    });

    test("are found again as they were: numbers, 0/0, infinities, no series", async () => {
      const given = [0, 0.1 + 0.2, 1e-9, "NaN", null, Number.POSITIVE_INFINITY] as const;
      const answers = given.map((value, i) => answer(`w${i}`, i, value));
      await under.store().askedAnswers.save([...answers].reverse());
      const { askedAnswers } = under.isLasting ? await under.reopen() : under.store();
      expect(await askedAnswers.load(0)).toEqual(answers);
    });

    test("given again take the place of the one before, each group its own", async () => {
      const { askedAnswers } = under.store();
      await askedAnswers.save([answer("w", 1, 0.1), answer("w", 1, 0.2, "west")]);
      await askedAnswers.save([{ ...answer("w", 2, null), query: "another" }]);
      expect(await askedAnswers.load(0)).toEqual([
        { ...answer("w", 2, null), query: "another" },
        answer("w", 1, 0.2, "west"),
      ]);
    });

    test("are loaded from an instant on, and pruned by age, however many", async () => {
      const { askedAnswers } = under.store();
      const many = Array.from({ length: 1_203 }, (_, nth) => answer(String(nth).padStart(5, "0"), nth, nth));
      await askedAnswers.save(many);
      expect(await askedAnswers.load(1_200)).toEqual(many.slice(-3));
      expect(await askedAnswers.prune(1_200)).toBe(1_200);
      expect(await askedAnswers.load(0)).toEqual(many.slice(-3));
    });
  });
}
