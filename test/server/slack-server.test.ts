import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { allScopes } from "../../src/demo/slack/start-stand-in.js";
import { emptyChannel } from "../../src/demo/slack/workspace.js";
import { composeOver, type PluggedSources } from "../../src/server/compose.js";
import { neverBehind } from "../../src/server/loop-delay.js";
import { type RunningServer, startServer } from "../../src/server/start-server.js";
import type { CallOptions } from "../../src/telemetry/source.js";
import type { WorkloadSource } from "../../src/telemetry/workload-source.js";
import { createWeatheredMesh, startMs } from "../alerting/evaluated-mesh.js";
import { holding } from "../mesh/evidence/make-reader.js";
import { listedLogSource } from "../support/listed-log-source.js";
import { type SlackStandIn, type StandInOptions, startSlackStandIn } from "../support/slack/stand-in.js";
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

async function startScene(
  tokenOf: (slack: SlackStandIn) => string,
  more: Partial<PluggedSources> = {},
  slackOptions: StandInOptions = {},
) {
  const time = createSleptClock(startMs + minuteMs);
  const mesh = createWeatheredMesh((minute) => (minute > 20 && minute <= 30 ? 0.5 : 0));
  const channels = [emptyChannel("C0MESH", "mesh-alerts")];
  const slack = await startSlackStandIn({ nowMs: time.clock.nowMs, channels, ...slackOptions });
  const loaded = loadConfig(writeConfig(yaml(slack, tokenOf(slack))), {});
  mesh.scrapeUntil(startMs + minuteMs);
  const plugged = { metricSources: [mesh.source], traceSources: [], logSources: [], workloadSources: [], ...more };
  const composition = await composeOver(loaded, time.clock, plugged);
  const lines: string[] = [];
  const logTo = { write: (line: string) => void lines.push(line) };
  const server: RunningServer = await startServer(loaded, {
    loopDelay: neverBehind,
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
    nowMs: time.clock.nowMs,
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
  });
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
  });
});

test.each([
  {
    what: "a wrong token",
    tokenOf: () => "xoxb-0-wrong-token-wrong-token",
    slackOptions: {},
    problem: "token: Slack does not know the bot token: set slack.token to the current one [invalid_auth]",
    error: "set slack.token",
  },
  {
    what: "an app without the scope to write",
    tokenOf: ({ token }: SlackStandIn) => token,
    slackOptions: { scopes: allScopes.filter((scope) => scope !== "chat:write") },
    problem:
      "scopes: the app lacks the scope chat:write: add it and install the app again; without it nothing can be sent",
    error: "chat:write",
  },
  {
    what: "a channel that is not there",
    tokenOf: ({ token }: SlackStandIn) => token,
    slackOptions: { channels: [emptyChannel("C0OTHER", "other")] },
    problem:
      "#mesh-alerts: the app sees no channel of this name: check it, and invite the app with /invite if it is private",
    error: "channel",
  },
])("with $what a server says so in words, goes on, and keeps what it has to say", async (given) => {
  const { tokenOf, slackOptions, problem, error } = given;
  const scene = await startScene(tokenOf, {}, slackOptions);
  try {
    await scene.until(25);
    await waitUntil("the attempt failed", async () => {
      const { data } = await scene.ask("{ deliveries(states: [PENDING]) { state attempts error } }");
      return data.deliveries[0]?.error !== null;
    });
    const { data } = await scene.ask("{ deliveries(states: [PENDING]) { state attempts error } }");
    expect(data.deliveries[0]).toMatchObject({ state: "PENDING", error: expect.stringContaining(error) });
    await waitUntil("the check is over", async () => JSON.parse(await scene.get("/readyz")).slack.usable === false);
    expect(JSON.parse(await scene.get("/readyz"))).toMatchObject({ ready: true, slack: { message: problem } });
    expect(scene.lines.join("")).toContain(problem.slice(problem.indexOf(": ") + 2, 60));
    expect(scene.lines.join("")).not.toContain("wrong-token");
    expect(scene.messages()).toHaveLength(0);
  } finally {
    await scene.close();
  }
});

test("with every source of evidence hanging the first message does not wait, and the whole one says who did not answer", async () => {
  /** What each was given, from the call to its deadline. */
  const given: number[] = [];
  const hang = (options: CallOptions) => {
    given.push(options.deadlineMs - scene.nowMs());
    return new Promise<never>(() => {});
  };
  const kube: WorkloadSource = {
    name: "kube",
    kind: "kubernetes",
    cluster: null,
    isShard: false,
    probe: hang,
    close: async () => undefined,
    services: hang,
    health: (_, options) => hang(options),
    changes: (_, __, options) => hang(options),
  };
  const traces = {
    ...holding("jaeger", []),
    services: hang,
    search: (_: unknown, options: CallOptions) => hang(options),
  };
  const logs = { ...listedLogSource([], { name: "logs" }), ask: (_: unknown, options: CallOptions) => hang(options) };
  const scene = await startScene(({ token }) => token, {
    traceSources: [traces],
    logSources: [logs],
    workloadSources: [kube],
  });
  try {
    await scene.until(25);
    const anchor = () => JSON.stringify(scene.messages()[0]?.blocks ?? null);
    await waitUntil("the first message", () => anchor().includes("PAGE"));
    // Nobody has answered, nobody has been given up.
    expect(anchor()).toContain("evidence is being gathered");
    expect(given.length).toBeGreaterThan(0);
    await waitUntil("the whole message", () => anchor().includes("evidence of"), { limitMs: 30_000 });
    for (const name of ["jaeger", "logs", "kube"]) expect(anchor()).toContain(`\`${name}\` did not answer in time`);
    expect(scene.messages().filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
    // With a second to give up and some to deliver: whole within fifteen.
    expect(Math.max(...given.slice(-3))).toBeLessThanOrEqual(8_000);
  } finally {
    await scene.close();
  }
});
