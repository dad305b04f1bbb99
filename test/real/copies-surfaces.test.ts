import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { openStore } from "../../src/store/open-store.js";
import { startMs } from "../alerting/evaluated-mesh.js";
import { type ToldAlert, webhookBody } from "../support/alertmanager/webhook-body.js";
import { waitUntil } from "../support/wait-until.js";
import { postgres } from "./backends/postgres.js";
import type { ServerProcess } from "./backends/server-process.js";
import { startOwn } from "./start-own.js";
import { startTwoServers } from "./two-servers.js";

const alerts =
  "{ alerts(first: 5) { nodes { id state slo { name } acknowledgedBy silencedUntil evidence { takenAt } } } }";
const slos = "{ slos(first: 50) { nodes { id name state dataState evaluatedAt totalCount } } }";
const patient = { limitMs: 60_000 };

describe("two servers on one PostgreSQL, asked at the one that does not lead", () => {
  const servers: ServerProcess[] = [];
  const pushed: unknown[] = [];
  let folder = "";
  let url = "";
  let two: Awaited<ReturnType<typeof startTwoServers>>;
  let id = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "meshlens-surfaces-"));
    url = await startOwn(postgres, { folder, servers, signal: new AbortController().signal });
    two = await startTwoServers(url, 30);
  });
  afterAll(async () => {
    await two.close();
    await Promise.all(servers.map((one) => one.stop(10_000)));
    await rm(folder, { recursive: true, force: true });
  });
  const listed = async (server: typeof two.leader) => {
    const { data = {} } = await two.ask(server, alerts);
    const { nodes } = data["alerts"] as { readonly nodes: readonly Readonly<Record<string, unknown>>[] };
    return nodes;
  };
  const first = async (server: typeof two.leader) => (await listed(server)).find(({ slo }) => slo !== null);
  const copies = async ({ url }: typeof two.leader) =>
    ((await (await fetch(`${url}/readyz`)).json()) as { readonly copies: unknown }).copies;

  test("it says so, and the other one leads", async () => {
    await waitUntil("they know each other", async () => {
      const [one, other] = [await copies(two.leader), await copies(two.follower)];
      const expected = [true, false].map((leading) => ({ leading, count: 2, shards: 4 }));
      return JSON.stringify([one, other]) === JSON.stringify(expected);
    });
    const metrics = async (of: typeof two.leader) => (await fetch(`${of.url}/metrics`)).text();
    expect(await metrics(two.follower)).toMatch(/meshlens_lease_held 0\n[\s\S]*meshlens_lease_copies 2\n/);
    expect(await metrics(two.leader)).toMatch(/meshlens_lease_held 1\n[\s\S]*meshlens_lease_epoch 1\n/);
    expect(await metrics(two.follower)).not.toContain("meshlens_slo_state{");
  });

  test("objectives are as the other one found them", async () => {
    const client = createClient({
      url: `${two.follower.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    client.subscribe(
      { query: "subscription { alertChanged { id state acknowledgedBy } }" },
      { next: ({ data }) => pushed.push(data), error: (error) => pushed.push(error), complete: () => {} },
    );
    let texts: readonly string[] = [];
    await waitUntil(
      "both say the same of an objective with calls",
      async () => {
        texts = await Promise.all(
          [two.leader, two.follower].map(async (of) => JSON.stringify(await two.ask(of, slos))),
        );
        return texts[0] === texts[1] && /"dataState":"OK"[^}]*"totalCount":[1-9]/.test(texts[1] ?? "");
      },
      patient,
    );
  });

  test("an incident is listed with its evidence, and pushed", async () => {
    const isWhole = async () => {
      const found = await first(two.follower);
      return found?.["state"] === "FIRING" && (found["evidence"] as { takenAt?: unknown } | null)?.takenAt != null;
    };
    await waitUntil("it fires", isWhole, patient);
    id = String((await first(two.follower))?.["id"]);
    await waitUntil("it is pushed", () => JSON.stringify(pushed).includes('"FIRING"'), patient);
    await waitUntil("Slack is told", () => (two.slack.workspace.channels[0]?.messages.length ?? 0) > 0, patient);
  });

  test("a person's mark is there at once, everywhere: on both servers, in what is pushed, and in Slack's message", async () => {
    const mutation = `mutation($id: ID!) {
      acknowledgeAlert(input: { alertId: $id }) { alert { acknowledgedBy } userErrors { code } }
      silenceAlert(input: { alertId: $id, for: "5h" }) { alert { silencedUntil } userErrors { code } }
    }`;
    const answer = await two.ask(two.follower, mutation, { id });
    expect(answer).toMatchObject({ data: { acknowledgeAlert: { userErrors: [] }, silenceAlert: { userErrors: [] } } });
    expect(await first(two.leader)).toMatchObject({ id, acknowledgedBy: expect.any(String) });
    await waitUntil("it is pushed", () => /"acknowledgedBy":"[^"]/.test(JSON.stringify(pushed)), patient);
    const anchor = () => JSON.stringify(two.slack.workspace.channels[0]?.messages[0]?.blocks);
    await waitUntil("Slack's message shows it", () => /silenced/i.test(anchor()), patient);
  });

  test("what Alertmanager tells it is stored, and made one incident with one message by the leading one, whoever is told again", async () => {
    const now = () => new Date(startMs + two.minute() * 60_000).toISOString();
    const labels = { alertname: "OutOfMemory", namespace: "shop", service: "ledger", severity: "critical" };
    const alert = { labels, startsAt: now() };
    const tell = async ({ url }: typeof two.leader, told: ToldAlert) => {
      const body = JSON.stringify(webhookBody([told]));
      const headers = { "content-type": "application/json" };
      return (await fetch(`${url}/webhooks/alertmanager`, { method: "POST", headers, body })).status;
    };
    const both = [two.leader, two.follower];
    const states = () =>
      Promise.all(
        both.map(async (of) => (await listed(of)).filter(({ slo }) => slo === null).map(({ state }) => state)),
      );
    const said = () =>
      (two.slack.workspace.channels[0]?.messages ?? []).filter(({ blocks }) =>
        JSON.stringify(blocks).includes("OutOfMemory"),
      );
    expect(await tell(two.follower, alert)).toBe(200);
    await waitUntil("both show it", async () => JSON.stringify(await states()) === '[["FIRING"],["FIRING"]]', patient);
    await waitUntil("Slack is told", () => said().length > 0, patient);
    expect(await Promise.all(both.map((of) => tell(of, alert)))).toEqual([200, 200]);
    expect(await tell(two.follower, { ...alert, endsAt: now() })).toBe(200);
    const over = '[["RESOLVED"],["RESOLVED"]]';
    await waitUntil("both show its end", async () => JSON.stringify(await states()) === over, patient);
    const anchors = () => said().filter(({ threadTs }) => threadTs === null);
    await waitUntil("Slack shows it", () => JSON.stringify(anchors()[0]?.blocks).includes("RESOLVED"), patient);
    expect(anchors()).toHaveLength(1);
  });

  test("what only the leading one does is done when it is asked of another copy: evidence is gathered anew", async () => {
    const another = await openStore({ url });
    const incidentId = (await another.alerts.load()).openIncidents[0]?.id ?? "";
    const taken = async () => (await another.alerts.evidenceOf([incidentId]))[0]?.takenAtMs ?? 0;
    const before = await taken();
    await another.errands.ask({ kind: "GATHER", incidentId });
    await waitUntil("it is gathered", async () => (await taken()) > before, patient);
    await waitUntil("the errand is done", async () => (await another.errands.waiting()).length === 0, patient);
    await another.close();
  });

  test("when the leading one stops, this one goes on at once", async () => {
    await two.leader.stop("test");
    await waitUntil("it leads", async () => JSON.stringify(await copies(two.follower)).includes("true"), patient);
    const evaluated = JSON.stringify(await two.ask(two.follower, slos));
    await waitUntil(
      "it evaluates",
      async () => JSON.stringify(await two.ask(two.follower, slos)) !== evaluated,
      patient,
    );
    expect(await first(two.follower)).toMatchObject({ id });
  });
});
