import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../../src/config/load-config.js";
import { createHttpClient } from "../../../src/http/create-http-client.js";
import { composeOver } from "../../../src/server/compose.js";
import { neverBehind } from "../../../src/server/loop-delay.js";
import { type RunningServer, startServer } from "../../../src/server/start-server.js";
import { createAlertmanagerSource } from "../../../src/sources/alertmanager/alertmanager-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import { webhookBody } from "../../support/alertmanager/webhook-body.js";
import { writeConfig } from "../../support/start-configured.js";
import { waitUntil } from "../../support/wait-until.js";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** Alertmanager's API as far as it is asked. */
function createApi() {
  const seen: Seen[] = [];
  const state = { alerts: [] as object[], status: 200 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "" } = request;
      seen.push({ method, url, body });
      response.statusCode = state.status;
      response.setHeader("content-type", "application/json");
      if (state.status !== 200) response.end('"unavailable"');
      else if (method === "POST") response.end('{"silenceID":"made-by-us"}');
      else if (method === "DELETE") response.end();
      else response.end(JSON.stringify(url.startsWith("/api/v2/alerts") ? state.alerts : []));
    });
  });
  return { server, seen, state };
}

const listen = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const startsAt = new Date(Date.now() - 60_000).toISOString();
const labels = { alertname: "Broken", namespace: "shop", service: "cart", severity: "critical" };
const held = (pod: string, silencedBy: readonly string[] = []) => ({
  labels: { ...labels, pod },
  annotations: {},
  startsAt,
  endsAt: new Date(Date.now() + 60_000).toISOString(),
  generatorURL: "",
  status: { state: silencedBy.length > 0 ? "suppressed" : "active", silencedBy, inhibitedBy: [] },
});

const api = createApi();
let url = "";
let meshlens: RunningServer;

beforeAll(async () => {
  url = await listen(api.server);
  const yaml = `server: { port: 0, logLevel: silent }\nstore: { url: "file::memory:" }\nalerting: { alertmanager: { url: "${url}", timeoutMs: 20000 } }\n`;
  const loaded = loadConfig(writeConfig(yaml), {});
  const plugged = { metricSources: [], traceSources: [], logSources: [], workloadSources: [] };
  const composition = await composeOver(loaded, systemClock, plugged);
  meshlens = await startServer(loaded, { loopDelay: neverBehind, clock: systemClock, composition, environment: {} });
});
afterAll(async () => {
  await meshlens.stop("test over");
  api.server.close();
});
beforeEach(() => {
  api.state.status = 200;
  api.seen.length = 0;
});

const tell = (body: object) =>
  fetch(`${meshlens.url}/webhooks/alertmanager`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
async function ask<T>(query: string, variables: object = {}): Promise<T> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ query, variables });
  const answer = await fetch(`${meshlens.url}/graphql`, { method: "POST", headers, body });
  return ((await answer.json()) as { data: T }).data;
}
type Node = { readonly id: string; readonly summary: string; readonly silencedUntil: string | null };
const alerts = async () =>
  (await ask<{ alerts: { nodes: Node[] } }>("{ alerts { nodes { id summary silencedUntil } } }")).alerts.nodes;

describe("Alertmanager's own API", () => {
  test("what was cut off a body is read from it, by the group's labels and our receiver", async () => {
    api.state.alerts = [held("1"), held("2"), held("3", ["somebody's"])];
    const more = { truncatedAlerts: 2, groupLabels: { alertname: "Broken" }, receiver: "mesh.lens" };
    const told = [{ labels: { ...labels, pod: "0" }, startsAt }];
    expect((await tell(webhookBody(told, more))).status).toBe(200);
    const [asked] = api.seen.filter(({ url: path }) => path.includes("receiver"));
    const query = new URL(asked?.url ?? "", url).searchParams;
    expect(query.getAll("filter")).toEqual(['alertname="Broken"']);
    expect(query.get("receiver")).toBe("mesh\\.lens");
    // A silenced one is not told.
    await waitUntil(
      "the incident",
      async () => (await alerts())[0]?.summary === "Broken fires for cart.shop: (3 alerts)",
    );
  });

  test("while it cannot be had, nothing is taken and it is told again", async () => {
    api.state.status = 503;
    const more = { truncatedAlerts: 1, groupLabels: { alertname: "Other" } };
    const response = await tell(webhookBody([{ labels: { ...labels, alertname: "Other" }, startsAt }], more));
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("10");
    expect(await alerts()).toHaveLength(1);
  });

  test("a silence here is made there, in the principal's name, and ended there", async () => {
    const [{ id = "" } = {}] = await alerts();
    const silence = `mutation($id: ID!) { silenceAlert(input: { alertId: $id, for: "1h" }) { alert { silencedUntil } userErrors { code } } }`;
    expect(await ask(silence, { id })).toMatchObject({ silenceAlert: { userErrors: [] } });
    const made = JSON.parse(api.seen.find(({ method }) => method === "POST")?.body ?? "{}");
    expect(made).toMatchObject({ createdBy: "anonymous", comment: expect.stringContaining("Silenced in Meshlens") });
    // What its alerts have in common, not their pods.
    expect(made.matchers.map(({ name }: { name: string }) => name).sort()).toEqual([
      "alertname",
      "namespace",
      "service",
      "severity",
    ]);
    const lengthMs = Date.parse(made.endsAt) - Date.parse(made.startsAt);
    expect(Math.abs(lengthMs - 3_600_000)).toBeLessThan(5_000);
    const end =
      "mutation($id: ID!) { endSilence(input: { alertId: $id }) { alert { silencedUntil } userErrors { code } } }";
    expect(await ask(end, { id })).toEqual({ endSilence: { alert: { silencedUntil: null }, userErrors: [] } });
    expect(api.seen.find(({ method }) => method === "DELETE")?.url).toBe("/api/v2/silence/made-by-us");
  });

  test("when it cannot be made there it is told, and our own stays", async () => {
    api.state.status = 500;
    const [{ id = "" } = {}] = await alerts();
    const silence = `mutation($id: ID!) { silenceAlert(input: { alertId: $id, for: "1h" }) { alert { silencedUntil } userErrors { field code message } } }`;
    const { silenceAlert } = await ask<{ silenceAlert: { alert: Node; userErrors: { message: string }[] } }>(silence, {
      id,
    });
    expect(silenceAlert.alert.silencedUntil).not.toBeNull();
    expect(silenceAlert.userErrors).toMatchObject([{ field: null, code: "ALERTMANAGER_FAILED" }]);
    expect(silenceAlert.userErrors[0]?.message).toContain("It is silenced here, and not in Alertmanager");
  });

  test("answers that are none are errors with their place, and an expired silence that is gone is as good", async () => {
    const http = createHttpClient({ name: "alertmanager", url }, { clock: systemClock });
    const source = createAlertmanagerSource("alertmanager", http);
    const options = { signal: new AbortController().signal, deadlineMs: systemClock.nowMs() + 5_000 };
    api.state.alerts = [{ labels: {}, status: 7 }];
    await expect(source.alerts({ labels: {}, receiver: null }, options)).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_DECODE",
      message: expect.stringContaining("[0].status"),
    });
    api.state.status = 404;
    await source.expire("gone", options);
    await source.close();
  });
});
