import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { emptyChannel } from "../../src/demo/slack/workspace.js";
import { ruleText } from "../../src/server/rule-text.js";
import { type RunningServer, startServer } from "../../src/server/start-server.js";
import { loadDeclaredObjectives } from "../../src/slo/load-objectives.js";
import { countedRules } from "../../src/slo/rules/counted-rules.js";
import { ruleFile } from "../../src/slo/rules/rule-group.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import { repositoryRoot } from "../support/repository-root.js";
import { type SlackStandIn, startSlackStandIn } from "../support/slack/stand-in.js";
import { waitUntil } from "../support/wait-until.js";
import { installAlertmanager, isAlertmanagerReady, planAlertmanager } from "./backends/alertmanager.js";
import type { LaunchPlan } from "./backends/backend.js";
import { freePort } from "./backends/free-ports.js";
import { fetchJson } from "./backends/http-json.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import { emptyPrometheus3 } from "./backends/prometheus.js";
import { runCommand } from "./backends/run-command.js";
import { type ServerProcess, startServerProcess } from "./backends/server-process.js";

/** Fires at once and ends at once, so that what is waited for is Prometheus, Alertmanager and nothing else. */
const objectives = `apiVersion: meshlens/v1
namespace: shop
objectives:
  - service: cart
    name: checkouts
    events:
      target: 90%
      failed: sum(rate(shop_requests_total{result="failed"}[{{.window}}]))
      total: sum(rate(shop_requests_total[{{.window}}]))
    alerting:
      page: { for: 0s, keepFiring: 0s }
      tiers: [{ severity: page, long: 5m, short: 1m, factor: 2 }]
`;
const foreignRules = `groups:
  - name: foreign
    interval: 1s
    rules:
      - alert: CartIsFull
        expr: shop_full == 1
        labels: { severity: critical, namespace: shop, service: cart }
        annotations: { summary: "the cart is full" }
`;
const limitMs = 150_000;

/** What Prometheus scrapes: calls by the wall clock, failing while it is told so. */
function createShop() {
  const state = { isFailing: false, isFull: false };
  const counts = { ok: 0, failed: 0 };
  const timer = setInterval(() => {
    counts.ok += state.isFailing ? 4 : 10;
    counts.failed += state.isFailing ? 6 : 0;
  }, 100);
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(
      `# TYPE shop_requests_total counter\nshop_requests_total{result="ok"} ${counts.ok}\nshop_requests_total{result="failed"} ${counts.failed}\n# TYPE shop_full gauge\nshop_full ${Number(state.isFull)}\n`,
    );
  });
  return { state, server, stop: () => clearInterval(timer) };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

test("the shipped configuration of Alertmanager is one", async () => {
  const stopping = new AbortController();
  const cache = createInstallCache(cacheFolder(process.env), stopping.signal, () => undefined);
  const amtool = (await installAlertmanager(cache)).replace(/prometheus-alertmanager$/, "amtool");
  const file = join(repositoryRoot, "deploy/alertmanager/alertmanager.yml");
  const said = await runCommand(amtool, ["check-config", file], { remedy: "deploy/alertmanager/alertmanager.yml" });
  expect(said).toContain("SUCCESS");
});

describe("rules of ours in a real Prometheus, told by a real Alertmanager", () => {
  const stopping = new AbortController();
  const shop = createShop();
  let folder = "";
  let slack: SlackStandIn;
  let meshlens: RunningServer;
  let prometheus: { plan: LaunchPlan; process: ServerProcess };
  let alertmanager: { plan: LaunchPlan; process: ServerProcess };
  let meshlensPort = 0;

  const run = (plan: LaunchPlan, name: string) => startServerProcess(plan, folder, join(folder, `${name}.log`));
  const startMeshlens = async () => {
    const loaded = loadConfig(join(folder, "meshlens.yaml"), {});
    meshlens = await startServer(loaded, { clock, environment: {} });
  };
  const ask = async <T>(query: string, variables: object = {}): Promise<T> => {
    const body = JSON.stringify({ query, variables });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${meshlensPort}/graphql`, { method: "POST", headers, body });
    return ((await response.json()) as { data: T }).data;
  };
  type Alert = {
    id: string;
    state: string;
    summary: string;
    silencedUntil: string | null;
    slo: { name: string } | null;
    deliveries: { state: string }[];
    evidence: { isGathered: boolean } | null;
    transitions: { to: string; reason: string }[];
  };
  const alerts = async () =>
    (
      await ask<{ alerts: { nodes: Alert[] } }>(
        "{ alerts { nodes { id state summary silencedUntil slo { name } deliveries { state } evidence { isGathered } transitions { to reason } } } }",
      )
    ).alerts.nodes;
  const ofSlo = async () => (await alerts()).filter(({ slo }) => slo?.name === "checkouts");
  const foreign = async () => (await alerts()).filter(({ slo }) => slo === null);
  const anchors = () => (slack.workspace.channels[0]?.messages ?? []).filter(({ threadTs }) => threadTs === null);
  const silences = () =>
    fetchJson<{ id: string; createdBy: string; status: { state: string } }[]>(
      `${alertmanager.plan.address.url}/api/v2/silences`,
    );
  const readyPrometheus = () => emptyPrometheus3().isReady(prometheus.plan.address);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "meshlens-alertmanager-"));
    const cache = createInstallCache(cacheFolder(process.env), stopping.signal, () => undefined);
    const shopPort = await listen(shop.server);
    slack = await startSlackStandIn({ nowMs: clock.nowMs, channels: [emptyChannel("C0MESH", "mesh-alerts")] });
    meshlensPort = await freePort();

    const alertmanagerPlan = await planAlertmanager(
      await installAlertmanager(cache),
      join(folder, "alertmanager"),
      `route: { receiver: meshlens, group_by: [alertname], group_wait: 1s, group_interval: 2s, repeat_interval: 1h }
receivers:
  - name: meshlens
    webhook_configs: [{ url: "http://127.0.0.1:${meshlensPort}/webhooks/alertmanager", send_resolved: true }]
`,
    );
    await writeFile(join(folder, "slo.yaml"), objectives);
    const { objectives: declared, findings } = loadDeclaredObjectives(["slo.yaml"], { folder, environment: {} });
    expect(findings).toEqual([]);
    const settings = {
      mesh: { dialect: "istio", reporter: "source" } as const,
      stepMs: 30_000,
      ...ruleText(1_000),
    };
    const rules = ruleFile(declared.flatMap((one) => countedRules(one, settings) ?? []));
    const launch = await emptyPrometheus3().install(cache);
    const prometheusFolder = join(folder, "prometheus");
    await mkdir(prometheusFolder, { recursive: true });
    const prometheusPlan = await launch(prometheusFolder);
    await writeFile(join(prometheusFolder, "rules.yml"), rules);
    await writeFile(join(prometheusFolder, "foreign.yml"), foreignRules);
    await writeFile(
      join(prometheusFolder, "prometheus.yml"),
      `global: { scrape_interval: 1s, evaluation_interval: 5s }
rule_files: [rules.yml, foreign.yml]
alerting: { alertmanagers: [{ static_configs: [{ targets: ["${new URL(alertmanagerPlan.address.url).host}"] }] }] }
scrape_configs: [{ job_name: shop, static_configs: [{ targets: ["127.0.0.1:${shopPort}"] }] }]
`,
    );
    alertmanager = { plan: alertmanagerPlan, process: run(alertmanagerPlan, "alertmanager") };
    prometheus = { plan: prometheusPlan, process: run(prometheusPlan, "prometheus") };
    await writeFile(
      join(folder, "meshlens.yaml"),
      `server: { port: ${meshlensPort}, logLevel: silent }
sources: [{ name: prometheus, kind: prometheus, url: "${prometheusPlan.address.url}", scrapeInterval: 1s }]
slo: { files: [slo.yaml] }
alerting: { alertmanager: { url: "${alertmanagerPlan.address.url}" } }
store: { url: "file:${join(folder, "meshlens.db")}" }
slack: { token: ${slack.token}, channel: "#mesh-alerts", apiUrl: "${slack.apiUrl.replace(/\/$/, "")}" }
`,
    );
    await startMeshlens();
    await waitUntil("Alertmanager", () => isAlertmanagerReady(alertmanagerPlan.address.url), { limitMs });
    await waitUntil("Prometheus", readyPrometheus, { limitMs });
  }, 400_000);

  afterAll(async () => {
    stopping.abort();
    await meshlens?.stop("test over");
    await alertmanager?.process.stop(5_000);
    await prometheus?.process.stop(5_000);
    await slack?.close();
    shop.stop();
    shop.server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test("an outage becomes one incident of the objective, with evidence and one message", async () => {
    shop.state.isFailing = true;
    await waitUntil("it fires", async () => (await ofSlo())[0]?.state === "FIRING", { limitMs });
    await waitUntil("it is told", async () => (await ofSlo())[0]?.deliveries[0]?.state === "SENT", { limitMs });
    await waitUntil("evidence", async () => (await ofSlo())[0]?.evidence?.isGathered === true, { limitMs });
    const held = await fetchJson<{ labels: Record<string, string> }[]>(
      `${alertmanager.plan.address.url}/api/v2/alerts`,
    );
    expect(held.map(({ labels }) => labels["sloth_slo"])).toContain("checkouts");
    expect(await ofSlo()).toHaveLength(1);
    expect(JSON.stringify(anchors()[0]?.blocks)).toContain("PAGE · cart.shop · checkouts");
  }, 300_000);

  test("restarts of Alertmanager, Prometheus and Meshlens while it fires change nothing", async () => {
    await alertmanager.process.stop(5_000);
    alertmanager.process = run(alertmanager.plan, "alertmanager");
    await waitUntil("Alertmanager", () => isAlertmanagerReady(alertmanager.plan.address.url), { limitMs });
    await meshlens.stop("restart");
    await startMeshlens();
    await prometheus.process.stop(5_000);
    prometheus.process = run(prometheus.plan, "prometheus");
    await waitUntil("Prometheus", readyPrometheus, { limitMs });
    await waitUntil(
      "Alertmanager holds it again",
      async () => (await fetchJson<unknown[]>(`${alertmanager.plan.address.url}/api/v2/alerts`)).length > 0,
      { limitMs },
    );
    const [still, ...others] = await ofSlo();
    expect(others).toEqual([]);
    expect(still?.state).not.toBe("RESOLVED");
    expect(anchors()).toHaveLength(1);
  }, 300_000);

  test("another alert of Prometheus is an incident of its own; silences go both ways", async () => {
    shop.state.isFull = true;
    await waitUntil("it fires", async () => (await foreign())[0]?.state === "FIRING", { limitMs });
    const [alert] = await foreign();
    expect(alert?.summary).toBe("CartIsFull fires for cart.shop: the cart is full");
    const mutation =
      'mutation($id: ID!) { silenceAlert(input: { alertId: $id, for: "1h" }) { alert { silencedUntil } userErrors { code message } } }';
    const { silenceAlert } = await ask<{ silenceAlert: { userErrors: unknown[] } }>(mutation, { id: alert?.id });
    expect(silenceAlert.userErrors).toEqual([]);
    expect(await silences()).toMatchObject([{ createdBy: "anonymous", status: { state: "active" } }]);
    const end =
      "mutation($id: ID!) { endSilence(input: { alertId: $id }) { alert { silencedUntil } userErrors { code } } }";
    expect(await ask(end, { id: alert?.id })).toEqual({
      endSilence: { alert: { silencedUntil: null }, userErrors: [] },
    });
    expect(await silences()).toMatchObject([{ status: { state: "expired" } }]);

    await fetch(`${alertmanager.plan.address.url}/api/v2/silences`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        matchers: [{ name: "alertname", value: "CartIsFull", isRegex: false, isEqual: true }],
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        createdBy: "ada",
        comment: "known",
      }),
    });
    await waitUntil("it is silenced here", async () => (await foreign())[0]?.silencedUntil != null, { limitMs });
    shop.state.isFull = false;
  }, 300_000);

  test("they resolve when it is over, the silenced one too, of whose end Alertmanager says nothing", async () => {
    shop.state.isFailing = false;
    await waitUntil("the objective's", async () => (await ofSlo())[0]?.state === "RESOLVED", { limitMs: 300_000 });
    await waitUntil("its message", () => JSON.stringify(anchors()[0]?.blocks).includes("RESOLVED"), { limitMs });
    await waitUntil("the other one", async () => (await foreign())[0]?.state === "RESOLVED", { limitMs: 300_000 });
    expect(await ofSlo()).toHaveLength(1);
    expect((await foreign()).length).toBe(1);
  }, 650_000);
});
