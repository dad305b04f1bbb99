/** What every database must do alike for several copies: leases, what is refused without them, errands and pages. Part of store.contract.ts. */
import { describe, expect, test } from "@jest/globals";
import type { Lease } from "../../src/store/lease-store.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { alertCycle, lastCycle } from "../support/alert-cycles.js";
import { waitUntil } from "../support/wait-until.js";
import type { StoreUnderTest } from "./store.contract.js";

const longMs = 60_000;
const fenced = { code: "MESHLENS_ERR_STORE_FENCED" };

/** Registers the tests. */
export function describeCopies(under: StoreUnderTest): void {
  const leases = () => under.store().leases;
  const taken = async (holder: string, ttlMs = longMs) => (await leases().take("all", holder, ttlMs)) as Lease;

  describe("leases", () => {
    test("one has it, for as long as it renews it", async () => {
      expect(await leases().read("all")).toBeNull();
      const lease = await taken("a");
      expect(lease).toEqual({ name: "all", holder: "a", epoch: 1 });
      expect(await leases().take("all", "b", longMs)).toBeNull();
      expect(await leases().take("other", "b", longMs)).toMatchObject({ holder: "b", epoch: 1 });
      expect(await leases().renew(lease, 2 * longMs)).toBe(true);
      const read = await leases().read("all");
      expect(read).toMatchObject({ holder: "a", epoch: 1 });
      expect(read?.restMs).toBeGreaterThan(longMs);
    });

    test("one whose time is over is taken by another with a higher epoch, and not renewed by the first any more", async () => {
      const first = await taken("a", 1);
      let second: Lease | null = null;
      await waitUntil("the end of a lease", async () => {
        second = await leases().take("all", "b", longMs);
        return second !== null;
      });
      expect(second).toEqual({ name: "all", holder: "b", epoch: 2 });
      expect(await leases().renew(first, longMs)).toBe(false);
      await leases().release(first);
      expect(await leases().take("all", "c", longMs)).toBeNull();
    });

    test("one that is given back is free at once, and its epoch is not used again", async () => {
      await leases().release(await taken("a"));
      expect(await leases().read("all")).toMatchObject({ restMs: 0 });
      expect(await leases().take("all", "b", longMs)).toMatchObject({ epoch: 2 });
    });

    test("every kind of write is refused under a lease that another took, and nothing of it is stored", async () => {
      const first = await taken("a", 1);
      let refusals = 0;
      const mine = under.store().under(first, () => {
        refusals += 1;
      });
      await mine.alerts.commitCycle(alertCycle(1));
      await mine.outbox.enqueue([
        { id: "d", incidentId: null, channel: "c", lane: "l", coalesceKey: null, queuedAtMs: 1, payload: null },
      ]);
      await waitUntil("the end of a lease", async () => (await leases().take("all", "b", longMs)) !== null);
      const evidence = { incidentId: "objective-1/1", takenAtMs: 5, payload: {} };
      const writes = [
        () => mine.alerts.commitCycle(alertCycle(2)),
        () => mine.alerts.saveEvidence(evidence),
        () => mine.outbox.begin("d", 2),
        () => mine.outbox.settle("d", { state: "SENT", atMs: 3, receipt: null }),
        () => mine.outbox.recover(2),
        () => mine.changes.prune(1),
        () => mine.errands.done(1),
        () => mine.pages.save(new Map(), []),
        () => mine.ruler.prune(1),
      ];
      for (const write of writes) await expect(write()).rejects.toMatchObject(fenced);
      expect(refusals).toBe(writes.length);
      expect(lastCycle(await mine.alerts.load())).toBe(1);
      expect(await mine.outbox.byId(["d"])).toMatchObject([{ state: "QUEUED", attempts: 0 }]);
      expect(await mine.alerts.evidenceOf(["objective-1/1"])).toEqual([null]);
    });

    test("a holder that was away writes on when nobody took its lease", async () => {
      const lease = await taken("a", 1);
      const mine = under.store().under(lease, () => {});
      await waitUntil("the end of a lease", async () => (await leases().read("all"))?.restMs === 0);
      await mine.alerts.commitCycle(alertCycle(1));
      expect(await leases().renew(lease, longMs)).toBe(true);
    });

    test("several are renewed at once, those that are still ours", async () => {
      const [one, two] = [await leases().take("one", "a", 1), await leases().take("two", "a", longMs)] as Lease[];
      await waitUntil("the end of a lease", async () => (await leases().take("one", "b", longMs)) !== null);
      expect(await leases().renewAll([one, two] as Lease[], 2 * longMs)).toEqual([two]);
      expect((await leases().read("two"))?.restMs).toBeGreaterThan(longMs);
      expect(await leases().renewAll([], longMs)).toEqual([]);
    });

    test("what is written under several is refused when one of them is another's, or when the leader does all itself", async () => {
      const store = under.store();
      const [one, two] = [await leases().take("one", "a", longMs), await leases().take("two", "a", 1)] as Lease[];
      let refusals = 0;
      const both = store.underShared([one, two] as Lease[], "all", () => {
        refusals += 1;
      });
      const first = store.underShared([one] as Lease[], "all", () => {});
      const save = (to: typeof both) => to.pages.save(new Map([["p", { atMs: 1, bytes: Uint8Array.from([1]) }]]), []);
      await expect(save(both)).rejects.toMatchObject(fenced);
      await leases().live({ id: "old", version: "0.1.0" }, longMs);
      await leases().live({ id: "new", version: "0.2.0", shards: "takes" }, longMs);
      const old = (await leases().take("all", "old", longMs)) as Lease;
      await expect(save(both)).rejects.toMatchObject(fenced);
      const names = ["one", "two", "three"];
      expect(await leases().shared(names, "all")).toMatchObject({ members: ["new"], areLeftByLeader: false });
      await leases().release(old);
      await save(both);
      await leases().take("all", "new", longMs);
      await leases().live({ id: "new", version: "0.2.0", shards: "leaves" }, longMs);
      await save(both);
      expect(await leases().shared(names, "all")).toMatchObject({ members: [], areLeftByLeader: true });
      await waitUntil("the end of a lease", async () => (await leases().take("two", "b", longMs)) !== null);
      await expect(save(both)).rejects.toMatchObject(fenced);
      await save(first);
      expect(refusals).toBe(3);
      const { holders } = await leases().shared(names, "all");
      expect([...holders].sort()).toEqual([
        ["one", "a"],
        ["two", "b"],
      ]);
    });

    test("people's marks and errands need no lease", async () => {
      const store = under.store();
      await store.alerts.commitCycle(alertCycle(1));
      await taken("a");
      expect(await store.alerts.acknowledge("objective-1/1", { by: "ann", atMs: 1 }, seeAll)).toMatchObject({
        acknowledged: { by: "ann" },
      });
      await store.errands.ask({ kind: "TELL", incidentId: "objective-1/1" });
      await store.errands.ask({ kind: "GATHER", incidentId: "objective-1/1" });
      const waiting = await store.errands.waiting();
      expect(waiting.map(({ kind }) => kind)).toEqual(["TELL", "GATHER"]);
      await store.errands.done(waiting[0]?.number ?? 0);
      expect(await store.errands.waiting()).toEqual(waiting.slice(1));
    });
  });

  test("copies are known while they live", async () => {
    await leases().live({ id: "a", version: "1.2.3" }, longMs);
    await leases().live({ id: "b", version: "1.2.4" }, longMs);
    await leases().live({ id: "c", version: "1.2.4" }, 1);
    await leases().live({ id: "a", version: "1.2.3" }, longMs);
    await leases().leave("b");
    await waitUntil("the end of a copy", async () => (await leases().copies()).length === 1);
    expect(await leases().copies()).toEqual([{ id: "a", version: "1.2.3" }]);
  });

  test("pages are replaced whole, and not read again by who knows them", async () => {
    const { pages } = under.store();
    const page = (atMs: number, ...bytes: number[]) => ({ atMs, bytes: Uint8Array.from(bytes) });
    expect(await pages.load("board", null)).toBeNull();
    await pages.save(
      new Map([
        ["board", page(1, 1, 2, 3)],
        ["roster", page(1, 9)],
      ]),
      [],
    );
    await pages.save(new Map([["board", page(2, 4)]]), ["objective-1/1"]);
    expect(await pages.load("board", 2)).toBeNull();
    const loaded = await pages.load("board", 1);
    expect([loaded?.atMs, ...(loaded?.bytes ?? [])]).toEqual([2, 4]);
    expect(await pages.load("roster", null)).toMatchObject({ atMs: 1 });
  });
}
