/** Two copies on one PostgreSQL while alerts fire and the leading one is killed or paused again and again; what came of it. Used by a test of the real suite and its soak script. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { KeptMessage } from "../../../src/demo/slack/workspace.js";
import { openStore } from "../../../src/store/open-store.js";
import { seeAll } from "../../../src/telemetry/visibility.js";
import { startMs } from "../../alerting/evaluated-mesh.js";
import { sharedObjectives } from "../cart-objectives.js";
import { repositoryRoot } from "../repository-root.js";
import { startSlackStandIn } from "../slack/stand-in.js";
import { waitUntil } from "../wait-until.js";
import { isToldWhole } from "./judge-copies.js";
import { keepSharedClock } from "./shared-clock.js";
import { copyLeaseTimes } from "./sped-clock.js";

/** How the leading copy, or the other one, is disturbed next, how long after the last disturbance is over, and in which minute of the story at the earliest; REPLACE is what a rolling upgrade does: a new copy first, then SIGTERM. Null: no more. */
export type Disturb = () => {
  readonly kind: "KILL" | "PAUSE" | "KILL_OTHER" | "REPLACE";
  readonly afterMs: number;
  readonly fromMinute?: number;
} | null;

/** How fast stories of copies run, and after how many minutes their weather repeats. */
export const usualPace = { speed: 15, periodMinutes: 12 };

/** What is played. */
export interface CopiesPlan {
  /** Of an empty database. */
  readonly url: string;
  readonly speed: number;
  /** After so many minutes the weather repeats; the story ends with the first such end after the last disturbance. */
  readonly periodMinutes: number;
  /** The story is at least so long. */
  readonly leastMinutes: number;
  readonly disturb: Disturb;
  /** Leases as they are outside of tests; left out: short ones. */
  readonly hasUsualLeases?: boolean;
  readonly say?: (words: string) => void;
}

/** What came of it. */
export interface CopiesStory {
  readonly minutes: number;
  readonly transitions: readonly string[];
  /** Per incident, in the order in which they began: what Slack was told, message by message. */
  readonly told: readonly string[];
  readonly kills: number;
  readonly pauses: number;
  readonly replaced: number;
  /** From a kill or pause of the leading copy until the other one leads, ms. */
  readonly failoversMs: readonly number[];
  /** How long the story's clock waited for evaluations, by the machine's. */
  readonly waitedMs: number;
  /** Deliveries that are neither sent nor left out. */
  readonly unsent: readonly string[];
}

const program = join(repositoryRoot, "dist/test/support/copies/serve-a-copy.js");
interface Copy {
  readonly child: ChildProcess;
  readonly url: string;
  isLeading: boolean;
  isPaused: boolean;
}

/** Plays it. */
export async function playCopies(plan: CopiesPlan): Promise<CopiesStory> {
  const { url, speed, periodMinutes, disturb, hasUsualLeases = false, say = () => {} } = plan;
  const leaseMs = hasUsualLeases ? 8_000 : copyLeaseTimes.ttlMs;
  const folder = await mkdtemp(join(tmpdir(), "meshlens-copies-"));
  const clockFile = join(folder, "clock");
  const clock = keepSharedClock(clockFile, speed, url);
  const slack = await startSlackStandIn({ nowMs: clock.nowMs });
  const file = join(folder, "meshlens.yaml");
  const apiUrl = slack.apiUrl.replace(/\/$/, "");
  await writeFile(
    file,
    `server: { port: 0, logLevel: info }
slo: { files: [slo.yaml] }
store: { url: "${url}" }
slack: { token: ${slack.token}, channel: "#mesh-alerts", apiUrl: "${apiUrl}" }
`,
  );
  await writeFile(join(folder, "slo.yaml"), sharedObjectives);
  const copies: Copy[] = [];
  const failoversMs: number[] = [];
  let [kills, pauses, replaced, isOver] = [0, 0, 0, false];

  async function startCopy(): Promise<void> {
    const leases = hasUsualLeases ? "usual" : "short";
    const given = [program, file, clockFile, String(speed), String(periodMinutes), leases];
    const child = spawn(process.execPath, given, { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise<void>((resolve, reject) => {
      let copy: Copy | null = null;
      let isLeading = false;
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line.startsWith("listens ")) {
          copy = { child, url: line.slice("listens ".length), isLeading, isPaused: false };
          copies.push(copy);
          resolve();
          return;
        }
        isLeading = line.startsWith("this copy leads");
        if (copy !== null) copy.isLeading = isLeading;
      });
      child.once("exit", (code, signal) => {
        const at = copies.findIndex((one) => one.child === child);
        if (at >= 0) copies.splice(at, 1);
        if (signal !== "SIGKILL" && !isOver) reject(new Error(`a copy ended by itself: ${code ?? signal}`));
      });
    });
  }

  const leading = () => copies.find((copy) => copy.isLeading && !copy.isPaused);
  const patient = { limitMs: 60_000 };
  const veryPatient = { limitMs: 3_600_000 };
  try {
    await Promise.all([startCopy(), startCopy()]);
    await waitUntil("both measure", async () => (await shardsOf(copies)).every((count) => count === 4), patient);
    const now = () => (clock.nowMs() - startMs) / 60_000;
    for (let next = disturb(); next !== null; next = disturb()) {
      const { kind, afterMs, fromMinute = 0 } = next;
      await waitUntil("its minute", () => now() >= fromMinute, veryPatient);
      await waitUntil("two copies, one of them leading", () => copies.length === 2 && leading() !== undefined, patient);
      await delay(afterMs);
      const leader = leading();
      if (leader === undefined) continue;
      const other = copies.find((one) => one !== leader);
      if (kind === "REPLACE") {
        await startCopy();
        await ended(leader);
        replaced += 1;
        continue;
      }
      if (kind === "KILL_OTHER") {
        if (other !== undefined) await killed(other);
        continue;
      }
      const atMs = performance.now();
      const restarted = kind === "KILL" ? killed(leader) : paused(leader);
      await waitUntil("another copy leads", () => copies.some((one) => one !== leader && one.isLeading), patient);
      failoversMs.push(performance.now() - atMs);
      await restarted;
      if ((kills + pauses) % 10 === 0) say(`${kills} kills, ${pauses} pauses`);
    }
    // The last period is told whole, and a minute later it is out, or whenever the machine comes to it.
    const minutes = periodMinutes * Math.ceil(Math.max(now() + 1, plan.leastMinutes) / periodMinutes);
    await waitUntil("the end of the story", () => now() > minutes + 1, veryPatient);
    const read = () => storedStory(url, minutes, slack.workspace.channels[0]?.messages ?? []);
    let story = await read();
    for (let looks = 0; looks < 60 && !story.isTold; looks += 1) {
      await delay(1_000);
      story = await read();
    }
    isOver = true;
    await Promise.all(copies.map(ended));
    return { minutes, ...story, kills, pauses, replaced, failoversMs, waitedMs: clock.waitedMs() };
  } finally {
    isOver = true;
    for (const { child } of copies) child.kill("SIGKILL");
    await clock.stop();
    await slack.close();
    await rm(folder, { recursive: true, force: true });
  }

  async function killed({ child }: Copy): Promise<void> {
    kills += 1;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    await startCopy();
  }

  /** For longer than its lease; it wakes up with whatever it was about to do. */
  async function paused(copy: Copy): Promise<void> {
    pauses += 1;
    copy.isPaused = true;
    copy.child.kill("SIGSTOP");
    await delay(2 * leaseMs);
    await waitUntil("another copy leads", () => copies.some((one) => one !== copy && one.isLeading), patient);
    copy.child.kill("SIGCONT");
    await waitUntil("the paused copy knows", () => !copy.isLeading, patient);
    copy.isPaused = false;
  }

  async function ended({ child }: Copy): Promise<void> {
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
  }
}

/** How many shards each copy has. */
async function shardsOf(copies: readonly Copy[]): Promise<readonly number[]> {
  return Promise.all(
    copies.map(async ({ url }) => {
      const ready = (await (await fetch(`${url}/readyz`)).json()) as { readonly copies: { readonly shards: number } };
      return ready.copies.shards;
    }),
  );
}

async function storedStory(
  url: string,
  minutes: number,
  messages: readonly KeptMessage[],
): Promise<Pick<CopiesStory, "transitions" | "told" | "unsent"> & { readonly isTold: boolean }> {
  const store = await openStore({ url });
  try {
    const { incidents } = await store.alerts.incidents({ filter: {}, visibility: seeAll, first: 1_000, after: null });
    const rows = (await store.alerts.transitionsOf(incidents.map(({ id }) => id))).flat();
    const untilMs = startMs + minutes * 60_000;
    const later = incidents.filter(({ startedAtMs }) => startedAtMs > untilMs);
    const oldest = incidents.filter(({ startedAtMs }) => startedAtMs <= untilMs).toReversed();
    const waiting = await store.outbox.newest(["QUEUED", "SENDING", "FAILED", "AMBIGUOUS", "DEAD"], 100);
    const unsent = waiting.filter(({ id }) => !later.some((one) => id.includes(one.id)));
    const told = oldest.map(({ id }) => toldOf(messages, id));
    const { evaluatedAtMs } = await store.alerts.load();
    return {
      isTold: (evaluatedAtMs ?? 0) >= untilMs && unsent.length === 0 && told.every(isToldWhole),
      transitions: rows
        .filter(({ atMs }) => atMs <= untilMs)
        .toSorted((a, b) => a.seq - b.seq)
        .map((row) => JSON.stringify(row)),
      told,
      unsent: unsent.map(({ id, state, error }) => `${state} ${id}: ${error}`),
    };
  } finally {
    await store.close();
  }
}

/** The messages of an incident as words: how its anchors end, and the kinds of its replies. */
function toldOf(messages: readonly KeptMessage[], incidentId: string): string {
  const own = messages.filter(({ metadata }) => metadata?.event_payload["incident_id"] === incidentId);
  const words = own.map(({ threadTs, metadata, text }) => {
    const { delivery_id: id = "", state = "" } = metadata?.event_payload ?? {};
    if (threadTs === null) return `anchor ${state}`;
    return /-(evidence|escalated|resolved)-/.exec(String(id).replace(incidentId, ""))?.[1] ?? text;
  });
  return words.toSorted().join(", ");
}
