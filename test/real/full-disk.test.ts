import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { openStore } from "../../src/store/open-store.js";
import { startMs } from "../alerting/evaluated-mesh.js";
import { scrapeMs } from "../slo/measure/measured-mesh.js";
import { alertCycle, lastCycle } from "../support/alert-cycles.js";
import { webhookBody } from "../support/alertmanager/webhook-body.js";
import { waitUntil } from "../support/wait-until.js";
import { postgres } from "./backends/postgres.js";
import type { ServerProcess } from "./backends/server-process.js";
import { mountSmallDisk, type SmallDisk } from "./small-disk.js";
import { startOwn } from "./start-own.js";
import { startTwoServers } from "./two-servers.js";

const patient = { limitMs: 60_000 };
/** The user PostgreSQL runs as where the suite is root's. */
const nobody = 65_534;

/** Whether an answer has the calls of every scrape of the cart until half a minute before its evaluation. */
function countsAll(slos: unknown): boolean {
  const [, at = "", total = ""] = /"evaluatedAt":"([^"]+)","totalCount":([1-9]\d*)/.exec(JSON.stringify(slos)) ?? [];
  return Number(total) === (20 * (Date.parse(at) - startMs - 30_000)) / scrapeMs;
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-full-disk-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a full disk under SQLite is a typed error at writing and at opening, loses nothing, and is no more once there is room", async () => {
  const disk = mountSmallDisk(join(folder, "sqlite"), 4);
  const url = `file:${join(disk.folder, "meshlens.db")}`;
  const full = { code: "MESHLENS_ERR_STORE_FULL", message: expect.stringContaining("make room") };
  const store = await openStore({ url });
  await store.alerts.commitCycle(alertCycle(1));
  disk.fill();
  await expect(store.alerts.commitCycle(alertCycle(2))).rejects.toMatchObject(full);
  expect(lastCycle(await store.alerts.load())).toBe(1);
  disk.free();
  await store.alerts.commitCycle(alertCycle(2));
  await store.close();
  disk.fill();
  await expect(openStore({ url })).rejects.toMatchObject(full);
  disk.free();
  const again = await openStore({ url });
  expect(lastCycle(await again.alerts.load())).toBe(2);
  await again.close();
  disk.unmount();
});

describe("two servers on a PostgreSQL whose disk fills up before an outage", () => {
  const servers: ServerProcess[] = [];
  let disk: SmallDisk;
  let two: Awaited<ReturnType<typeof startTwoServers>>;
  beforeAll(async () => {
    const url = await startOwn(postgres, { folder, servers, signal: new AbortController().signal });
    disk = mountSmallDisk(join(folder, "tablespace"), 24, nobody);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    // The journal stays where there is room: a PostgreSQL that cannot write it ends, as in copies-lost-store.test.ts.
    await client.query(`create tablespace small location '${disk.folder}'`);
    await client.query("create database meshlens tablespace small");
    await client.end();
    two = await startTwoServers(Object.assign(new URL(url), { pathname: "/meshlens" }).toString(), 30);
  });
  afterAll(async () => {
    disk.free();
    await two.close();
    await Promise.all(servers.map((one) => one.stop(10_000)));
    disk.unmount();
  });

  interface Ready {
    readonly alerting: { readonly evaluatedAt: string | null; readonly message: string | null };
  }
  const both = () => [two.leader, two.follower];
  const evaluations = () =>
    Promise.all(both().map(async ({ url }) => ((await (await fetch(`${url}/readyz`)).json()) as Ready).alerting));
  const evaluatedMs = async () => (await evaluations()).map(({ evaluatedAt }) => Date.parse(evaluatedAt ?? "") || 0);
  const asked = async (query: string) =>
    (await Promise.all(both().map((of) => two.ask(of, query)))).map(({ data }) => data);
  const tell = () => {
    const labels = { alertname: "OutOfMemory", namespace: "shop", service: "ledger", severity: "critical" };
    const body = JSON.stringify(webhookBody([{ labels, startsAt: new Date(startMs).toISOString() }]));
    const headers = { "content-type": "application/json" };
    return fetch(`${two.follower.url}/webhooks/alertmanager`, { method: "POST", headers, body });
  };
  const slos = "{ slos(first: 5) { nodes { name evaluatedAt totalCount } } }";
  let heldMs = 0;

  test("say so, answer on, and take nothing that they cannot keep", async () => {
    await waitUntil("both show an evaluation", async () => Math.min(...(await evaluatedMs())) > 0, patient);
    disk.fill();
    await waitUntil(
      "the leading one says why",
      async () => (await evaluations()).some(({ message }) => message?.includes("disk is full") === true),
      patient,
    );
    heldMs = Math.max(...(await evaluatedMs()));
    const told = await tell();
    expect([told.status, told.headers.get("retry-after")]).toEqual([503, "10"]);
    expect(JSON.stringify(await asked(slos))).toMatch(/"name":"availability".*"name":"availability"/);
  });

  test("evaluate what they missed once there is room: one incident, one message, and every call counted", async () => {
    await waitUntil("the outage is over", () => two.minute() > 9.5, patient);
    expect(two.slack.workspace.channels[0]?.messages).toEqual([]);
    disk.free();
    const alerts = "{ alerts(first: 5) { nodes { state } } }";
    await waitUntil(
      "both show it",
      async () => JSON.stringify(await asked(alerts)).match(/"FIRING"/g)?.length === 2,
      patient,
    );
    expect(Math.min(...(await evaluatedMs()))).toBeGreaterThan(heldMs);
    const anchors = () => (two.slack.workspace.channels[0]?.messages ?? []).filter(({ threadTs }) => threadTs === null);
    await waitUntil("Slack is told", () => anchors().length > 0, patient);
    await waitUntil("both count every call", async () => (await asked(slos)).every(countsAll), patient);
    expect((await tell()).status).toBe(200);
    await waitUntil("of both incidents", () => anchors().length === 2, patient);
  });
});
