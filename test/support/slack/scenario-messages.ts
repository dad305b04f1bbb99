/**
 * Run as a process: the demo plays every scenario once, with a calm after each that lets its incidents end, and Meshlens evaluates and
 * gathers evidence as it does in `serve`, all under one clock that goes as fast as it can. Prints what Slack would be told of each scenario.
 */
import { setImmediate } from "node:timers/promises";
import { pino } from "pino";
import { embeddedConfig } from "../../../src/config/load-config.js";
import { slackSchema } from "../../../src/config/slack-schema.js";
import { storeSchema } from "../../../src/config/store-schema.js";
import { createDemo } from "../../../src/demo/create-demo.js";
import { bookinfoWithShop } from "../../../src/demo/meshes/join-meshes.js";
import { composeOver } from "../../../src/server/compose.js";
import { openAlerting } from "../../../src/server/open-alerting.js";
import { readPayload } from "../../../src/slack/delivery-payload.js";
import { incidentDeliveries } from "../../../src/slack/incident-deliveries.js";
import { messageOfEvent } from "../../../src/slack/message/message-of-event.js";
import { seeAll } from "../../../src/telemetry/visibility.js";
import { waitUntil } from "../wait-until.js";

const objectivesFile = process.argv[2] ?? "";
const minuteMs = 60_000;
const stepMs = 30_000;
/** Noon of a Tuesday in UTC. */
const startMs = Date.UTC(2026, 4, 12, 12);
const [beforeMs, actMs, calmMs] = [30 * minuteMs, 8 * minuteMs, 22 * minuteMs];

let nowMs = startMs + beforeMs;
const clock = { nowMs: () => nowMs };
const demo = createDemo({ mesh: bookinfoWithShop, proxies: "istio", seed: 1, startMs, clock });
const never = new AbortController().signal;
await demo.stage.play(nowMs, never);

const { metrics, traces, logs, workloads } = demo.backends;
const plugged = { metricSources: [metrics], traceSources: [traces], logSources: [logs], workloadSources: [workloads] };
const base = embeddedConfig({});
const loaded = {
  ...base,
  config: {
    ...base.config,
    slo: { files: [objectivesFile] },
    slack: slackSchema.parse({ token: "xoxb-not-used", channel: "#mesh-alerts", signingSecret: "not-used" }),
    store: { ...storeSchema.parse({}), url: ":memory:" },
  },
};

/** Who sleeps until when; the clock goes on when all of Meshlens sleeps. */
const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const sleeper = { atMs: nowMs + ms, wake: () => sleepers.delete(sleeper) && resolve() };
    sleepers.add(sleeper);
    signal.addEventListener("abort", sleeper.wake, { once: true });
  });

interface Told {
  readonly incident: string;
  readonly state: string;
  readonly kind: string;
  readonly message: unknown;
}
let told: Told[] = [];
const target = { channel: "#mesh-alerts", canEdit: true } as const;
const alerting = await openAlerting(loaded, {
  composition: composeOver(loaded, clock, plugged),
  logger: pino({ level: "warn" }, process.stderr),
  environment: {},
  pause,
  openSlack: async () => ({
    teller: async (events) =>
      events.flatMap((event) => {
        const message = messageOfEvent(event, { links: [], mentions: [], isInteractive: true, nowMs });
        const made = message === null ? [] : incidentDeliveries({ ...event, message }, [target]);
        for (const { incidentId, payload } of made) {
          const read = readPayload(payload);
          if (read !== null && incidentId !== null)
            told.push({
              incident: incidentId,
              state: `${event.moment} ${read.state} ${read.severity}`,
              kind: read.kind,
              message: "chart" in read ? read.chart : read.message,
            });
        }
        return made;
      }),
    wake: () => {},
    describe: () => ({ url: null, isLeftOut: false }),
    health: () => ({ isUsable: true, problem: null }),
    close: async () => {},
  }),
});
if (alerting === null) throw new Error("there are no objectives");
const { desk } = alerting;

/** Lets what is under way end: whatever fired has its evidence. */
async function settle(): Promise<void> {
  await waitUntil(
    "evidence of what fired",
    async () => {
      await setImmediate();
      const fired = new Set(told.filter(({ state }) => state.startsWith("FIRED")).map(({ incident }) => incident));
      const gathered = new Set(
        told.filter(({ state }) => state.startsWith("EVIDENCE")).map(({ incident }) => incident),
      );
      return [...fired].every((id) => gathered.has(id)) && sleepers.size >= 2;
    },
    { limitMs: 60_000 },
  );
}

async function playUntil(endMs: number): Promise<void> {
  while (nowMs < endMs) {
    await settle();
    nowMs += stepMs / 2;
    await demo.stage.play(nowMs, never);
    for (const { atMs, wake } of [...sleepers]) if (atMs <= nowMs) wake();
  }
  await settle();
}

const result: Record<string, readonly Told[]> = {};
await playUntil(nowMs + minuteMs);
for (const { name } of demo.scenarios) {
  told = [];
  demo.switchTo(name, nowMs);
  await playUntil(nowMs + actMs);
  demo.switchTo("healthy", nowMs);
  await playUntil(nowMs + calmMs);
  result[name] = told;
  process.stderr.write(`${name}: ${told.length} messages\n`);
}
const open = await desk.incidents({
  filter: { states: ["FIRING", "RECOVERING"] },
  visibility: seeAll,
  first: 10,
  after: null,
});
if (open.incidents.length > 0) process.stderr.write(`still open: ${open.incidents.map(({ id }) => id).join(", ")}\n`);
process.stdout.write(JSON.stringify(result));
process.exit(0);
