import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { emptyChannel } from "../../src/demo/slack/workspace.js";
import { composeOver } from "../../src/server/compose.js";
import { neverBehind } from "../../src/server/loop-delay.js";
import { type RunningServer, startServer } from "../../src/server/start-server.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { type ToldAlert, webhookBody } from "../support/alertmanager/webhook-body.js";
import { type SlackStandIn, startSlackStandIn } from "../support/slack/stand-in.js";
import { writeConfig } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");
const token = (name: string, namespaces: string, actions: string) =>
  `    - { name: ${name}, sha256: ${sha256(name)}, namespaces: [${namespaces}], actions: [${actions}] }`;
const auth = `auth:
  tokens:
${token("operator", '"*"', "read, operate")}
${token("alertmanager", '"*"', "report")}
${token("shop-only", "shop", "report")}
`;
const startsAt = new Date(Date.now() - 60_000).toISOString();
const endsAt = () => new Date().toISOString();
const oom = { alertname: "OutOfMemory", namespace: "shop", service: "cart", severity: "critical" };

type Node = {
  id: string;
  state: string;
  severity: string;
  summary: string;
  slo: { name: string } | null;
  service: { ref: { namespace: string; name: string } };
  transitions: { to: string; reason: string }[];
  deliveries: { state: string }[];
};

async function start(yaml: string, environment: Readonly<Record<string, string>> = {}) {
  const loaded = loadConfig(writeConfig(`server: { port: 0, logLevel: silent }\n${yaml}`), environment);
  const plugged = { metricSources: [], traceSources: [], logSources: [], workloadSources: [] };
  const composition = await composeOver(loaded, systemClock, plugged);
  const server: RunningServer = await startServer(loaded, {
    loopDelay: neverBehind,
    clock: systemClock,
    composition,
    environment,
  });
  const post = (body: string, who = "alertmanager", headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${server.url}/webhooks/alertmanager`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${who}`, ...headers },
      body,
    });
  async function ask(query: string, variables: object = {}) {
    const headers = { "content-type": "application/json", authorization: "Bearer operator" };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${server.url}/graphql`, { method: "POST", headers, body });
    return (await response.json()) as { data: Record<string, never>; errors?: unknown };
  }
  return {
    server,
    post,
    ask,
    tell: (alerts: readonly ToldAlert[], who?: string) => post(JSON.stringify(webhookBody(alerts)), who),
    async alerts(): Promise<readonly Node[]> {
      const { data, errors } = await ask(
        "{ alerts(first: 100) { nodes { id state severity summary slo { name } service { ref { namespace name } } transitions { to reason } deliveries { state } } } }",
      );
      expect(errors).toBeUndefined();
      return (data as unknown as { alerts: { nodes: Node[] } }).alerts.nodes;
    },
    metrics: async () =>
      (await fetch(`${server.url}/metrics`, { headers: { authorization: "Bearer operator" } })).text(),
    stop: () => server.stop("test over"),
  };
}

describe("alerts of Alertmanager about nothing we know", () => {
  let slack: SlackStandIn;
  let scene: Awaited<ReturnType<typeof start>>;
  const store = `store: { url: "file:${join(mkdtempSync(join(tmpdir(), "meshlens-webhook-")), "meshlens.db")}" }\n`;
  const yaml = () =>
    `${auth}${store}alerting: { alertmanager: {} }\nslack: { token: ${slack.token}, channel: "#mesh-alerts", apiUrl: "${slack.apiUrl.replace(/\/$/, "")}" }\n`;
  const messages = () => slack.workspace.channels[0]?.messages ?? [];

  beforeAll(async () => {
    const channels = [emptyChannel("C0MESH", "mesh-alerts")];
    slack = await startSlackStandIn({ nowMs: systemClock.nowMs, channels });
    scene = await start(yaml());
  });
  afterAll(async () => {
    await scene.stop();
    await slack.close();
  });

  test("become an incident of the service they name, with a message", async () => {
    const annotations = { summary: "cart was killed; password=hunter2" };
    const response = await scene.tell([{ labels: oom, annotations, startsAt }]);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ accepted: 1, refused: 0 });
    await waitUntil("it is delivered", async () => (await scene.alerts())[0]?.deliveries[0]?.state === "SENT");
    const [alert] = await scene.alerts();
    expect(alert).toMatchObject({
      state: "FIRING",
      severity: "PAGE",
      summary: "OutOfMemory fires for cart.shop: cart was killed; password=[redacted]",
      slo: null,
      transitions: [{ to: "FIRING", reason: "its alert fires in Alertmanager" }],
    });
    const text = JSON.stringify(messages()[0]?.blocks);
    expect(text).toContain("🚨 PAGE · cart.shop · OutOfMemory");
    expect(text).toContain("an alert of Alertmanager, of no objective");
    expect(text).not.toContain("hunter2");
  });

  test("told again, by the other one of a pair and with labels in another order, they change nothing", async () => {
    const turned = Object.fromEntries(Object.entries(oom).reverse());
    for (const labels of [oom, turned, oom]) expect((await scene.tell([{ labels, startsAt }])).status).toBe(200);
    expect(await scene.alerts()).toMatchObject([{ state: "FIRING", transitions: [{}] }]);
  });

  test("are known after a restart, and resolve", async () => {
    await scene.stop();
    scene = await start(yaml());
    expect(await scene.alerts()).toMatchObject([{ state: "FIRING" }]);
    await scene.tell([{ labels: oom, startsAt, endsAt: endsAt() }]);
    await waitUntil("it is resolved", async () => (await scene.alerts())[0]?.state === "RESOLVED");
    await waitUntil("the message says so", () => JSON.stringify(messages()[0]?.blocks).includes("RESOLVED"));
    expect((await scene.alerts())[0]?.transitions.at(-1)).toEqual({
      to: "RESOLVED",
      reason: "its alert is resolved in Alertmanager",
    });
  });

  test("that come late, after their end was told, open nothing", async () => {
    await scene.tell([{ labels: oom, startsAt }]);
    const other = { ...oom, alertname: "Restarts" };
    await scene.tell([{ labels: other, startsAt, endsAt: endsAt() }]);
    await scene.tell([{ labels: other, startsAt }]);
    const third = { ...oom, alertname: "Marker" };
    await scene.tell([{ labels: third, startsAt }]);
    await waitUntil("the last one is there", async () => (await scene.alerts()).length === 2);
    expect((await scene.alerts()).map(({ summary }) => summary.split(" ")[0])).toEqual(["Marker", "OutOfMemory"]);
  });

  test("that came and went before anybody looked are an incident all the same", async () => {
    const labels = { ...oom, alertname: "Blink" };
    const now = endsAt();
    await Promise.all([scene.tell([{ labels, startsAt }]), scene.tell([{ labels, startsAt, endsAt: now }])]);
    await scene.tell([{ labels, startsAt, endsAt: now }]);
    await waitUntil("it is resolved", async () =>
      (await scene.alerts()).some(({ summary, state }) => summary.startsWith("Blink") && state === "RESOLVED"),
    );
  });
});

describe("who may tell", () => {
  let scene: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    scene = await start(
      `${auth}store: { url: "file::memory:" }\nalerting: { alertmanager: { maxAlerts: 100, maxBodyBytes: 5500000 } }\n`,
    );
  });
  afterAll(() => scene.stop());
  const one = [{ labels: oom, startsAt }];

  test("only a token with the action report, of the namespaces it has", async () => {
    expect((await scene.tell(one, "nobody")).status).toBe(401);
    const forbidden = await scene.tell(one, "operator");
    expect(forbidden.status).toBe(403);
    expect(await forbidden.text()).toContain("add report to its actions");
    const elsewhere = { ...oom, namespace: "bank" };
    expect((await scene.tell([{ labels: elsewhere, startsAt }], "shop-only")).status).toBe(403);
    const mixed = await scene.tell([{ labels: elsewhere, startsAt }, ...one], "shop-only");
    expect(await mixed.json()).toEqual({ accepted: 1, refused: 1 });
  });

  test("a body of another version, none at all, HTML and cut JSON are refused in words", async () => {
    const version = await scene.post(JSON.stringify({ ...webhookBody(one), version: "3" }));
    expect(version.status).toBe(400);
    expect(await version.text()).toContain("not of Alertmanager's webhook version 4 (it says 3)");
    for (const body of [
      "{}",
      "[]",
      "null",
      "7",
      '{"version":"4"}',
      '{"version":"4","alerts":{}}',
      "",
      "<html>",
      '{"version":"4",',
    ]) {
      expect((await scene.post(body)).status).toBe(400);
    }
  });

  test("an alert without fingerprint is taken, one without labels costs itself only", async () => {
    const [good, bad] = [
      { status: "firing", labels: { alertname: "Bare" }, startsAt },
      { status: "firing", annotations: {}, startsAt },
    ];
    const response = await scene.post(JSON.stringify({ version: "4", alerts: [good, bad, null, 7] }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ accepted: 1, refused: 3 });
    await waitUntil("it is there", async () =>
      (await scene.alerts()).some(({ summary }) => summary.startsWith("Bare ")),
    );
    const bare = (await scene.alerts()).find(({ summary }) => summary.startsWith("Bare "));
    expect(bare).toMatchObject({ severity: "TICKET", summary: "Bare fires for unknown.unknown" });
    expect((await scene.post(JSON.stringify({ version: "4", alerts: [bad] }))).status).toBe(400);
  });

  test("5 MB are taken, more than the limit is 413", async () => {
    const big = [{ labels: { ...oom, alertname: "Big" }, annotations: { dump: "x".repeat(5_000_000) }, startsAt }];
    expect((await scene.tell(big)).status).toBe(200);
    await waitUntil("its incident is there", async () =>
      (await scene.alerts()).some(({ summary }) => summary.startsWith("Big ")),
    );
    const bigger = [{ labels: oom, annotations: { dump: "x".repeat(6_000_000) }, startsAt }];
    expect((await scene.tell(bigger)).status).toBe(413);
  });

  test("with too many firing it is 503 with Retry-After and nothing is taken; an end is always taken", async () => {
    const many = Array.from({ length: 101 }, (_, i) => ({ labels: { ...oom, pod: `cart-${i}` }, startsAt }));
    const before = (await scene.alerts()).length;
    const response = await scene.tell(many);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("10");
    expect((await scene.alerts()).length).toBe(before);
    expect((await scene.tell([{ labels: oom, startsAt, endsAt: endsAt() }])).status).toBe(200);
    expect(await scene.metrics()).toContain("meshlens_webhook_put_off_total 1");
  });
});

test("10,000 alerts in one body and 10,000 more one by one are all there", async () => {
  const scene = await start(`${auth}store: { url: "file::memory:" }\nalerting: { alertmanager: {} }\n`);
  try {
    const alert = (i: number) => ({ labels: { ...oom, service: `service-${i}` }, startsAt });
    const response = await scene.tell(Array.from({ length: 10_000 }, (_, i) => alert(i)));
    expect(await response.json()).toEqual({ accepted: 10_000, refused: 0 });
    for (let i = 10_000; i < 20_000; i += 100) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, j) => scene.tell(Array.from({ length: 10 }, (_, k) => alert(i + 10 * j + k)))),
      );
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }
    const counts = async () =>
      /meshlens_alert_open_incidents\{state="FIRING",severity="PAGE"\} (\d+)/.exec(await scene.metrics())?.[1];
    await waitUntil("all are incidents", async () => (await counts()) === "20000", { limitMs: 100_000 });
    expect(await scene.metrics()).toContain('meshlens_webhook_inbox_alerts{state="firing"} 20000');
  } finally {
    await scene.stop();
  }
}, 600_000);
