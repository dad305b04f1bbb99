/**
 * How long nobody pages when a copy is killed, the leading one and the other one in turn: from the kill, just before an evaluation that fires is due, to that evaluation and to
 * its message in Slack by the copy that is left. Leases, evaluations and clocks as they are outside of tests.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../test/real/backends/free-ports.js";
import { type ServerProcess, startServerProcess } from "../test/real/backends/server-process.js";
import { type SlackStandIn, startSlackStandIn } from "../test/support/slack/stand-in.js";
import { waitUntil } from "../test/support/wait-until.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { quantile } from "./statistics.js";

const kills = 6;
const everyMs = 30_000;
const patient = { limitMs: 90_000 };

interface Copy {
  readonly url: string;
  readonly server: ServerProcess;
}

interface Failover {
  readonly evaluatedMs: number;
  readonly toldMs: number;
}

/** The bench over an empty database. */
export async function benchFailover(storeUrl: string, context: BenchContext): Promise<readonly BenchResult[]> {
  const folder = join(context.folder, "failover");
  await mkdir(folder, { recursive: true });
  const slack = await startSlackStandIn({ isRateLimiting: true });
  // What fails within a step is evaluated when the step has ended and the offset has passed.
  const firstFailsMs = Math.ceil(Date.now() / everyMs) * everyMs + everyMs;
  const start = () => startCopy(folder, storeUrl, slack, firstFailsMs);
  let copies = await Promise.all([start(), start()]);
  const failovers: Failover[] = [];
  try {
    for (let nth = 0; nth < kills; nth += 1) {
      const dueMs = firstFailsMs + (nth + 2) * everyMs;
      await waitUntil("two copies", async () => (await ready(copies[0])).copies.count === 2, patient);
      await delay(dueMs - Date.now() - 300 - Math.random() * 1_700);
      const leads = await Promise.all(copies.map(async (copy) => (await ready(copy)).copies.leading));
      const leader = copies[leads.indexOf(true)];
      const follower = copies.find((copy) => copy !== leader);
      if (leader === undefined || follower === undefined) throw new Error("no copy leads");
      // Both measure: the one that leads now and then, the other one as often.
      const [killed, other] = nth % 2 === 0 ? [leader, follower] : [follower, leader];
      const killedMs = Date.now();
      process.kill(killed.server.pid, "SIGKILL");
      const [evaluatedMs] = await Promise.all([
        waitUntil(`evaluation ${nth}`, async () => (await oldestEvaluation(other)) >= dueMs, patient).then(
          () => Date.now() - killedMs,
        ),
        waitUntil(`message ${nth}`, () => anchorsOf(slack, nth).length > 0, patient),
      ]);
      const toldMs = (anchorsOf(slack, nth)[0]?.postedMs ?? Number.NaN) - killedMs;
      failovers.push({ evaluatedMs, toldMs });
      context.say(`kill ${nth + 1}, ${dueMs - killedMs} ms before it is due: ${JSON.stringify(failovers.at(-1))}`);
      copies = [other, await start()];
    }
  } finally {
    await Promise.all(copies.map(({ server }) => server.stop(5_000)));
    await slack.close();
  }
  const told = failovers.map((_, nth) => anchorsOf(slack, nth).length);
  return [
    figure(
      "the first evaluation by the copy that is left",
      failovers.map(({ evaluatedMs }) => evaluatedMs),
    ),
    figure(
      "its message, accepted by Slack",
      failovers.map(({ toldMs }) => toldMs),
    ),
    {
      what: "messages of each incident that fired over a kill",
      measured: told.join(", "),
      goal: "1",
      isMet: told.every((count) => count === 1),
    },
  ];
}

function figure(to: string, ms: readonly number[]): BenchResult {
  const seconds = (of: number) => `${(of / 1_000).toFixed(1)} s`;
  return {
    what: `kill -9 of a copy, leading or not, up to 2 s before an evaluation to ${to}: median, worst of ${ms.length}`,
    measured: `${seconds(quantile(ms, 0.5))}, ${seconds(Math.max(...ms))}`,
    goal: "≤ 15 s",
    isMet: Math.max(...ms) <= 15_000,
  };
}

async function startCopy(folder: string, storeUrl: string, slack: SlackStandIn, firstFailsMs: number): Promise<Copy> {
  const port = await freePort();
  const file = join(folder, `copy-${port}.yaml`);
  // Of calls by one caller every other one: counted apart, so that both copies measure.
  const caller = (nth: number) => (nth % 2 === 0 ? "" : ", caller: front");
  const objectives = Array.from(
    { length: kills },
    (_, nth) => `  - { service: s${nth}, availability: 99.9%${caller(nth)} }`,
  );
  await writeFile(
    join(folder, "slo.yaml"),
    `apiVersion: meshlens/v1
namespace: shop
defaults:
  alerting: { page: { for: 0s }, tiers: [{ severity: page, long: 10m, short: 2m, factor: 10 }] }
objectives:
${objectives.join("\n")}
`,
  );
  await writeFile(
    file,
    `server: { port: ${port} }
slo: { files: [slo.yaml] }
store: { url: "${storeUrl}" }
slack:
  token: ${slack.token}
  channel: "#mesh-alerts"
  apiUrl: ${slack.apiUrl.replace(/\/$/, "")}
  storm: { incidents: 1000 }
`,
  );
  const url = `http://127.0.0.1:${port}`;
  const script = join(import.meta.dirname, "copy-server.js");
  const args = [script, file, String(kills), String(firstFailsMs)];
  const plan = { command: process.execPath, args, environment: {}, address: { url, zipkinIngestUrl: null } };
  const copy = { url, server: startServerProcess(plan, folder, `${file}.log`) };
  await waitUntil("a copy answers", () => ready(copy).then(Boolean, () => false), patient);
  return copy;
}

async function ready(copy: Copy | undefined) {
  const response = await fetch(`${copy?.url}/readyz`);
  return (await response.json()) as { readonly copies: { readonly leading: boolean; readonly count: number } };
}

/** Epoch ms of the evaluation that this copy shows of the objective that was evaluated longest ago. */
async function oldestEvaluation({ url }: Copy): Promise<number> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ query: "{ slos(first: 50) { nodes { evaluatedAt } } }" });
  const response = await fetch(`${url}/graphql`, { method: "POST", headers, body });
  const { data } = (await response.json()) as {
    readonly data: { readonly slos: { readonly nodes: readonly { readonly evaluatedAt: string | null }[] } };
  };
  return Math.min(...data.slos.nodes.map(({ evaluatedAt }) => Date.parse(evaluatedAt ?? "") || 0));
}

function anchorsOf({ workspace }: SlackStandIn, nth: number) {
  const messages = workspace.channels[0]?.messages ?? [];
  return messages.filter(
    ({ threadTs, blocks }) => threadTs === null && JSON.stringify(blocks).includes(`s${nth}.shop`),
  );
}
