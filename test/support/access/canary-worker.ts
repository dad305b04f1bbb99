/**
 * A server over an embedded mesh of two namespaces in a thread of its own: `alpha`, which a token may see, and one whose every name bears a
 * canary. They call each other both ways, the hidden one brings the other down, and incidents of both are told to a Slack. Time stands still
 * once the incidents are there. Posts the address, then for each message the bytes of its heap. Started by start-canary-world.ts.
 */
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { loadConfig } from "../../../src/config/load-config.js";
import { createDemo } from "../../../src/demo/create-demo.js";
import { type GraphService, graphMesh } from "../../../src/demo/meshes/graph/graph-mesh.js";
import { composeOver } from "../../../src/server/compose.js";
import { registerDemoRoutes } from "../../../src/server/demo-routes.js";
import { registerDemoSlack } from "../../../src/server/demo-slack-routes.js";
import { neverBehind } from "../../../src/server/loop-delay.js";
import { startServer } from "../../../src/server/start-server.js";
import { heapAfterCollection } from "../heap-after-collection.js";
import { startSlackStandIn } from "../slack/stand-in.js";
import { createSleptClock } from "../slept-clock.js";
import { writeConfig } from "../start-configured.js";

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 4, 12, 12);
const [beforeMs, actMs] = [75 * minuteMs, 8 * minuteMs];
const hidden = "zqxbravo";

const needed = (to: string): GraphService["calls"][number] => ({ to, share: 1, isNeeded: true, giveUpAfterMs: 2_000 });
const useful = (to: string, share: number): GraphService["calls"][number] => ({
  ...needed(to),
  share,
  isNeeded: false,
});

function service(namespace: string, name: string, calls: GraphService["calls"], replicas = [1]): GraphService {
  return { name, namespace, replicas, ownTime: { medianMs: 3, sigma: 0.4 }, isParallel: false, calls, external: null };
}

const mesh = graphMesh({
  name: "canary",
  services: [
    service("alpha", "front", [needed("cart"), useful("zqxvault", 0.4)], [1, 1]),
    service("alpha", "cart", [needed("zqxvault")]),
    service(hidden, "zqxvault", []),
    service(hidden, "zqximporter", [needed("cart"), needed("zqxlonely")], [1, 1]),
    service(hidden, "zqxlonely", []),
  ],
  externals: [],
  entries: [
    { service: "front", weight: 3 },
    { service: "zqximporter", weight: 2 },
    { service: "zqxlonely", weight: 1 },
  ],
  requestsPerSecond: 1,
  shared: "zqxvault",
  gatewayReplicas: 1,
});

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");
const token = (name: string, namespaces: string) =>
  `    - { name: ${name}, sha256: ${sha256(name)}, namespaces: [${namespaces}], actions: [read, debug, operate] }`;

const time = createSleptClock(startMs + beforeMs);
const { clock } = time;
const never = new AbortController().signal;
const demo = createDemo({ mesh, proxies: "istio", seed: 1, startMs, clock });
await demo.stage.play(clock.nowMs(), never);

const slack = await startSlackStandIn({ nowMs: clock.nowMs });
const file = writeConfig(`server:
  { port: 0, logLevel: silent, debug: true, limits: { depth: 100, cost: 1000000, aliases: 10000, tokens: 100000 } }
auth:
  tokens:
${token("admin", '"*"')}
${token("alpha", "alpha")}
${token("stranger", "elsewhere")}
metrics: { services: ["*"] }
links: { kibana: "https://kibana.example.com", grafana: "https://grafana.example.com" }
slo: { defaults: { availability: { target: 0.999, window: 30d } } }
slack: { token: ${slack.token}, signingSecret: "${slack.signingSecret}", apiUrl: "${slack.apiUrl}", channel: "#mesh-alerts" }
store: { url: "file::memory:" }
`);
const loaded = loadConfig(file, {});
const { metrics, traces, logs, workloads } = demo.backends;
const plugged = { metricSources: [metrics], traceSources: [traces], logSources: [logs], workloadSources: [workloads] };
const server = await startServer(loaded, {
  loopDelay: neverBehind,
  clock,
  composition: await composeOver(loaded, clock, plugged),
  pause: time.pause,
  environment: {},
  extend: (app, authenticate) => {
    const { scenarios, scenario: current, metricsText } = demo;
    const choose = (name: string) => demo.switchTo(name, clock.nowMs());
    registerDemoRoutes(app, { scenarios, current, choose, metricsText }, authenticate);
    registerDemoSlack(app, { standIn: slack, authenticate, interactionsUrl: () => null });
  },
});

const states = "{ alerts(first: 100) { nodes { state evidence { isGathered } } } }";
async function isGathered(): Promise<boolean> {
  const headers = { "content-type": "application/json", authorization: "Bearer admin" };
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers,
    body: JSON.stringify({ query: states }),
  });
  const { data } = (await response.json()) as {
    data: { alerts: { nodes: { state: string; evidence: { isGathered: boolean } | null }[] } };
  };
  return data.alerts.nodes.every(({ state, evidence }) => state === "PENDING" || evidence?.isGathered === true);
}

const playFor = (ms: number) =>
  time.runUntil(clock.nowMs() + ms, 3, (nowMs) => demo.stage.play(nowMs, never), isGathered);
await playFor(minuteMs);
demo.switchTo("storm", clock.nowMs());
await playFor(actMs);
parentPort?.on("message", () => parentPort?.postMessage(heapAfterCollection()));
parentPort?.postMessage(server.url);
