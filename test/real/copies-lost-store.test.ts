import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { waitUntil } from "../support/wait-until.js";
import type { LaunchPlan } from "./backends/backend.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import { postgres } from "./backends/postgres.js";
import { type ServerProcess, startServerProcess } from "./backends/server-process.js";
import { startTwoServers } from "./two-servers.js";

const patient = { limitMs: 60_000 };
const slos = "{ slos(first: 50) { nodes { name evaluatedAt } } }";

interface Ready {
  readonly store: { readonly usable: boolean };
  readonly alerting: { readonly evaluatedAt: string };
  readonly copies: { readonly leading: boolean; readonly count: number };
}

let folder = "";
let plan: LaunchPlan;
let server: ServerProcess;
let two: Awaited<ReturnType<typeof startTwoServers>>;
const start = async () => {
  server = startServerProcess(plan, folder, join(folder, "postgres.log"));
  await waitUntil("PostgreSQL", () => postgres.isReady(plan.address).catch(() => false), patient);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-lost-store-"));
  const cache = createInstallCache(cacheFolder(process.env), new AbortController().signal, () => {});
  await mkdir(join(folder, "server"));
  plan = await (await postgres.install(cache))(join(folder, "server"));
  await start();
  two = await startTwoServers(plan.address.url, 20);
});
afterAll(async () => {
  await two.close();
  await server.stop(10_000);
  await rm(folder, { recursive: true, force: true });
});

test("two servers whose PostgreSQL is killed answer on, and when it is back one of them leads and both show what it finds", async () => {
  const ready = async ({ url }: typeof two.leader) => (await (await fetch(`${url}/readyz`)).json()) as Ready;
  const both = () => Promise.all([ready(two.leader), ready(two.follower)]);
  await waitUntil(
    "both show an evaluation",
    async () => (await both()).every(({ alerting }) => alerting.evaluatedAt),
    patient,
  );
  process.kill(server.pid, "SIGKILL");
  await waitUntil("both know", async () => (await both()).every(({ store }) => !store.usable), patient);
  expect(JSON.stringify(await two.ask(two.follower, slos))).toContain('"name":"availability"');
  const before = (await both()).map(({ alerting }) => Date.parse(alerting.evaluatedAt));
  await start();
  await waitUntil(
    "both show newer evaluations, and one leads",
    async () => {
      const now = await both();
      const isNewer = now.every(({ alerting }, at) => Date.parse(alerting.evaluatedAt) > (before[at] ?? 0));
      return isNewer && now.filter(({ copies }) => copies.leading && copies.count === 2).length === 1;
    },
    patient,
  );
});
