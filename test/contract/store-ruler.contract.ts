/** What every database must do alike with alerts of Alertmanager. Part of store.contract.ts. */
import { describe, expect, test } from "@jest/globals";
import type { StoredRulerAlert } from "../../src/store/ruler-store.js";
import type { StoreUnderTest } from "./store.contract.js";

const alert = (key: string, more: Partial<StoredRulerAlert> = {}): StoredRulerAlert => ({
  key,
  startsAtMs: 1_000,
  endsAtMs: null,
  heardAtMs: 2_000,
  isNew: true,
  payload: { labels: { alertname: key, text: "a\u0000b" } },
  ...more,
});
const all = { after: null, limit: 100, sinceMs: Number.MAX_SAFE_INTEGER };

/** Registers the tests. */
export function describeRulerStore(under: StoreUnderTest): void {
  describe("alerts of Alertmanager", () => {
    test("are written over, and come back by key, a page at a time", async () => {
      const { ruler } = under.store();
      await ruler.hear(Array.from({ length: 1_200 }, (_, i) => alert(`k${String(i).padStart(4, "0")}`)));
      await ruler.hear([alert("k0001", { startsAtMs: 7 })]);
      const first = await ruler.load({ ...all, limit: 1_000 });
      const rest = await ruler.load({ ...all, after: first.at(-1)?.key ?? null });
      expect([first.length, first[1]?.startsAtMs, first[1]?.payload, rest.length]).toEqual([
        1_000,
        7,
        { labels: { alertname: "k0001", text: "a\u0000b" } },
        100,
      ]);
    });

    test("that are over come back while they are new or were heard of lately, and go with time", async () => {
      const { ruler, alerts } = under.store();
      const over = { endsAtMs: 1_500 };
      await ruler.hear([
        alert("a", over),
        alert("b", { ...over, isNew: false }),
        alert("c", { ...over, isNew: false, heardAtMs: 9_000 }),
      ]);
      const keys = async (sinceMs: number) => (await ruler.load({ ...all, sinceMs })).map(({ key }) => key);
      expect([await keys(5_000), await keys(10_000)]).toEqual([["a", "c"], ["a"]]);
      const nothing = {
        evaluatedAtMs: null,
        states: [],
        transitions: [],
        incidents: [],
        removedObjectives: [],
        evidence: [],
      };
      await alerts.commitCycle({ ...nothing, heard: ["a"] });
      expect(await keys(10_000)).toEqual([]);
      // No evaluation was written with it.
      expect((await alerts.load()).evaluatedAtMs).toBeNull();
      expect(await ruler.prune(5_000)).toBe(2);
    });

    test("silences of ours there are kept by incident until they are ended", async () => {
      const { ruler } = under.store();
      await ruler.keepSilence("i", "one");
      await ruler.keepSilence("i", "two");
      expect(await ruler.silences()).toEqual(new Map([["i", "two"]]));
      await ruler.keepSilence("i", null);
      expect(await ruler.silences()).toEqual(new Map());
    });
  });
}
