import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { loadConfig } from "../../src/config/load-config.js";
import { composeOver } from "../../src/server/compose.js";
import { neverBehind } from "../../src/server/loop-delay.js";
import { type RunningServer, startServer } from "../../src/server/start-server.js";
import { createWeatheredMesh, startMs } from "../alerting/evaluated-mesh.js";
import { exampleQuery } from "../graphql/support/graphql-server.js";
import { createSleptClock } from "../support/slept-clock.js";
import { writeConfig } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

const minuteMs = 60_000;
const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");
const token = (name: string, namespaces: string, actions: string) =>
  `    - { name: ${name}, sha256: ${sha256(name)}, namespaces: [${namespaces}], actions: [${actions}] }`;
const yaml = `server: { port: 0, logLevel: silent }
auth:
  tokens:
${token("operator", '"*"', "read, operate")}
${token("reader", '"*"', "read")}
${token("stranger", "elsewhere", "read, operate")}
slo:
  defaults:
    availability: { target: 0.999, window: 30d }
store: { url: "file::memory:" }
`;

type Answer = { data?: Record<string, never> | null; errors?: readonly unknown[] };

describe("a server whose cart fails for ten minutes", () => {
  const time = createSleptClock(startMs + minuteMs);
  const mesh = createWeatheredMesh((minute) => (minute > 20 && minute <= 30 ? 0.5 : 0));
  let server: RunningServer;

  const until = (minute: number) => time.runUntil(startMs + minute * minuteMs, 2, (nowMs) => mesh.scrapeUntil(nowMs));
  async function ask(query: string, variables: object = {}, operationName?: string, who = "operator") {
    const headers = { "content-type": "application/json", authorization: `Bearer ${who}` };
    const body = JSON.stringify({ query, variables, operationName });
    const response = await fetch(`${server.url}/graphql`, { method: "POST", headers, body });
    return (await response.json()) as Answer;
  }
  const get = async (path: string, who = "operator") =>
    (await fetch(server.url + path, { headers: { authorization: `Bearer ${who}` } })).text();

  beforeAll(async () => {
    const loaded = loadConfig(writeConfig(yaml), {});
    const plugged = { metricSources: [mesh.source], traceSources: [], logSources: [], workloadSources: [] };
    mesh.scrapeUntil(startMs + minuteMs);
    const composition = await composeOver(loaded, time.clock, plugged);
    server = await startServer(loaded, {
      loopDelay: neverBehind,
      clock: time.clock,
      composition,
      pause: time.pause,
      environment: {},
    });
    await until(19);
  });
  afterAll(() => server.stop("test over"));

  test("before: an objective within its budget, no incident, as the contract asks for them", async () => {
    const slos = await ask(exampleQuery("slos"));
    expect(slos.errors).toBeUndefined();
    expect(slos.data).toMatchObject({
      slos: {
        nodes: [
          {
            name: "availability",
            service: { ref: { cluster: "default", namespace: "shop", name: "cart" } },
            sli: "AVAILABILITY",
            target: 0.999,
            window: "30d",
            state: "OK",
            dataState: "OK",
            errorBudget: { consumedRatio: 0, remainingRatio: 1, exhaustedAt: null },
            burnConditions: [{ tier: "1h/5m", met: false }, {}, {}, {}],
            origin: { kind: "default", file: null, line: null },
          },
          { service: { ref: { name: "front" } }, state: "OK", dataState: "IDLE", totalCount: 0 },
        ],
        pageInfo: { hasNextPage: false },
      },
    });
    expect((await ask(exampleQuery("alerts"))).data).toMatchObject({ alerts: { nodes: [] } });
  });

  test("during: it is pushed, listed with evidence, seen by whoever may, and acknowledged by name", async () => {
    const client = createClient({
      url: `${server.url.replace("http", "ws")}/graphql`,
      webSocketImpl: class extends WebSocket {
        constructor(url: string, protocols: string) {
          super(url, protocols, { headers: { authorization: "Bearer operator" } });
        }
      },
      retryAttempts: 0,
    });
    const pushed: unknown[] = [];
    const end = client.subscribe(
      { query: exampleQuery("alert-changed") },
      { next: ({ data }) => pushed.push(data), error: (error) => pushed.push(error), complete: () => {} },
    );
    const socketIsUp = new Promise<void>((resolve) => client.on("connected", () => resolve()));
    await socketIsUp;
    await get("/healthz");
    await until(25);
    await waitUntil("the incident is pushed", () => JSON.stringify(pushed).includes("FIRING"));
    const { data, errors } = await ask(exampleQuery("alerts"));
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      alerts: {
        nodes: [
          {
            state: "FIRING",
            severity: "PAGE",
            dataState: "OK",
            summary: expect.stringMatching(/^cart\.shop burns its availability budget \d+ times too fast \(1h\/5m\)/),
            service: { ref: { namespace: "shop", name: "cart" } },
            slo: { name: "availability" },
            resolvedAt: null,
            transitions: [
              { from: null, to: "PENDING" },
              { from: "PENDING", to: "FIRING", severity: "PAGE" },
            ],
            evidence: {
              burnConditions: [{ met: true }, {}, {}, {}],
              suspects: null,
              missing: [{ name: "chart", state: "DEGRADED" }, {}, {}, {}, {}, {}],
            },
            deliveries: [],
          },
        ],
      },
    });
    const id = (data as unknown as { alerts: { nodes: [{ id: string }] } }).alerts.nodes[0].id;
    expect((await ask("query($id: ID!) { node(id: $id) { __typename id } }", { id })).data).toEqual({
      node: { __typename: "Alert", id },
    });
    const actions = exampleQuery("alert-actions");
    expect((await ask(actions, { id }, "Acknowledge")).data).toEqual({
      acknowledgeAlert: { alert: { id, acknowledgedBy: "operator" }, userErrors: [] },
    });
    expect((await ask(actions, { id, for: "1h" }, "Silence")).data).toMatchObject({
      silenceAlert: {
        alert: { silencedUntil: new Date(time.clock.nowMs() + 3_600_000).toISOString() },
        userErrors: [],
      },
    });
    expect((await ask(actions, { id }, "Retry")).data).toMatchObject({
      retryDelivery: { delivery: null, userErrors: [{ code: "NOT_FOUND", field: ["input", "deliveryId"] }] },
    });
    expect((await ask(actions, { id }, "Acknowledge", "reader")).errors).toMatchObject([
      { extensions: { code: "FORBIDDEN" } },
    ]);
    expect((await ask(actions, { id }, "Acknowledge", "stranger")).data).toMatchObject({
      acknowledgeAlert: { alert: null, userErrors: [{ code: "NOT_FOUND" }] },
    });
    end();
    await client.dispose();
  });

  test("who may not see the namespace finds nothing on any path", async () => {
    const seen = await ask("{ alerts { nodes { id } } slos { nodes { id } } }");
    const { alerts, slos } = seen.data as unknown as Record<string, { nodes: { id: string }[] }>;
    const asStranger = await ask(
      `query($a: ID!, $s: ID!) { alerts { nodes { id } } slos { nodes { id } } a: node(id: $a) { id } s: node(id: $s) { id }
        service(ref: { namespace: "shop", name: "cart" }) { id } }`,
      { a: alerts?.nodes[0]?.id, s: slos?.nodes[0]?.id },
      undefined,
      "stranger",
    );
    expect(asStranger.data).toEqual({ alerts: { nodes: [] }, slos: { nodes: [] }, a: null, s: null, service: null });
    expect(await get("/metrics", "stranger")).not.toContain("meshlens_slo_burn_rate");
  });

  test("the page of the service has its objectives, their past and its incidents; filters hold together", async () => {
    const query = `{
      service(ref: { namespace: "shop", name: "cart" }) {
        slos { name history(range: { last: "20m" }, maxPoints: 10) { timestamps burnRate budgetRemaining } }
        alerts(filter: { states: [FIRING], severities: [PAGE] }) { nodes { state } }
        none: alerts(filter: { states: [RESOLVED] }) { nodes { state } }
      }
      slos(filter: { states: [OK] }) { nodes { service { ref { name } } } }
      found: slos(filter: { nameContains: "AVAIL", states: [EXHAUSTED], service: { namespace: "shop", name: "cart" } }) { nodes { name } }
    }`;
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      service: { slos: [{ name: "availability" }], alerts: { nodes: [{ state: "FIRING" }] }, none: { nodes: [] } },
      slos: { nodes: [{ service: { ref: { name: "front" } } }] },
      found: { nodes: [{ name: "availability" }] },
    });
    const { history } = (data as unknown as { service: { slos: { history: Record<string, number[]> }[] } }).service
      .slos[0] as { history: Record<string, number[]> };
    expect(history["timestamps"]).toHaveLength(10);
    expect(history["burnRate"]?.[0]).toBe(0);
    expect(Math.max(...(history["burnRate"] ?? []))).toBeGreaterThan(100);
  });

  test("metrics and readiness tell of it", async () => {
    const metrics = await get("/metrics");
    expect(metrics).toContain(
      'meshlens_slo_objective_ratio{cluster="default",namespace="shop",service="cart",slo="availability"} 0.999',
    );
    expect(metrics).toMatch(/meshlens_slo_burn_rate\{[^}]*window="5m"\} \d+/);
    expect(metrics).toMatch(/meshlens_slo_state\{[^}]*state="OK"\} 0/);
    expect(metrics).toContain('meshlens_alert_transitions_total{to="FIRING",severity="PAGE"} 1');
    expect(metrics).toContain('meshlens_alert_open_incidents{state="FIRING",severity="PAGE"} 1');
    expect(JSON.parse(await get("/readyz"))).toMatchObject({
      ready: true,
      store: { kind: "sqlite", usable: true },
      alerting: { objectives: 2, failing: false },
    });
  });

  test("a source that is down makes it UNKNOWN and ends nothing", async () => {
    mesh.fail("error");
    await until(27);
    const { data } = await ask("{ alerts { nodes { state dataState } } slos { nodes { dataState dataReason } } }");
    const unknown = { dataState: "UNKNOWN", dataReason: expect.stringMatching(/\S/) };
    expect(data).toEqual({
      alerts: { nodes: [{ state: "FIRING", dataState: "UNKNOWN" }] },
      slos: { nodes: [unknown, unknown] },
    });
    mesh.fail("no");
  });
});
