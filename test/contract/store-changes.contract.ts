/** What every database must do alike with changes and objects of sources. Part of store.contract.ts. */
import { describe, expect, test } from "@jest/globals";
import type { StoreUnderTest } from "./store.contract.js";

/** Registers the tests. */
export function describeChangeStore(under: StoreUnderTest): void {
  describe("changes and objects of sources", () => {
    const change = (nth: number, text = "v") => ({ id: `c${nth}`, atMs: nth * 1_000, payload: { text } });
    const object = (nth: number, text = "v") => ({ key: `apps/Deployment a/o${nth}`, payload: { text } });
    const none = { changes: [], objects: [], gone: [] };

    test("are found again, changes oldest first, each source its own", async () => {
      const { changes } = under.store();
      await changes.save("east", { ...none, changes: [change(2), change(1)], objects: [object(1)] });
      await changes.save("west", { ...none, changes: [change(3)] });
      const { changes: after } = under.isLasting ? await under.reopen() : under.store();
      expect(await after.load("east", 10)).toEqual({ changes: [change(1), change(2)], objects: [object(1)] });
      expect(await after.load("west", 10)).toEqual({ changes: [change(3)], objects: [] });
      expect(await after.load("north", 10)).toEqual({ changes: [], objects: [] });
    });

    test("put in again replace what was there; what is gone is no object any more, and its changes stay", async () => {
      const { changes } = under.store();
      await changes.save("east", { changes: [change(1)], objects: [object(1), object(2)], gone: [] });
      await changes.save("east", { changes: [change(1, "w")], objects: [object(2, "w")], gone: [object(1).key] });
      expect(await changes.load("east", 10)).toEqual({ changes: [change(1, "w")], objects: [object(2, "w")] });
    });

    test("are loaded up to a number, the newest ones, and pruned by age", async () => {
      const { changes } = under.store();
      const many = Array.from({ length: 1_203 }, (_, nth) => change(nth));
      await changes.save("east", { ...none, changes: many });
      expect((await changes.load("east", 3)).changes).toEqual(many.slice(-3));
      expect(await changes.prune(1_200_000)).toBe(1_200);
      expect((await changes.load("east", 5_000)).changes).toEqual(many.slice(-3));
    });
  });
}
