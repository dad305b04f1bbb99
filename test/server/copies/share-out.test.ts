import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { pino } from "pino";
import { createLeadership, type Leadership, leadLease } from "../../../src/server/copies/lead-by-lease.js";
import { createShareOut, type ShareOut } from "../../../src/server/copies/share-out.js";
import type { TermMeasuring } from "../../../src/server/term-measuring.js";
import { shardCount, shardOfObjective } from "../../../src/slo/measure/shard-of.js";
import type { Measurement } from "../../../src/slo/measurement.js";
import type { Lease } from "../../../src/store/lease-store.js";
import { openStore } from "../../../src/store/open-store.js";
import type { Store } from "../../../src/store/store.js";
import { cartObjectives, createWeatheredMesh, startMs, stepMs } from "../../alerting/evaluated-mesh.js";
import { measurerOver, options } from "../../slo/measure/measured-mesh.js";
import { waitUntil } from "../../support/wait-until.js";

/** No lease ends by time, however long the machine stands still: those of a frozen copy are ended. */
const times = { ttlMs: 60_000, renewEveryMs: 60, tryEveryMs: 20 };
const [availability, latency] = cartObjectives as [(typeof cartObjectives)[0], (typeof cartObjectives)[0]];
const ofFront = {
  ...availability,
  id: "from-front",
  scope: { ...availability.scope, caller: { cluster: null, namespace: "shop", name: "front" } },
};
/** In two shards, 1 and 4. */
const objectives = [availability, ofFront, latency];

let store: Store;
let nowMs = startMs;
const mesh = createWeatheredMesh((minute) => (minute > 3 ? 0.5 : 0));
const running: { stop(): Promise<void> }[] = [];
beforeEach(async () => {
  store = await openStore({ url: ":memory:" });
});
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  await store.close();
});

interface Copy {
  readonly shareOut: ShareOut;
  readonly leadership: Leadership<{ readonly measuring: TermMeasuring; close(): Promise<void> }>;
  stop(): Promise<void>;
  /** Its leases end, and what it is about to do it does later. */
  freeze(): void;
  thaw(): void;
}

/** A copy; several of them share the one store of a test, as copies do a PostgreSQL. */
async function copyOf(id: string, canMeasure = () => true): Promise<Copy> {
  let freeze: Promise<void> | null = null;
  let thaw = () => {};
  let ending: NodeJS.Timeout | undefined;
  const own: Store = {
    ...store,
    copyId: id,
    leases: new Proxy(store.leases, {
      get:
        (leases, name: keyof Store["leases"]) =>
        async (...given: never[]) => {
          await freeze;
          return (leases[name] as (...given: never[]) => unknown)(...given);
        },
    }),
    underShared: (leases: readonly Lease[], leader, onRefused) => {
      const under = store.underShared(leases, leader, onRefused);
      const post: typeof under.pages.post = async (...given) => {
        await freeze;
        await under.pages.post(...given);
      };
      return { ...under, pages: { ...under.pages, post } };
    },
  };
  const shareOut = createShareOut({
    store: own,
    makeMeasurer(counts) {
      const measurer = measurerOver([mesh.source], counts);
      return {
        ...measurer,
        cycle: (...given) => (canMeasure() ? measurer.cycle(...given) : Promise.reject(new Error("no memory left"))),
      };
    },
    clock: { nowMs: () => nowMs },
    monotonicMs: () => performance.now(),
    pause: (_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
    intervalMs: stepMs,
    timeoutMs: 20_000,
    times,
    logger: pino({ enabled: false }),
    leading: () => leadership.term()?.measuring ?? null,
    onBackfilled: () => {},
  });
  const leadership: Copy["leadership"] = createLeadership({
    leases: own.leases,
    copy: { id, version: "1.0.0" },
    shardStance: shareOut.stance,
    monotonicMs: () => performance.now(),
    startTerm: async (lease) => {
      const measuring = shareOut.measuring(
        lease,
        store.under(lease, () => {}),
      );
      return { measuring, close: async () => measuring.giveUp() };
    },
    observer: { taken: () => {}, lost: () => {}, failed: () => {} },
    times,
  });
  // SQLite tells no news: it is looked for all the time.
  const timer = setInterval(() => {
    shareOut.asked();
    shareOut.measured();
  }, 10);
  await leadership.start();
  await shareOut.start();
  const copy = {
    shareOut,
    leadership,
    freeze() {
      freeze = new Promise((resolve) => {
        thaw = resolve;
      });
      // Again and again, as what was under way may have renewed them.
      ending = setInterval(() => void endLeasesOf(id), 10);
    },
    thaw: () => {
      clearInterval(ending);
      freeze = null;
      thaw();
    },
    async stop() {
      copy.thaw();
      clearInterval(timer);
      await leadership.close();
      await shareOut.close();
    },
  };
  running.push(copy);
  return copy;
}

/** As time would. */
async function endLeasesOf(id: string): Promise<void> {
  await store.leases.leave(id);
  for (const name of Array.from({ length: shardCount }, (_, shard) => `evaluate-${shard}`)) {
    const lease = await store.leases.read(name);
    if (lease?.holder === id && lease.restMs > 0) await store.leases.renew(lease, 0);
  }
}

const measuringOf = ({ leadership }: Copy) => leadership.term()?.measuring as TermMeasuring;
async function measured(copy: Copy, atMinute: number): Promise<readonly Measurement[]> {
  nowMs = startMs + atMinute * 60_000;
  mesh.scrapeUntil(nowMs);
  const { measurements } = await measuringOf(copy).measurer.cycle(nowMs, objectives, options());
  return [...measurements];
}
const counts = (...copies: readonly Copy[]) => copies.map(({ shareOut }) => shareOut.count());

/** What one measurer says that does all alone, with the calls it takes. */
async function alone(minutes: readonly number[]) {
  const other = await openStore({ url: ":memory:" });
  const measurer = measurerOver([mesh.source], other.sliCounts);
  await measurer.load(startMs);
  const said: (readonly Measurement[])[] = [];
  for (const minute of minutes) {
    const atMs = startMs + minute * 60_000;
    mesh.scrapeUntil(atMs);
    said.push([...(await measurer.cycle(atMs, objectives, options())).measurements]);
  }
  await other.close();
  return said;
}

test("two copies measure what one alone would; a frozen holder's shards go on elsewhere, and when it wakes up nothing of it counts", async () => {
  expect(objectives.map(shardOfObjective)).toEqual([1, 4, 1]);
  const expected = await alone([1, 2, 3, 4, 5, 6, 7]);
  const one = await copyOf("one");
  await waitUntil("it has all", () => one.shareOut.count() === 8);
  const before = mesh.calls.length;
  expect(await measured(one, 1)).toEqual(expected[0]);
  expect([mesh.calls.length > before, measuringOf(one).hasWaited?.()]).toEqual([true, false]);

  const two = await copyOf("two");
  await waitUntil("each has half", () => counts(one, two).every((count) => count === 4));
  expect(await measured(one, 2)).toEqual(expected[1]);
  expect(measuringOf(one).hasWaited?.()).toBe(true);
  expect(await measured(one, 3)).toEqual(expected[2]);

  two.freeze();
  expect(await measured(one, 4)).toEqual(expected[3]);
  expect(counts(one)).toEqual([8]);
  const epochs = (await store.leases.read(leadLease))?.epoch;
  two.thaw();
  await waitUntil("each has half again", () => counts(one, two).every((count) => count === 4));
  expect(await measured(one, 5)).toEqual(expected[4]);
  expect((await store.leases.read(leadLease))?.epoch).toBe(epochs);

  await one.leadership.close();
  await one.shareOut.close();
  await waitUntil("the other one leads", () => two.leadership.term() !== null);
  // Asked for before, by the copy that led: measured again.
  expect(await measured(two, 5)).toEqual(expected[4]);
  expect(await measured(two, 6)).toEqual(expected[5]);
});

test("a copy that cannot measure leaves its shards to others, so that evaluations go on", async () => {
  // Asked for a second time, when what is missing before it is asked for too.
  const [, expected] = await alone([8, 8]);
  const one = await copyOf("one");
  const two = await copyOf("two", () => false);
  await waitUntil("each has half", () => counts(one, two).every((count) => count === 4));
  expect(await measured(one, 8)).toEqual(expected);
  await waitUntil("it has all", () => counts(one, two).join() === "8,0");
});

test("beside a leading copy that does all itself none measures", async () => {
  await store.leases.live({ id: "old", version: "0.1.0" }, 60_000);
  const old = (await store.leases.take(leadLease, "old", 60_000)) as Lease;
  const one = await copyOf("one");
  await new Promise((resolve) => setTimeout(resolve, 5 * times.tryEveryMs));
  expect([one.shareOut.count(), one.leadership.term()]).toEqual([0, null]);
  await store.leases.release(old);
  await waitUntil("it leads and measures", () => one.shareOut.count() === 8);
});

test("a term that ends gives up what it waits for", async () => {
  const one = await copyOf("one");
  await one.shareOut.close();
  const waiting = measured(one, 7);
  measuringOf(one).giveUp();
  await expect(waiting).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_FENCED" });
});
