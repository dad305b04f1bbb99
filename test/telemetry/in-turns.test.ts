import { describe, expect, test } from "@jest/globals";
import { inTurns } from "../../src/telemetry/in-turns.js";

describe("work in turns", () => {
  test("results stand in the order of the items, and no more than so many are under way", async () => {
    let open = 0;
    let most = 0;
    const results = await inTurns([5, 1, 4, 2, 3], 2, async (ms) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, ms));
      open -= 1;
      return ms * 10;
    });
    expect({ results, most }).toEqual({ results: [50, 10, 40, 20, 30], most: 2 });
  });

  test("the first failure is the answer, and nothing new is begun after it", async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      if (item === 2) throw new Error("two");
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await expect(inTurns([1, 2, 3, 4, 5], 2, work)).rejects.toThrow("two");
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(begun).toEqual([1, 2]);
  });

  test("no items are no work", async () => {
    expect(await inTurns([], 4, () => Promise.reject(new Error("asked")))).toEqual([]);
  });
});
