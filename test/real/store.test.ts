import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { newestVersion } from "../../src/store/migrations.js";
import { openStore } from "../../src/store/open-store.js";
import { describeStore } from "../contract/store.contract.js";
import { alertCycle, lastCycle } from "../support/alert-cycles.js";
import { waitUntil } from "../support/wait-until.js";
import type { LaunchPlan } from "./backends/backend.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import { postgres as backend } from "./backends/postgres.js";
import { type ServerProcess, startServerProcess } from "./backends/server-process.js";
import { readTestState } from "./state-file.js";

const { postgres } = readTestState();

async function run(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** A database of its own per test; the name is ours, so it needs no quoting. */
async function makeDatabase(): Promise<{ readonly name: string; readonly url: string }> {
  const name = `meshlens_${randomUUID().replaceAll("-", "")}`;
  await run(`create database ${name}`);
  return { name, url: Object.assign(new URL(postgres.url), { pathname: `/${name}` }).toString() };
}

const dropDatabase = (name: string) => run(`drop database ${name} with (force)`);

describeStore(`PostgreSQL ${postgres.version}`, async () => {
  const { name, url } = await makeDatabase();
  return {
    open: (tiers) => openStore({ url, ...(tiers && { tiers }) }),
    clear: () => dropDatabase(name),
  };
});

describe("PostgreSQL shared by several copies", () => {
  test("copies that start at once on an empty database migrate it once", async () => {
    const { name, url } = await makeDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ url })));
    expect(await Promise.all(stores.map((store) => store.health()))).toEqual(
      stores.map(() => ({ kind: "postgres", isUsable: true, problem: null, schemaVersion: newestVersion })),
    );
    await Promise.all(stores.map((store) => store.close()));
    await dropDatabase(name);
  });

  test("of two that commit the same objective one is refused, whichever order the rows come in", async () => {
    const { name, url } = await makeDatabase();
    const [one, two] = await Promise.all([openStore({ url }), openStore({ url })]);
    const theirs = {
      ...alertCycle(1),
      transitions: alertCycle(1).transitions.map((t) => ({ ...t, payload: "other" })),
    };
    const outcomes = await Promise.allSettled([one.alerts.commitCycle(alertCycle(1)), two.alerts.commitCycle(theirs)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({ code: "MESHLENS_ERR_STORE_CONFLICT" });
    await Promise.all([one.close(), two.close()]);
    await dropDatabase(name);
  });

  test("a wrong password and a database that is not there are typed errors without the password", async () => {
    const wrong = Object.assign(new URL(postgres.url), { password: "s3cret-word" }).toString();
    const missing = Object.assign(new URL(postgres.url), { pathname: "/no_such" }).toString();
    for (const url of [wrong, missing]) {
      const error = await openStore({ url }).catch((refusal: unknown) => refusal);
      expect(error).toMatchObject({ code: "MESHLENS_ERR_STORE_UNREACHABLE" });
      expect(String(error)).not.toMatch(/s3cret|meshlens:/);
    }
  });
});

describe("a PostgreSQL that stops and starts", () => {
  let folder = "";
  let plan: LaunchPlan | null = null;
  let server: ServerProcess | null = null;
  const start = async () => {
    const launch = plan as LaunchPlan;
    server = startServerProcess(launch, folder, join(folder, "postgres.log"));
    await waitUntil("PostgreSQL", () => backend.isReady(launch.address).catch(() => false), { limitMs: 30_000 });
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "meshlens-postgres-"));
    const cache = createInstallCache(cacheFolder(process.env), new AbortController().signal, () => {});
    await mkdir(join(folder, "server"));
    plan = await (await backend.install(cache))(join(folder, "server"));
    await start();
  });
  afterAll(async () => {
    await server?.stop(10_000);
    await rm(folder, { recursive: true });
  });

  test.each(["SIGINT", "SIGKILL"] as const)(
    "by %s is a typed error and is used again by itself, with all that was committed",
    async (signal) => {
      const store = await openStore({ url: (plan as LaunchPlan).address.url });
      const first = lastCycle(await store.alerts.load()) + 1;
      await store.alerts.commitCycle(alertCycle(first));
      process.kill((server as ServerProcess).pid, signal);
      await waitUntil("its end", async () => server?.ended() !== null, { limitMs: 30_000 });
      await expect(store.alerts.commitCycle(alertCycle(first + 1))).rejects.toMatchObject({
        code: "MESHLENS_ERR_STORE_UNREACHABLE",
      });
      expect(await store.health()).toMatchObject({ isUsable: false });
      await start();
      expect(lastCycle(await store.alerts.load())).toBe(first);
      await store.alerts.commitCycle(alertCycle(first + 1));
      expect(await store.health()).toMatchObject({ isUsable: true });
      await store.close();
    },
  );
});
