/** The contract of the outbox. Called by the store's contract. */
import { describe, expect, test } from "@jest/globals";
import type { NewDelivery } from "../../src/store/outbox-store.js";
import { alertCycle, lastCycle } from "../support/alert-cycles.js";
import type { StoreUnderTest } from "./store.contract.js";

const startMs = Date.UTC(2026, 10, 1);

function delivery(id: string, given: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id,
    incidentId: "i1",
    channel: "#mesh-alerts",
    lane: "i1 #mesh-alerts",
    coalesceKey: null,
    queuedAtMs: startMs,
    payload: { text: id },
    ...given,
  };
}

/** The outbox of the contract. */
export function describeOutbox(under: StoreUnderTest): void {
  const outbox = () => under.store().outbox;
  const dueIds = async (nowMs = startMs) => (await outbox().due(nowMs, 100)).map(({ id }) => id);
  const send = async (id: string) => {
    expect(await outbox().begin(id, startMs)).toBe(true);
    expect(await outbox().settle(id, { state: "SENT", atMs: startMs + 1, receipt: { ts: "1.2" } })).toBe(true);
  };

  describe("the outbox", () => {
    test("hands out a lane one after the other, lanes beside each other", async () => {
      await outbox().enqueue([delivery("a1"), delivery("a2"), delivery("b1", { lane: "b" })]);
      expect(await dueIds()).toEqual(["a1", "b1"]);
      await outbox().begin("a1", startMs);
      expect(await dueIds()).toEqual(["b1"]);
      await outbox().settle("a1", { state: "SENT", atMs: startMs, receipt: null });
      expect(await dueIds()).toEqual(["a2", "b1"]);
    });

    test("takes an id once and gives an attempt to one only", async () => {
      await outbox().enqueue([delivery("a"), delivery("a")]);
      await outbox().enqueue([delivery("a", { payload: "other" })]);
      expect(await outbox().byId(["a"])).toMatchObject([{ payload: { text: "a" }, state: "QUEUED" }]);
      expect(await outbox().byId(["none"])).toEqual([null]);
      const begun = await Promise.all([outbox().begin("a", startMs), outbox().begin("a", startMs)]);
      expect(begun.sort()).toEqual([false, true]);
    });

    test("shows a lane with what was sent of it, in its order", async () => {
      await outbox().enqueue([delivery("a1"), delivery("b1", { lane: "b" }), delivery("a2")]);
      await send("a1");
      expect(await outbox().ofLane(delivery("a1").lane)).toMatchObject([
        { id: "a1", state: "SENT" },
        { id: "a2", state: "QUEUED" },
      ]);
      expect(await outbox().ofLane("none")).toEqual([]);
    });

    test("keeps what the peer answered", async () => {
      await outbox().enqueue([delivery("a")]);
      await send("a");
      expect(await outbox().deliveriesOf(["i1", "none"])).toEqual([
        [
          {
            ...delivery("a"),
            state: "SENT",
            attempts: 1,
            attemptedAtMs: startMs,
            nextAttemptMs: startMs,
            sentAtMs: startMs + 1,
            receipt: { ts: "1.2" },
            error: null,
          },
        ],
        [],
      ]);
      expect(await outbox().settle("a", { state: "DEAD", error: "late" })).toBe(false);
    });

    test("lets a failed one wait, its lane behind it, and says when it is due", async () => {
      await outbox().enqueue([delivery("a"), delivery("b")]);
      await outbox().begin("a", startMs);
      await outbox().settle("a", { state: "FAILED", nextAttemptMs: startMs + 500, error: "ratelimited" });
      expect([await dueIds(), await outbox().nextDueMs(startMs)]).toEqual([[], startMs + 500]);
      expect(await dueIds(startMs + 500)).toEqual(["a"]);
      expect(await outbox().nextDueMs(startMs + 500)).toBeNull();
    });

    test("drops waiting edits that a newer one makes pointless, never one that may have arrived", async () => {
      const edit = { coalesceKey: "edit" };
      await outbox().enqueue([delivery("post"), delivery("edit 1", edit), delivery("edit 2", edit)]);
      await outbox().enqueue([delivery("other lane", { ...edit, lane: "b" })]);
      expect((await outbox().byId(["post", "edit 1", "edit 2"])).map((one) => one?.state)).toEqual([
        "QUEUED",
        undefined,
        "QUEUED",
      ]);
      await send("post");
      await outbox().begin("edit 2", startMs);
      await outbox().settle("edit 2", { state: "AMBIGUOUS", nextAttemptMs: startMs, error: "timeout" });
      await outbox().enqueue([delivery("edit 3", edit)]);
      expect((await dueIds()).sort()).toEqual(["edit 2", "other lane"]);
    });

    test("an attempt that a crash cut short is ambiguous afterwards", async () => {
      await outbox().enqueue([delivery("a")]);
      await outbox().begin("a", startMs);
      expect(await outbox().recover(startMs + 5)).toBe(1);
      expect(await outbox().due(startMs + 5, 1)).toMatchObject([
        { id: "a", state: "AMBIGUOUS", attemptedAtMs: startMs },
      ]);
    });

    test("an attempt that another process may still be at is looked up when it must be over", async () => {
      await outbox().enqueue([delivery("a"), delivery("b", { lane: "b" })]);
      await outbox().begin("a", startMs);
      await outbox().begin("b", startMs + 90);
      expect(await outbox().recover(startMs + 100, 50)).toBe(2);
      expect(await dueIds(startMs + 100)).toEqual(["a"]);
      expect(await outbox().nextDueMs(startMs + 100)).toBe(startMs + 140);
    });

    test("a dead one holds up nobody, is counted and can be retried", async () => {
      await outbox().enqueue([delivery("a"), delivery("b")]);
      await outbox().begin("a", startMs);
      await outbox().settle("a", { state: "DEAD", error: "channel_is_archived" });
      expect(await dueIds()).toEqual(["b"]);
      expect(await outbox().counts()).toEqual({ QUEUED: 1, SENDING: 0, SENT: 0, AMBIGUOUS: 0, FAILED: 0, DEAD: 1 });
      expect(await outbox().retry("b", startMs)).toBeNull();
      expect(await outbox().retry("a", startMs + 9)).toMatchObject({ state: "QUEUED", error: null });
      expect(await dueIds(startMs + 9)).toEqual(["a"]);
    });

    test("final deliveries go with age, waiting ones stay", async () => {
      await outbox().enqueue([delivery("a"), delivery("b")]);
      await send("a");
      expect(await outbox().prune(startMs + 1)).toBe(1);
      expect(await dueIds()).toEqual(["b"]);
    });

    test("deliveries are in it if and only if their evaluation is stored", async () => {
      const cycle = { ...alertCycle(1), deliveries: [delivery("a")] };
      await under.store().alerts.commitCycle(cycle);
      await under.store().alerts.commitCycle(cycle);
      const refused = { ...alertCycle(7), deliveries: [delivery("b")] };
      await expect(under.store().alerts.commitCycle(refused)).rejects.toMatchObject({
        code: "MESHLENS_ERR_STORE_CONFLICT",
      });
      expect(await dueIds()).toEqual(["a"]);
      expect(lastCycle(await under.store().alerts.load())).toBe(1);
    });
  });
}
