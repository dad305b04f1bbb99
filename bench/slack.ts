/** Incidents on a real server whose every source of evidence hangs: how soon Slack has the first message, and the whole one; a thousand at once. */
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { emptyChannel } from "../src/demo/slack/workspace.js";
import { freePort } from "../test/real/backends/free-ports.js";
import { startServerProcess } from "../test/real/backends/server-process.js";
import { type SlackStandIn, startSlackStandIn } from "../test/support/slack/stand-in.js";
import { waitUntil } from "../test/support/wait-until.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { processCpuSeconds } from "./process-cpu.js";
import { residentBytes } from "./resident-bytes.js";

const many = 1_000;
const startLimitMs = 300_000;

interface Figures {
  /** From the evaluation that fired to Slack's answer, of the slowest channel. */
  readonly firstMs: number;
  /** Until every part of the evidence was there or known to be missing; null where there is no such message. */
  readonly wholeMs: number | null;
  readonly limited: number;
  readonly unheeded: number;
  readonly addedMb: number;
  readonly highestMb: number;
  readonly cpuSeconds: number;
  readonly deliveries: number;
}

/** The bench. */
export async function benchSlack({ folder, say }: BenchContext): Promise<readonly BenchResult[]> {
  const one = await measure(join(folder, "one"), 1);
  say(JSON.stringify(one));
  const storm = await measure(join(folder, "storm"), many);
  say(JSON.stringify(storm));
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    {
      what: "Slack, all sources of evidence hanging: evaluation that fires to the accepted message",
      measured: seconds(one.firstMs),
      goal: "≤ 5 s",
      isMet: one.firstMs <= 5_000,
    },
    {
      what: "the same: to the message that says what is missing",
      measured: one.wholeMs === null ? "none came" : seconds(one.wholeMs),
      goal: "≤ 15 s",
      isMet: one.wholeMs !== null && one.wholeMs <= 15_000,
    },
    {
      what: `${many} incidents at once, the same: to the summary in each of two channels`,
      measured: seconds(storm.firstMs),
      goal: "≤ 10 s",
      isMet: storm.firstMs <= 10_000,
    },
    {
      what: "the same: 429s that were not waited for (all of them)",
      measured: `${storm.unheeded} (${storm.limited})`,
      goal: "0",
      isMet: storm.unheeded === 0,
    },
    {
      what: "the same: memory added at most until all is sent, and CPU",
      measured: `${Math.round(storm.addedMb)} MB (highest ${Math.round(storm.highestMb)} MB), ${storm.cpuSeconds.toFixed(1)} s for ${storm.deliveries} messages and edits`,
      goal: "≤ 200 MB",
      isMet: storm.addedMb <= 200,
    },
  ];
}

async function measure(folder: string, services: number): Promise<Figures> {
  await mkdir(folder, { recursive: true });
  const channels = [emptyChannel("C0ONE", "mesh-alerts"), emptyChannel("C0TWO", "mesh-team")];
  const slack = await startSlackStandIn({ channels, isRateLimiting: true });
  const silent = createServer((socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const hanging = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const config = await writeConfig(folder, hanging, slack, services);
  const script = join(import.meta.dirname, "slack-server.js");
  const plan = {
    command: process.execPath,
    args: [script, config, String(services)],
    environment: {},
    address: { url: hanging, zipkinIngestUrl: null },
  };
  const server = startServerProcess(plan, folder, join(folder, "server.log"));
  try {
    return await watch(slack, server.pid ?? -1, services);
  } finally {
    await server.stop(5_000);
    silent.close();
    await slack.close();
  }
}

async function watch(slack: SlackStandIn, pid: number, services: number): Promise<Figures> {
  const messages = () => slack.workspace.channels.flatMap((channel) => channel.messages);
  const isStorm = services > 1;
  const samples: { readonly atMs: number; readonly bytes: number; readonly cpuSeconds: number }[] = [];
  const sampling = new AbortController();
  const sampler = (async () => {
    while (!sampling.signal.aborted) {
      samples.push({ atMs: Date.now(), bytes: residentBytes(pid), cpuSeconds: processCpuSeconds(pid) });
      await delay(250, undefined, { signal: sampling.signal }).catch(() => {});
    }
  })();
  const first = () => slack.workspace.channels.map(({ messages: [one] }) => one);
  await waitUntil("a message in each channel", () => first().every((one) => one !== undefined), {
    limitMs: startLimitMs,
  });
  const firstMs = Math.max(...first().map((one) => (one?.postedMs ?? 0) - firedMs(one?.postedMs ?? 0)));
  const isWhole = () => first().every((one) => JSON.stringify(one?.blocks ?? []).includes("did not answer in time"));
  if (!isStorm) await waitUntil("the whole message", isWhole, { limitMs: 60_000 });
  const wholeMs = isStorm
    ? null
    : Math.max(...first().map((one) => (one?.editedMs ?? 0) - firedMs(one?.postedMs ?? 0)));
  // A storm's lists follow at Slack's pace.
  if (isStorm) {
    const lists = () => messages().filter(({ threadTs, text }) => threadTs !== null && text.startsWith("Incidents "));
    await waitUntil("all lists", () => lists().length >= 20, { limitMs: startLimitMs });
  }
  sampling.abort();
  await sampler;
  return {
    firstMs,
    wholeMs,
    ...heeded(slack),
    ...since(samples, Math.min(...first().map((one) => firedMs(one?.postedMs ?? 0)))),
    deliveries: slack.calls.filter(({ outcome }) => outcome === "ok").length,
  };
}

/** What the firing evaluation and all that came of it cost. */
function since(
  samples: readonly { readonly atMs: number; readonly bytes: number; readonly cpuSeconds: number }[],
  fromMs: number,
): Pick<Figures, "addedMb" | "highestMb" | "cpuSeconds"> {
  const before = samples.findLast(({ atMs }) => atMs < fromMs) ?? samples[0];
  const highest = Math.max(...samples.map(({ bytes }) => bytes));
  return {
    addedMb: (highest - (before?.bytes ?? 0)) / 2 ** 20,
    highestMb: highest / 2 ** 20,
    cpuSeconds: (samples.at(-1)?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0),
  };
}

/** Evaluations are at whole intervals: the last one before the message came. */
function firedMs(postedMs: number): number {
  return Math.floor(postedMs / intervalMs) * intervalMs;
}
const intervalMs = 30_000;

/** Who does not wait out a 429 gets another: more of them at once than there are channels. */
function heeded({ calls, workspace }: SlackStandIn): Pick<Figures, "limited" | "unheeded"> {
  const limited = calls.filter(({ outcome }) => outcome.includes("429"));
  const unheeded = limited.filter(
    ({ method, atMs }) =>
      limited.filter((one) => one.method === method && one.atMs >= atMs && one.atMs < atMs + 900).length >
      workspace.channels.length,
  );
  return { limited: limited.length, unheeded: unheeded.length };
}

async function writeConfig(folder: string, hanging: string, slack: SlackStandIn, services: number): Promise<string> {
  const objectives = Array.from({ length: services }, (_, nth) => `  - { service: s${nth}, availability: 99.9% }`);
  await writeFile(
    join(folder, "slo.yaml"),
    `apiVersion: meshlens/v1
namespace: shop
defaults:
  alerting: { page: { for: 30s }, tiers: [{ severity: page, long: 10m, short: 2m, factor: 10 }] }
objectives:
${objectives.join("\n")}
`,
  );
  await writeFile(
    join(folder, "kubeconfig"),
    JSON.stringify({
      "current-context": "a",
      contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
      clusters: [{ name: "a", cluster: { server: hanging } }],
      users: [{ name: "a", user: { token: "none" } }],
    }),
  );
  const file = join(folder, "meshlens.yaml");
  await writeFile(
    file,
    `server: { port: ${await freePort()} }
sources:
  - { name: jaeger, kind: jaeger, url: "${hanging}" }
  - { name: zipkin, kind: zipkin, url: "${hanging}" }
  - { name: logs, kind: elasticsearch, url: "${hanging}" }
  - { name: kube, kind: kubernetes, kubeconfig: kubeconfig }
slo: { files: [slo.yaml] }
store: { url: "file:${join(folder, "meshlens.db")}" }
alerting: { interval: ${intervalMs / 1_000}s }
slack:
  token: ${slack.token}
  channel: "#mesh-alerts"
  apiUrl: ${slack.apiUrl.replace(/\/$/, "")}
  routes: [{ severities: [page], channels: ["#mesh-alerts", "#mesh-team"] }]
`,
  );
  return file;
}
