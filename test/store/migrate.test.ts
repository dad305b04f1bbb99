import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Kysely } from "kysely";
import Sqlite from "libsql";
import { createDatabase } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { type Migration, migrations, newestVersion } from "../../src/store/migrations.js";
import { openStore } from "../../src/store/open-store.js";
import { createSqliteDialect } from "../../src/store/sqlite-dialect.js";
import type { Tables } from "../../src/store/tables.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { alertCycle, lastCycle } from "../support/alert-cycles.js";
import { repositoryRoot } from "../support/repository-root.js";

const startMs = Date.UTC(2026, 10, 1);

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-migrate-"));
  path = join(folder, "meshlens.db");
});
afterEach(() => rm(folder, { recursive: true }));

async function recorded(version: number): Promise<void> {
  const script = await readFile(join(repositoryRoot, `test/fixtures/store/sqlite-v${version}.sql`), "utf8");
  const connection = new Sqlite(path);
  connection.exec(script);
  connection.close();
}

/** What a file is made of: the statements that made its tables and indexes, and the versions it went through. */
function shape(): readonly unknown[] {
  const connection = new Sqlite(path);
  const made = connection
    .prepare("select lower(sql) as made from sqlite_master where sql is not null order by name")
    .all();
  const versions = connection.prepare("select version from schema_version order by version").all();
  connection.close();
  return [...made, ...versions].map((row) => Object.values(row as object)[0]);
}

function openRaw() {
  const db = new Kysely<Tables>({ dialect: createSqliteDialect(new Sqlite(path)) });
  return createDatabase(db, { kind: "sqlite", place: path });
}

describe.each(migrations.map(({ version }) => version))("a store that version %i wrote", (version) => {
  test("is read and written on", async () => {
    await recorded(version);
    const store = await openStore({ url: `file:${path}` });
    const loaded = await store.alerts.load();
    expect([lastCycle(loaded), loaded.states.length, loaded.openIncidents.length]).toEqual([4, 3, 2]);
    expect((await store.alerts.incidentsById(["objective-1/1"], seeAll))[0]).toMatchObject({
      state: "RESOLVED",
      acknowledged: { by: "ann", atMs: startMs + 1 },
      silence: { by: "ann", untilMs: startMs + 3 },
    });
    expect(await store.alerts.transitionsOf(["objective-1/1"])).toEqual([
      [...alertCycle(1).transitions, ...alertCycle(4).transitions],
    ]);
    expect(await store.alerts.evidenceOf(["objective-1/1"])).toMatchObject([{ payload: { suspects: [] } }]);
    expect(await store.outbox.due(startMs, 9)).toMatchObject([{ id: "d1", payload: { text: "burns" } }]);
    await store.alerts.commitCycle(alertCycle(5));
    const blocks: unknown[] = [];
    for await (const { block } of store.sliCounts.read({ window: { fromMs: 0, toMs: startMs * 2 } })) {
      blocks.push([block.startMs - startMs, block.stepMs, block.keys, [...block.values]]);
    }
    const keys = ["default\u0000shop\u0000reviews", "b"];
    expect(blocks).toEqual([
      [-900_000, 300_000, ["b"], [7, 0, 9, 0, 0, 1]],
      [0, 30_000, keys, [100, 0, Number.NaN, 0.5]],
      [30_000, 30_000, keys, [101, 1, Number.NaN, 0.5]],
    ]);
    expect(await store.sliCounts.covered("availability")).toEqual([
      { fromMs: startMs - 900_000, toMs: startMs + 60_000 },
    ]);
    await store.close();
  });

  test("has the tables afterwards that a new store has", async () => {
    await recorded(version);
    await (await openStore({ url: `file:${path}` })).close();
    const upgraded = shape();
    path = join(folder, "new.db");
    await (await openStore({ url: `file:${path}` })).close();
    expect(shape()).toEqual(upgraded);
  });
});

test("the steps are numbered from 1 without a gap", () => {
  expect(migrations.map(({ version }) => version)).toEqual(Array.from({ length: newestVersion }, (_, i) => i + 1));
});

test("a step that fails leaves the store as it was before all steps", async () => {
  await recorded(1);
  const before = shape();
  const good: Migration = {
    version: 2,
    up: async (db) => void (await db.schema.createTable("half").addColumn("a", "text").execute()),
  };
  const failing: Migration = { version: 3, up: () => Promise.reject(new Error("broken step")) };
  const database = openRaw();
  await expect(migrate(database, systemClock, [...migrations.slice(0, 1), good, failing])).rejects.toThrow();
  await database.close();
  expect(shape()).toEqual(before);
});

test("a store that is up to date is not written to", async () => {
  await recorded(newestVersion);
  await (await openStore({ url: `file:${path}` })).close();
  const before = await readFile(path);
  await (await openStore({ url: `file:${path}` })).close();
  expect((await readFile(path)).equals(before)).toBe(true);
});

describe("a store that a newer Meshlens wrote", () => {
  const additive: Migration = {
    version: newestVersion + 1,
    oldestReader: newestVersion,
    up: async (db) => void (await db.schema.createTable("newer").addColumn("a", "text").execute()),
  };
  const breaking: Migration = { version: newestVersion + 1, up: additive.up };
  async function written(step: Migration): Promise<void> {
    const database = openRaw();
    await migrate(database, systemClock, [...migrations, step]);
    await database.close();
  }

  test("is used when that one said that this version may, so that both run side by side", async () => {
    await written(additive);
    const store = await openStore({ url: `file:${path}` });
    await store.alerts.commitCycle(alertCycle(1));
    await store.close();
  });

  test("is refused when it did not", async () => {
    await written(breaking);
    await expect(openStore({ url: `file:${path}` })).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_VERSION" });
  });

  test("is not made while a copy runs that could not go on with it, and is when it has stopped", async () => {
    const store = await openStore({ url: `file:${path}` });
    await store.leases.live({ id: "older", version: "0.1.0" }, 60_000);
    await store.close();
    await written(additive);
    const next: Migration = { version: newestVersion + 2, up: async () => {} };
    const database = openRaw();
    const steps = [...migrations, additive, next];
    await expect(migrate(database, systemClock, steps)).rejects.toThrow("stop the older copies first");
    await database.close();
    const again = await openStore({ url: `file:${path}` });
    await again.leases.leave("older");
    await again.close();
    const free = openRaw();
    await migrate(free, systemClock, steps);
    await free.close();
  });
});
