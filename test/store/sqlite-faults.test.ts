import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Kysely } from "kysely";
import Sqlite from "libsql";
import { createAlertRepository } from "../../src/store/alert-repository.js";
import { createDatabase } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { openStore } from "../../src/store/open-store.js";
import { createSqliteDialect } from "../../src/store/sqlite-dialect.js";
import type { Tables } from "../../src/store/tables.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { alertCycle, lastCycle } from "../support/alert-cycles.js";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-faults-"));
  path = join(folder, "meshlens.db");
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openStore({ url: `file:${path}` });

describe("a second opener", () => {
  test("is refused in words, and let in once the first has closed", async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject({
      code: "MESHLENS_ERR_STORE_LOCKED",
      message: expect.stringContaining(path),
    });
    await store.close();
    await (await open()).close();
  });

  test("of another process is refused, and let in after that process was killed", async () => {
    const program = new URL("../support/commit-until-killed.js", import.meta.url).pathname;
    const child = spawn(process.execPath, [program, `file:${path}`], { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(child, "exit");
    await once(child.stdout, "data");
    await expect(open()).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_LOCKED" });
    child.kill("SIGKILL");
    await closed;
    await (await open()).close();
  });
});

describe("the file", () => {
  test("is readable by its owner only, and for others of its owner's programs while it is open", async () => {
    const store = await open();
    await store.alerts.commitCycle(alertCycle(1));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const reader = new Sqlite(path, { readonly: true } as Sqlite.Options);
    expect(reader.prepare("select count(*) as n from alert_transition").all()).toMatchObject([{ n: 1 }]);
    reader.close();
    await store.close();
  });

  test("that cannot be made says so", async () => {
    path = join(folder, "missing", "meshlens.db");
    await expect(open()).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_UNREACHABLE" });
  });

  test("that is no database is refused and left as it is", async () => {
    await writeFile(path, "objectives: []\n".repeat(100));
    await expect(open()).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_CORRUPT" });
    expect((await readFile(path, "utf8")).startsWith("objectives")).toBe(true);
  });

  test("of another program is refused", async () => {
    const other = new Sqlite(path);
    other.exec("create table songs(title text)");
    other.close();
    await expect(open()).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_VERSION" });
  });

  test("of a newer Meshlens is refused in words", async () => {
    await (await open()).close();
    const newer = new Sqlite(path);
    newer.exec("insert into schema_version (version, applied_ms) values (999, 0)");
    newer.close();
    await expect(open()).rejects.toMatchObject({
      code: "MESHLENS_ERR_STORE_VERSION",
      message: expect.stringContaining("999"),
    });
  });
});

describe("a lock of somebody else", () => {
  test("is waited for while the event loop turns", async () => {
    const store = await open();
    const other = new Sqlite(path);
    other.exec("begin immediate");
    let turns = 0;
    const turning = setInterval(() => {
      turns++;
      if (turns === 10) other.exec("commit");
    }, 5);
    await store.alerts.commitCycle(alertCycle(1));
    clearInterval(turning);
    expect(turns).toBeGreaterThanOrEqual(10);
    other.close();
    await store.close();
  });

  test("that is never let go of is a typed error, and nothing is stored", async () => {
    await (await open()).close();
    const connection = new Sqlite(path, { timeout: 1 });
    const db = new Kysely<Tables>({ dialect: createSqliteDialect(connection) });
    const database = createDatabase(db, { kind: "sqlite", place: path, patienceMs: 50 });
    const alerts = createAlertRepository(database);
    const other = new Sqlite(path);
    other.exec("begin immediate");
    await expect(alerts.commitCycle(alertCycle(1))).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_LOCKED" });
    expect(lastCycle(await alerts.load())).toBe(0);
    other.exec("commit");
    await alerts.commitCycle(alertCycle(1));
    other.close();
    await database.close();
  });
});

test("a full disk is a typed error, loses nothing that was stored, and goes on once there is room", async () => {
  const connection = new Sqlite(path);
  const db = new Kysely<Tables>({ dialect: createSqliteDialect(connection) });
  const database = createDatabase(db, { kind: "sqlite", place: path });
  await migrate(database, systemClock);
  const alerts = createAlertRepository(database);
  const [{ page_count: pages }] = connection.pragma("page_count") as [{ page_count: number }];
  connection.pragma(`max_page_count = ${pages + 4}`);
  let n = 0;
  const fill = async () => {
    for (;;) await alerts.commitCycle(alertCycle(++n));
  };
  await expect(fill()).rejects.toMatchObject({
    code: "MESHLENS_ERR_STORE_FULL",
    message: expect.stringContaining("make room"),
  });
  expect(lastCycle(await alerts.load())).toBe(n - 1);
  connection.pragma("max_page_count = 100000");
  await alerts.commitCycle(alertCycle(n));
  expect(lastCycle(await alerts.load())).toBe(n);
  await database.close();
});

test("after close every call is refused, and health says it without throwing", async () => {
  const store = await open();
  const pending = store.alerts.commitCycle(alertCycle(1));
  await store.close();
  await pending;
  await expect(store.alerts.load()).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_UNREACHABLE" });
  expect(await store.health()).toMatchObject({ isUsable: false, problem: expect.stringContaining("closed") });
});

test("what cannot be bound is refused: libsql would end the process at a boolean", async () => {
  const connection = new Sqlite(":memory:");
  const db = new Kysely<Tables>({ dialect: createSqliteDialect(connection) });
  const name = true as unknown as string;
  await expect(db.selectFrom("sli_scope").selectAll().where("name", "=", name).execute()).rejects.toThrow(TypeError);
  await db.destroy();
});
