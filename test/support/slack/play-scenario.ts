/**
 * A scenario of the demo told to Slack: the embedded mesh, evaluation, evidence and delivery as `serve` plugs them together, all under one
 * clock that goes on when all of them sleep, so that the same messages come every time. Used by the worker of scenario-messages.test.ts.
 */
import { pino } from "pino";
import type { AlertDesk, Delivery } from "../../../src/alerting/alert-desk.js";
import type { Evidence } from "../../../src/alerting/evidence.js";
import { embeddedConfig } from "../../../src/config/load-config.js";
import { slackSchema } from "../../../src/config/slack-schema.js";
import { storeSchema } from "../../../src/config/store-schema.js";
import { createDemo } from "../../../src/demo/create-demo.js";
import { bookinfoWithShop } from "../../../src/demo/meshes/join-meshes.js";
import type { KeptMessage } from "../../../src/demo/slack/workspace.js";
import { composeOver } from "../../../src/server/compose.js";
import { openAlerting } from "../../../src/server/open-alerting.js";
import { seeAll } from "../../../src/telemetry/visibility.js";
import { createSleptClock } from "../slept-clock.js";
import { startSlackStandIn } from "./stand-in.js";

/** What Slack was told of a scenario. */
export interface ToldScenario {
  /** What got through, in the order in which it was queued. */
  readonly sent: readonly Pick<Delivery, "id" | "incidentId" | "payload">[];
  /** The channel as it stands at the end, oldest first. */
  readonly channel: readonly Pick<KeptMessage, "ts" | "threadTs" | "text" | "blocks">[];
  /** Of each incident. */
  readonly evidence: readonly (Evidence | null)[];
  /** Incidents that are not over at the end. */
  readonly openCount: number;
  /** Answers of Slack that were not `ok`. */
  readonly refusals: readonly string[];
}

const minuteMs = 60_000;
/** Noon of a Tuesday in UTC. */
const startMs = Date.UTC(2026, 4, 12, 12);
/** Two windows of evidence before, the scenario, and what an incident takes to be over. */
const [beforeMs, actMs, mostCalmMinutes] = [31 * minuteMs, 6 * minuteMs, 15];
const yaml = new URL("../../../../test/fixtures/slack-scenarios/slo.yaml", import.meta.url).pathname;

/** Plays one from a healthy mesh until its incidents are over; with a store in a file `meshlens slack preview ID` shows them afterwards. */
export async function playScenario(name: string, storeUrl = ":memory:"): Promise<ToldScenario> {
  const time = createSleptClock(startMs + beforeMs);
  const { clock } = time;
  const never = new AbortController().signal;
  const demo = createDemo({ mesh: bookinfoWithShop, proxies: "istio", seed: 1, startMs, clock });
  await demo.stage.play(clock.nowMs(), never);

  const slack = await startSlackStandIn({ nowMs: clock.nowMs, isRateLimiting: true });
  const { metrics, traces, logs, workloads } = demo.backends;
  const plugged = {
    metricSources: [metrics],
    traceSources: [traces],
    logSources: [logs],
    workloadSources: [workloads],
  };
  const base = embeddedConfig({});
  const { token, signingSecret, apiUrl } = slack;
  const loaded = {
    ...base,
    config: {
      ...base.config,
      slo: { files: [yaml] },
      slack: slackSchema.parse({ token, signingSecret, apiUrl, channel: "#mesh-alerts" }),
      store: { ...storeSchema.parse({}), url: storeUrl },
    },
  };
  const alerting = await openAlerting(loaded, {
    composition: await composeOver(loaded, clock, plugged),
    logger: pino({ level: "warn" }, process.stderr),
    environment: {},
    pause: time.pause,
    // What is there is told whole, however long a busy machine takes to gather it.
    evidenceTimeoutMs: 120_000,
  });
  if (alerting === null) throw new Error("there are no objectives");
  const { desk } = alerting;

  // Evaluation, back-filling and delivery sleep on the clock; evidence is gathered without.
  const playFor = (ms: number) =>
    time.runUntil(
      clock.nowMs() + ms,
      3,
      (nowMs) => demo.stage.play(nowMs, never),
      () => isGathered(desk),
    );
  await playFor(minuteMs);
  demo.switchTo(name, clock.nowMs());
  await playFor(actMs);
  demo.switchTo("healthy", clock.nowMs());
  for (let calm = 0; calm < mostCalmMinutes; calm += 1) {
    await playFor(minuteMs);
    if ((await openIncidents(desk)).length === 0 && !(await isQueued(desk))) break;
  }

  const ids = (await allIncidents(desk)).map(({ id }) => id);
  const [evidence, sent, open] = await Promise.all([
    desk.evidenceOf(ids),
    desk.deliveries({ states: ["SENT"], first: 10_000, visibility: seeAll }),
    openIncidents(desk),
  ]);
  const told = {
    sent: sent
      .filter(({ isLeftOut }) => !isLeftOut)
      .map(({ id, incidentId, payload }) => ({ id, incidentId, payload }))
      .reverse(),
    channel: (slack.workspace.channels[0]?.messages ?? []).map(({ ts, threadTs, text, blocks }) => ({
      ts,
      threadTs,
      text,
      blocks,
    })),
    evidence,
    openCount: open.length,
    refusals: slack.calls.map(({ outcome }) => outcome).filter((outcome) => outcome !== "ok"),
  };
  await alerting.close();
  await slack.close();
  return told;
}

const firing = ["FIRING", "RECOVERING"] as const;

async function allIncidents(
  desk: AlertDesk,
  states: readonly ("FIRING" | "RECOVERING" | "RESOLVED")[] = [...firing, "RESOLVED"],
) {
  const { incidents } = await desk.incidents({ filter: { states }, visibility: seeAll, first: 100, after: null });
  return incidents;
}

const openIncidents = (desk: AlertDesk) => allIncidents(desk, firing);

async function isGathered(desk: AlertDesk): Promise<boolean> {
  const ids = (await openIncidents(desk)).map(({ id }) => id);
  return (await desk.evidenceOf(ids)).every((evidence) => evidence?.isGathered === true);
}

async function isQueued(desk: AlertDesk): Promise<boolean> {
  const states = ["QUEUED", "SENDING", "AMBIGUOUS", "FAILED"] as const;
  return (await desk.deliveries({ states, first: 1, visibility: seeAll })).length > 0;
}
