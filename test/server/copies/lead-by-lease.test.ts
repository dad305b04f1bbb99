import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  createLeadership,
  type Leadership,
  type LeaseTimes,
  leadLease,
  type Term,
} from "../../../src/server/copies/lead-by-lease.js";
import type { Lease } from "../../../src/store/lease-store.js";
import { openStore } from "../../../src/store/open-store.js";
import type { Store } from "../../../src/store/store.js";
import { waitUntil } from "../../support/wait-until.js";

/** No lease ends by time, however long the machine stands still. */
const times = { ttlMs: 60_000, renewEveryMs: 40, tryEveryMs: 20 };

let store: Store;
const running: Leadership<Term>[] = [];
beforeEach(async () => {
  store = await openStore({ url: ":memory:" });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
  await store.close();
});

/** A copy with what happened to it, in order. */
function copyOf(
  id: string,
  startTerm: (lease: Lease) => Promise<void> = async () => {},
  differently: Partial<LeaseTimes> = {},
) {
  const told: string[] = [];
  const leadership = createLeadership({
    leases: store.leases,
    copy: { id, version: "1.0.0" },
    monotonicMs: () => performance.now(),
    startTerm: async (lease) => {
      await startTerm(lease);
      told.push(`term ${lease.epoch}`);
      return {
        close: async () => {
          told.push(`over ${lease.epoch}`);
        },
      };
    },
    observer: {
      taken: ({ epoch }) => told.push(`taken ${epoch}`),
      lost: ({ epoch }) => told.push(`lost ${epoch}`),
      failed: () => told.push("failed"),
    },
    times: { ...times, ...differently },
  });
  running.push(leadership);
  return { leadership, told };
}

test("the first copy leads, the second one waits, and leads when the first has stopped", async () => {
  const [one, two] = [copyOf("one"), copyOf("two")];
  await one.leadership.start();
  await two.leadership.start();
  expect([one.told, two.told]).toEqual([["term 1", "taken 1"], []]);
  expect([one.leadership.isSurelyHeld(), two.leadership.isSurelyHeld()]).toEqual([true, false]);
  expect(two.leadership.leader()).toMatchObject({ holder: "one", epoch: 1 });
  await waitUntil("they know each other", () => one.leadership.copyCount() === 2 && two.leadership.copyCount() === 2);
  await one.leadership.close();
  expect(one.told.at(-1)).toBe("over 1");
  await waitUntil("the second one leads", () => two.told.includes("taken 2"));
  expect(await store.leases.copies()).toEqual([{ id: "two", version: "1.0.0" }]);
});

test("a lease that another took ends the term, before this copy may lead again", async () => {
  // It looks when it is woken, so not between the two steps of the other.
  const { leadership, told } = copyOf("one", undefined, { renewEveryMs: 60_000 });
  await leadership.start();
  const mine = leadership.leader() as Lease;
  await store.leases.release(mine);
  const theirs = (await store.leases.take(leadLease, "other", 1)) as Lease;
  await waitUntil("it leads again", () => {
    leadership.wake();
    return told.includes("taken 3");
  });
  expect(theirs.epoch).toBe(2);
  expect(told).toEqual(["term 1", "taken 1", "lost 1", "over 1", "term 3", "taken 3"]);
});

test("a refused write ends the term at once, and a lease that is still ours is then taken anew", async () => {
  const { leadership, told } = copyOf("one");
  await leadership.start();
  leadership.refused();
  expect([leadership.isSurelyHeld(), leadership.term()]).toEqual([false, null]);
  await waitUntil("it leads again", () => told.includes("taken 2"));
  expect(told).toEqual(["term 1", "taken 1", "lost 1", "over 1", "term 2", "taken 2"]);
});

test("a term that cannot begin leaves the lease to others, and is tried again", async () => {
  let failures = 0;
  const failing = copyOf("failing", async () => {
    failures += 1;
    if (failures < 3) throw new Error("not yet");
  });
  await failing.leadership.start();
  await waitUntil("it leads at last", () => failing.told.includes("taken 3"));
  expect(failing.told).toEqual(["failed", "failed", "term 3", "taken 3"]);
});

test("a lease is renewed while its term takes long to begin", async () => {
  let begin = () => {};
  const slow = copyOf(
    "slow",
    () =>
      new Promise((resolve) => {
        begin = resolve;
      }),
  );
  const started = slow.leadership.start();
  const other = copyOf("other");
  await other.leadership.start();
  let [renewals, lastRestMs] = [0, 0];
  await waitUntil("it is renewed again and again", async () => {
    const read = await store.leases.read(leadLease);
    const restMs = read?.restMs ?? 0;
    if (restMs > lastRestMs) renewals += 1;
    lastRestMs = restMs;
    return renewals > 3;
  });
  expect(await store.leases.read(leadLease)).toMatchObject({ holder: "slow", epoch: 1 });
  begin();
  await started;
  expect([slow.told, other.told]).toEqual([["term 1", "taken 1"], []]);
});
