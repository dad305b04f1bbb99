import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { createLeadership } from "../../src/server/copies/lead-by-lease.js";
import type { Lease } from "../../src/store/lease-store.js";
import { migrate } from "../../src/store/migrate.js";
import { migrations } from "../../src/store/migrations.js";
import type { News } from "../../src/store/news.js";
import { openPostgres } from "../../src/store/open-postgres.js";
import { openStore } from "../../src/store/open-store.js";
import type { Store } from "../../src/store/store.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { alertCycle, lastCycle } from "../support/alert-cycles.js";
import { sharedObjectives } from "../support/cart-objectives.js";
import { type Disturb, playCopies, usualPace } from "../support/copies/copies-story.js";
import { judgeCopies } from "../support/copies/judge-copies.js";
import { copyLeaseTimes } from "../support/copies/sped-clock.js";
import { guideBlocks } from "../support/deploy/guides.js";
import { serveStory } from "../support/kill-a-server.js";
import { storeFixtureRows } from "../support/store-fixture-rows.js";
import { waitUntil } from "../support/wait-until.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import { postgres } from "./backends/postgres.js";
import { installPostgresClient } from "./backends/postgres-client.js";
import { runCommand } from "./backends/run-command.js";
import type { ServerProcess } from "./backends/server-process.js";
import { startOwn } from "./start-own.js";

const longMs = 60_000;
const fenced = { code: "MESHLENS_ERR_STORE_FENCED" };

let folder = "";
let server = "";
const servers: ServerProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-copies-real-"));
  server = await startOwn(postgres, { folder, servers, signal: new AbortController().signal });
});
afterAll(async () => {
  await Promise.all(servers.map((one) => one.stop(10_000)));
  await rm(folder, { recursive: true, force: true });
});

async function run(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}

let url = "";
const open: Store[] = [];
beforeEach(async () => {
  const name = `meshlens_${randomUUID().replaceAll("-", "")}`;
  await run(`create database ${name}`);
  url = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
});

async function copy(): Promise<Store> {
  const store = await openStore({ url });
  open.push(store);
  return store;
}

describe("two copies on one PostgreSQL", () => {
  test("of many that ask for a lease at once one has it", async () => {
    const copies = await Promise.all(Array.from({ length: 4 }, copy));
    for (let round = 1; round <= 5; round += 1) {
      const leases = await Promise.all(copies.map(({ leases, copyId }) => leases.take("all", copyId, longMs)));
      const [lease, ...others] = leases.flatMap((one) => one ?? []);
      expect([lease?.epoch, others]).toEqual([round, []]);
      await copies[0]?.leases.release(lease as Lease);
    }
  });

  test("a lease is not taken while a transaction under it runs, and what comes after the taking is refused", async () => {
    const [one, two] = [await copy(), await copy()];
    const first = (await one.leases.take("all", "one", 1)) as Lease;
    const mine = one.under(first, () => {});
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("begin");
    await client.query("select * from meshlens.lease where name = 'all' for key share");
    await waitUntil("the end of the lease", async () => (await two.leases.read("all"))?.restMs === 0);
    expect(await two.leases.take("all", "two", longMs)).toBeNull();
    expect(await one.leases.renew(first, 1)).toBe(true);
    await client.query("commit");
    await client.end();
    await waitUntil("it is taken", async () => (await two.leases.take("all", "two", longMs)) !== null);
    await expect(mine.alerts.commitCycle(alertCycle(1))).rejects.toMatchObject(fenced);
    expect(lastCycle(await two.alerts.load())).toBe(0);
  });

  test("two leaders for a moment: each evaluation is stored once, by the one whose lease is newer", async () => {
    const [one, two] = [await copy(), await copy()];
    const first = (await one.leases.take("all", "one", 1)) as Lease;
    const old = one.under(first, () => {});
    await old.alerts.commitCycle(alertCycle(1));
    let second: Lease | null = null;
    await waitUntil("it is taken", async () => {
      second = await two.leases.take("all", "two", longMs);
      return second !== null;
    });
    const next = two.under(second as unknown as Lease, () => {});
    // One copy's evaluations follow each other; those of the two meet.
    for (const n of [2, 3, 4]) {
      const outcomes = await Promise.allSettled([
        next.alerts.commitCycle(alertCycle(n)),
        old.alerts.commitCycle(alertCycle(n)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    }
    expect(lastCycle(await one.alerts.load())).toBe(4);
  });

  test("counts of series that another copy has made since are read", async () => {
    const [one, two] = [await copy(), await copy()];
    const counted = (key: string, startMs: number) => {
      const block = { startMs, stepMs: 30_000, bucketCount: 1, counters: ["total"], keys: [key], values: [7] };
      return one.sliCounts.append([{ scope: "s", block: { ...block, values: Float64Array.from(block.values) } }]);
    };
    const keys = async () => {
      const found: string[] = [];
      const window = { fromMs: 0, toMs: 90_000 };
      for await (const { block } of two.sliCounts.read({ scope: "s", window })) found.push(...block.keys);
      return found;
    };
    await counted("a", 0);
    expect(await keys()).toEqual(["a"]);
    await counted("b", 30_000);
    expect(await keys()).toEqual(["a", "b"]);
  });

  test("each hears what the other stores when it is committed, and nothing of its own", async () => {
    const [one, two] = [await copy(), await copy()];
    const heard = { one: [] as News[], two: [] as News[] };
    let gaps = 0;
    const gap = () => {
      gaps += 1;
    };
    for (const [name, store] of [
      ["one", one],
      ["two", two],
    ] as const) {
      store.news.follow({ onNews: (news) => heard[name].push(news), onGap: gap });
    }
    await waitUntil("both listen", () => gaps === 2);
    await one.alerts.commitCycle(alertCycle(1));
    await two.alerts.acknowledge("objective-1/1", { by: "ann", atMs: 1 }, seeAll);
    await two.errands.ask({ kind: "TELL", incidentId: "objective-1/1" });
    const incidents = { kind: "incidents", ids: ["objective-1/1"] };
    await waitUntil("all is heard", () => heard.one.length === 2 && heard.two.length === 1);
    expect(heard).toEqual({ one: [incidents, { kind: "errands", ids: null }], two: [incidents] });
  });

  test("a broken connection is told as a gap, and news come again after it", async () => {
    const [one, two] = [await copy(), await copy()];
    const news: News[] = [];
    let gaps = 0;
    const gap = () => {
      gaps += 1;
    };
    two.news.follow({ onNews: (one) => news.push(one), onGap: gap });
    await waitUntil("it listens", () => gaps === 1);
    await run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'meshlens news'");
    await waitUntil("it listens again", () => gaps === 2, { limitMs: 20_000 });
    await one.alerts.commitCycle(alertCycle(1));
    await waitUntil("news come", () => news.length === 1);
  });

  test("a lease outlives a PostgreSQL that ends all connections, and its term goes on", async () => {
    const store = await copy();
    const told: string[] = [];
    const leadership = createLeadership({
      leases: store.leases,
      copy: { id: store.copyId, version: "1" },
      monotonicMs: () => performance.now(),
      startTerm: async () => ({ close: async () => void told.push("closed") }),
      observer: { taken: () => told.push("taken"), lost: () => told.push("lost"), failed: () => told.push("failed") },
      times: copyLeaseTimes,
    });
    await leadership.start();
    await waitUntil("it is held for sure", () => leadership.isSurelyHeld());
    for (let n = 0; n < 5; n += 1) {
      await run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'meshlens'");
      await waitUntil("it is held for sure", () => leadership.isSurelyHeld());
    }
    expect(told.filter((word) => word !== "failed")).toEqual(["taken"]);
    await leadership.close();
    expect((await store.leases.read("all"))?.restMs).toBe(0);
    expect(await store.leases.copies()).toEqual([]);
  });
});

test("what pg_dump takes, by the command of the guide, is a store again in an empty database", async () => {
  const cache = createInstallCache(cacheFolder(process.env), new AbortController().signal, () => {});
  const programs = await installPostgresClient(cache);
  const [dump = "", restore = "", ...others] = guideBlocks()
    .filter(({ needs }) => needs === "postgres")
    .map(({ script }) => script);
  expect(others).toEqual([]);
  const type = (script: string, store: string) => {
    const environment = { ...programs.environment, MESHLENS_STORE_URL: store };
    return runCommand("bash", ["-euo", "pipefail", "-c", script], {
      cwd: folder,
      environment,
      remedy: "Mend the guide.",
    });
  };
  const one = await copy();
  for (const n of [1, 2, 3]) await one.alerts.commitCycle(alertCycle(n));
  const { states, openIncidents } = await one.alerts.load();
  // While copies run.
  await type(dump, url);
  const empty = Object.assign(new URL(server), { pathname: `${new URL(url).pathname}_again` }).toString();
  await run(`create database ${new URL(empty).pathname.slice(1)}`);
  await type(restore, empty);
  const again = await openStore({ url: empty });
  open.push(again);
  expect(await again.alerts.load()).toMatchObject({ states, openIncidents });
  expect(lastCycle(await again.alerts.load())).toBe(3);
  await again.alerts.commitCycle(alertCycle(4));
});

describe.each(migrations.map(({ version }) => version))("a PostgreSQL that version %i wrote", (version) => {
  test("is brought up to date with all that is in it, and written on", async () => {
    const database = openPostgres(url);
    await migrate(database, systemClock, migrations.slice(0, version));
    await database.close();
    const client = new pg.Client({ connectionString: url, options: "-c search_path=meshlens" });
    await client.connect();
    for (const statement of await storeFixtureRows(version)) await client.query(statement);
    await client.end();
    const store = await copy();
    const loaded = await store.alerts.load();
    expect([lastCycle(loaded), loaded.states.length, loaded.openIncidents.length]).toEqual([4, 3, 2]);
    expect(await store.outbox.byId(["d1"])).toMatchObject([{ state: "QUEUED", payload: { text: "burns" } }]);
    await store.alerts.commitCycle(alertCycle(5));
    expect(lastCycle(await store.alerts.load())).toBe(5);
    expect(await store.leases.take("all", "me", longMs)).toMatchObject({ holder: "me" });
  });
});

test("copies that share measuring, killed, paused and replaced while alerts fire: transitions and messages of an undisturbed run", async () => {
  const plan: ReturnType<Disturb>[] = [
    { kind: "KILL", afterMs: 500 },
    { kind: "PAUSE", afterMs: 0, fromMinute: 5.5 },
    { kind: "KILL_OTHER", afterMs: 0, fromMinute: 6.5 },
    { kind: "KILL", afterMs: 0, fromMinute: 7.5 },
    { kind: "REPLACE", afterMs: 0, fromMinute: 8.5 },
    { kind: "KILL", afterMs: 100, fromMinute: 9.5 },
  ];
  const { periodMinutes } = usualPace;
  const story = await playCopies({
    url,
    ...usualPace,
    leastMinutes: periodMinutes,
    disturb: () => plan.shift() ?? null,
  });
  const { transitions } = await serveStory(story.minutes, () => null, periodMinutes, sharedObjectives);
  expect(judgeCopies(story, transitions)).toEqual([]);
  expect([story.kills, story.pauses, story.replaced, transitions.length]).toEqual([
    4,
    1,
    1,
    (8 * story.minutes) / periodMinutes,
  ]);
}, 600_000);
