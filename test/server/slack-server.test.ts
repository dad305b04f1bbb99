import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { emptyChannel } from "../../src/demo/slack/workspace.js";
import { composeOver } from "../../src/server/compose.js";
import { type RunningServer, startServer } from "../../src/server/start-server.js";
import { createWeatheredMesh, startMs } from "../alerting/evaluated-mesh.js";
import { type SlackStandIn, startSlackStandIn } from "../support/slack/stand-in.js";
import { createSleptClock } from "../support/slept-clock.js";
import { writeConfig } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

const minuteMs = 60_000;
const yaml = (slack: SlackStandIn, token: string) => `server: { port: 0, logLevel: debug }
slo:
  defaults:
    availability: { target: 0.999, window: 30d }
store: { url: "file::memory:" }
slack:
  token: ${token}
  channel: "#mesh-alerts"
  apiUrl: ${slack.apiUrl.replace(/\/$/, "")}
  mentions: [S0ONCALL]
`;

async function startScene(tokenOf: (slack: SlackStandIn) => string) {
  const time = createSleptClock(startMs + minuteMs);
  const mesh = createWeatheredMesh((minute) => (minute > 20 && minute <= 30 ? 0.5 : 0));
  const channels = [emptyChannel("C0MESH", "mesh-alerts")];
  const slack = await startSlackStandIn({ nowMs: time.clock.nowMs, channels });
  const loaded = loadConfig(writeConfig(yaml(slack, tokenOf(slack))), {});
  mesh.scrapeUntil(startMs + minuteMs);
  const plugged = { metricSources: [mesh.source], traceSources: [], logSources: [], workloadSources: [] };
  const composition = composeOver(loaded, time.clock, plugged);
  const lines: string[] = [];
  const logTo = { write: (line: string) => void lines.push(line) };
  const server: RunningServer = await startServer(loaded, {
    clock: time.clock,
    composition,
    pause: time.pause,
    environment: {},
    logTo,
  });
  const get = async (path: string) => (await fetch(server.url + path)).text();
  return {
    slack,
    lines,
    get,
    messages: () => slack.workspace.channels[0]?.messages ?? [],
    until: (minute: number) => time.runUntil(startMs + minute * minuteMs, 3, (nowMs) => mesh.scrapeUntil(nowMs)),
    async ask(query: string, variables: object = {}) {
      const body = JSON.stringify({ query, variables });
      const headers = { "content-type": "application/json" };
      return JSON.parse(await (await fetch(`${server.url}/graphql`, { method: "POST", headers, body })).text());
    },
    async close() {
      await server.stop("test over");
      await slack.close();
    },
  };
}

type Scene = Awaited<ReturnType<typeof startScene>>;

describe("a server with Slack whose cart fails for ten minutes", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene(({ token }) => token);
    await scene.until(25);
  }, 30_000);
  afterAll(() => scene.close());

  test("posts one message that calls whom it may, and links to itself in GraphQL", async () => {
    await waitUntil("the anchor arrives", () => scene.messages().length === 1);
    const [anchor] = scene.messages();
    const text = JSON.stringify(anchor?.blocks);
    expect(text).toContain("🚨 PAGE · cart.shop · availability");
    expect(text).toContain("99.9 % of calls over 30d");
    expect(text).toContain("<!subteam^S0ONCALL>");
    expect(text).not.toContain("meshlens_acknowledge");
    await waitUntil("the delivery is settled", async () => {
      const { data } = await scene.ask("{ alerts { nodes { deliveries { state } } } }");
      return data.alerts.nodes[0].deliveries[0].state === "SENT";
    });
    const { data } = await scene.ask(
      "{ alerts { nodes { id deliveries { id channel state attempts sentAt messageUrl error } } } }",
    );
    const [delivery] = data.alerts.nodes[0].deliveries;
    expect(delivery).toMatchObject({
      channel: "#mesh-alerts",
      state: "SENT",
      attempts: 1,
      error: null,
      messageUrl: `https://example.slack.com/archives/C0MESH/p${anchor?.ts.replace(".", "")}`,
    });
    expect((await scene.ask(`{ node(id: "${delivery.id}") { __typename id } }`)).data.node).toEqual({
      __typename: "Delivery",
      id: delivery.id,
    });
  });

  test("shows who looks after it, without another message", async () => {
    const { data } = await scene.ask("{ alerts { nodes { id } } }");
    await scene.ask("mutation($id: ID!) { acknowledgeAlert(input: { alertId: $id }) { userErrors { code } } }", {
      id: data.alerts.nodes[0].id,
    });
    await waitUntil("the anchor is edited", () =>
      JSON.stringify(scene.messages()[0]?.blocks).includes("looks after it"),
    );
    expect(scene.messages()).toHaveLength(1);
  });

  test("edits it when it stops burning, and says so in /metrics and /readyz", async () => {
    await scene.until(45);
    await waitUntil("the anchor is edited", () =>
      JSON.stringify(scene.messages()[0]?.blocks).includes("⏳ RECOVERING"),
    );
    // What else there is stands in its thread.
    expect(scene.messages().filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
    await waitUntil("it is counted", async () =>
      (await scene.get("/metrics")).includes('meshlens_slack_deliveries{state="QUEUED"} 0'),
    );
    expect(await scene.get("/metrics")).toMatch(/meshlens_slack_attempts_total\{outcome="sent"\} [2-9]/);
    expect(JSON.parse(await scene.get("/readyz"))).toMatchObject({ slack: { usable: true, message: null } });
  }, 30_000);
});

test("with a wrong token a server says so in words, goes on, and keeps what it has to say", async () => {
  const scene = await startScene(() => "xoxb-0-wrong-token-wrong-token");
  try {
    await scene.until(25);
    await waitUntil("the attempt failed", async () => {
      const { data } = await scene.ask("{ deliveries(states: [PENDING]) { state attempts error } }");
      return data.deliveries[0]?.error !== null;
    });
    const { data } = await scene.ask("{ deliveries(states: [PENDING]) { state attempts error } }");
    expect(data.deliveries[0]).toMatchObject({ state: "PENDING", error: expect.stringContaining("set slack.token") });
    expect(JSON.parse(await scene.get("/readyz"))).toMatchObject({
      ready: true,
      slack: {
        usable: false,
        message: "token: Slack does not know the bot token: set slack.token to the current one [invalid_auth]",
      },
    });
    expect(scene.lines.join("")).toContain("Slack does not know the bot token");
    expect(scene.lines.join("")).not.toContain("wrong-token");
  } finally {
    await scene.close();
  }
}, 30_000);
