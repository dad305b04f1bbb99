/** A thousand objectives of every format in two hundred files, linted by the command; and ten thousand alerts of Alertmanager into a server. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../test/real/backends/free-ports.js";
import { type ServerProcess, startServerProcess } from "../test/real/backends/server-process.js";
import { webhookBody } from "../test/support/alertmanager/webhook-body.js";
import { waitUntil } from "../test/support/wait-until.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { processCpuSeconds } from "./process-cpu.js";
import { residentBytes } from "./resident-bytes.js";

const files = 200;
const each = 5;
const alerts = 10_000;
const perBody = 10;
const atOnce = 4;
const limitMs = 300_000;

/** The bench. */
export async function benchSloFiles({ folder, say }: BenchContext): Promise<readonly BenchResult[]> {
  const lint = await lintFiles(join(folder, "slo"));
  say(JSON.stringify(lint));
  const webhook = await fireAlerts(join(folder, "webhook"));
  say(JSON.stringify(webhook));
  return [
    {
      what: `slo lint of ${files * each} objectives in ${files} files, start of the program and all: time (CPU)`,
      measured: `${lint.seconds.toFixed(1)} s (${lint.cpuSeconds.toFixed(1)} s)`,
      goal: "≤ 2 s",
      isMet: lint.seconds <= 2,
    },
    {
      what: "the same: memory at most",
      measured: `${Math.round(lint.megabytes)} MB`,
      goal: "≤ 150 MB",
      isMet: lint.megabytes <= 150,
    },
    {
      what: `${alerts} alerts by the webhook, ${perBody} a body: until all are incidents (lost)`,
      measured: `${webhook.seconds.toFixed(1)} s (${alerts - webhook.incidents})`,
      goal: "≤ 60 s (0)",
      isMet: webhook.seconds <= 60 && webhook.incidents === alerts,
    },
    {
      what: "the same: memory added at most, and after as many more alerts that are told again",
      measured: `${Math.round(webhook.addedMb)} MB, ${Math.round(webhook.againMb)} MB`,
      goal: "≤ 200 MB",
      isMet: webhook.addedMb <= 200 && webhook.againMb <= 200,
    },
  ];
}

async function lintFiles(folder: string) {
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < files; n += 1) await writeFile(join(folder, `${n}.yaml`), fileOf(n));
  const started = performance.now();
  const server = run(["slo", "lint", join(folder, "*.yaml")], folder, "lint");
  let [bytes, cpuSeconds] = [0, 0];
  while (server.ended() === null) {
    try {
      bytes = Math.max(bytes, residentBytes(server.pid) || 0);
      cpuSeconds = Math.max(cpuSeconds, processCpuSeconds(server.pid));
    } catch {
      // It has ended.
    }
    await delay(10);
  }
  const seconds = (performance.now() - started) / 1_000;
  const said = await server.logTail();
  if (!said.includes(`${files * each} objectives, 0 errors`)) throw new Error(`slo lint said: ${said}`);
  return { seconds, cpuSeconds, megabytes: bytes / 1e6 };
}

function fileOf(n: number): string {
  const slos = Array.from({ length: each }, (_, i) => `slo-${n}-${i}`);
  const failed = (name: string) => `sum(rate(http_total{namespace="shop",name="${name}",code=~"5.."}[{{.window}}]))`;
  const total = (name: string) => `sum(rate(http_total{namespace="shop",name="${name}"}[{{.window}}]))`;
  if (n % 3 === 0) {
    const lines = slos.map(
      (name) =>
        `  - { service: ${name}, events: { target: 99.9%, failed: '${failed(name)}', total: '${total(name)}' } }`,
    );
    return `apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n${lines.join("\n")}\n`;
  }
  if (n % 3 === 1) {
    const lines = slos.map(
      (name) => `  - name: ${name}
    objective: 99.9
    sli: { events: { error_query: '${failed(name)}', total_query: '${total(name)}' } }
    alerting: { name: Burns, page_alert: { labels: { severity: page } }, ticket_alert: {} }`,
    );
    return `version: prometheus/v1\nservice: service-${n}\nslos:\n${lines.join("\n")}\n`;
  }
  const metric = (query: string) => `{ metricSource: { type: Prometheus, spec: { query: '${query}' } } }`;
  return slos
    .map(
      (name) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name}, annotations: { meshlens.dev/alerting: usual } }
spec:
  service: service-${n}
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.999 }]
  indicator:
    metadata: { name: ${name}-sli }
    spec: { ratioMetric: { counter: true, bad: ${metric(failed(name))}, total: ${metric(total(name))} } }
`,
    )
    .join("---\n");
}

function run(args: readonly string[], folder: string, name: string): ServerProcess {
  const main = join(process.cwd(), "dist/src/cli/main.js");
  const address = { url: "", zipkinIngestUrl: null };
  const plan = { command: process.execPath, args: [main, ...args], environment: {}, address };
  return startServerProcess(plan, folder, join(folder, `${name}.log`));
}

async function fireAlerts(folder: string) {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const file = join(folder, "meshlens.yaml");
  const store = `store: { url: "file:${join(folder, "meshlens.db")}" }`;
  await writeFile(file, `server: { port: ${port}, logLevel: warn }\nalerting: { alertmanager: {} }\n${store}\n`);
  const server = run(["serve", "--config", file], folder, "serve");
  const url = `http://127.0.0.1:${port}`;
  await waitUntil("Meshlens answers", async () => (await fetch(`${url}/healthz`)).ok, { limitMs });
  const idle = residentBytes(server.pid);
  let most = idle;
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(server.pid) || 0);
  }, 50);
  try {
    const startsAt = new Date().toISOString();
    const body = (from: number) =>
      JSON.stringify(
        webhookBody(
          Array.from({ length: perBody }, (_, i) => ({
            labels: { alertname: "Broken", namespace: "shop", service: `service-${from + i}`, severity: "critical" },
            annotations: { summary: "it is broken, see the runbook" },
            startsAt,
          })),
        ),
      );
    const started = performance.now();
    await tellAll(url, body);
    let incidents = 0;
    await waitUntil(
      "all are incidents",
      async () => {
        const text = await (await fetch(`${url}/metrics`)).text();
        incidents = Number(/open_incidents\{state="FIRING",severity="PAGE"\} (\d+)/.exec(text)?.[1] ?? 0);
        return incidents === alerts;
      },
      { limitMs },
    );
    const seconds = (performance.now() - started) / 1_000;
    const addedMb = (most - idle) / 1e6;
    most = idle;
    await tellAll(url, body);
    return { seconds, incidents, addedMb, againMb: (most - idle) / 1e6, idleMb: idle / 1e6 };
  } finally {
    clearInterval(watch);
    await server.stop(10_000);
  }
}

async function tellAll(url: string, body: (from: number) => string): Promise<void> {
  const tell = async (from: number) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/webhooks/alertmanager`, { method: "POST", headers, body: body(from) });
    if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
  };
  let next = 0;
  const worker = async () => {
    while (next < alerts) {
      next += perBody;
      await tell(next - perBody);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
