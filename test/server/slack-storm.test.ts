import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createAlertBoard } from "../../src/alerting/alert-board.js";
import type { AlertTransition } from "../../src/alerting/alert-state.js";
import type { CommittedChange } from "../../src/alerting/cycle-draft.js";
import { createIncidentNews } from "../../src/alerting/incident-news.js";
import { evidenceOf, incidentRecord, storedTransition } from "../../src/alerting/stored-alert.js";
import { slackSchema } from "../../src/config/slack-schema.js";
import { createMesh } from "../../src/mesh/create-mesh.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { noLinkTargets } from "../../src/mesh/links/link-targets.js";
import { createLogger } from "../../src/server/logger.js";
import { openSlack, type RunningSlack, type SlackTerm } from "../../src/server/open-slack.js";
import { createSelfMetrics } from "../../src/server/self-metrics.js";
import { openStore } from "../../src/store/open-store.js";
import type { Store } from "../../src/store/store.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { makeEvidence } from "../support/evidence.js";
import { type SlackStandIn, startSlackStandIn } from "../support/slack/stand-in.js";
import { waitUntil } from "../support/wait-until.js";

let store: Store;
let stand: SlackStandIn;
let slack: RunningSlack;
let term: SlackTerm;
beforeEach(async () => {
  store = await openStore({ url: "file::memory:" });
  stand = await startSlackStandIn({ isRateLimiting: true });
  const config = slackSchema.parse({
    token: stand.token,
    channel: "#mesh-alerts",
    apiUrl: stand.apiUrl.replace(/\/$/, ""),
  });
  const mesh = createMesh({
    metricSources: [],
    traceSources: [],
    logSources: [],
    workloadSources: [],
    clock: systemClock,
    clusters: noClusterNames,
    links: noLinkTargets,
    dialect: null,
  });
  const logger = createLogger({ level: "silent", secrets: [] });
  const { slack: metrics } = createSelfMetrics(new Map());
  slack = openSlack(config, { outbox: store.outbox, mesh, clock: systemClock, logger, metrics });
  term = await slack.startTerm(store.outbox, { isShared: false, isSurelyHeld: () => true });
});
afterEach(async () => {
  await term.close();
  await slack.close();
  await stand.close();
  await store.close();
});

function fired(n: number, atMs: number): CommittedChange {
  const { burnConditions, goodCount, totalCount } = makeEvidence();
  const transition: AlertTransition = {
    incidentId: `o${n}-1-a`,
    sequence: 1,
    objectiveId: `o${n}`,
    atMs,
    from: null,
    to: "FIRING",
    severity: "PAGE",
    reason: "it burns",
    burnConditions,
    goodCount,
    totalCount,
  };
  const service = { cluster: "east", namespace: `ns${n % 7}`, name: `service-${n}` };
  const facts = { objectiveName: "availability", summary: "it burns", dataState: "OK" } as const;
  return {
    transition,
    incident: incidentRecord(transition, null, null, service, facts),
    severityBefore: null,
    subject: null,
  };
}

describe("a thousand incidents at once, to a Slack that keeps its limits", () => {
  test("are one message in the channel, its list in the thread, and no 429 that is not waited for", async () => {
    const board = createAlertBoard(
      { clock: systemClock, serviceOf: () => ({ cluster: "", namespace: "", name: "" }), staleMs: 1 },
      [],
    );
    const news = createIncidentNews({
      ...term.teller,
      alerts: store.alerts,
      outbox: store.outbox,
      board,
      clock: systemClock,
      onQueued: term.wake,
    });
    const atMs = systemClock.nowMs();
    const changes = Array.from({ length: 1_000 }, (_, n) => fired(n, atMs));
    const commit = {
      evaluatedAtMs: atMs,
      states: changes.map(({ transition }) => ({ objectiveId: transition.objectiveId, seq: 1, state: null })),
      transitions: changes.map(({ transition }) => storedTransition(transition, 1)),
      incidents: changes.map(({ incident }) => incident),
      removedObjectives: [],
      evidence: changes.flatMap(({ transition }) => evidenceOf(transition) ?? []),
    };
    await news.commitCycle(commit, changes);
    const messages = () => stand.workspace.channels[0]?.messages ?? [];
    await waitUntil("the summary arrives", () => messages().length > 0);
    expect(JSON.stringify(messages()[0]?.blocks)).toContain("1000 incidents, 1000 open, 1000 paging");
    await waitUntil("the list arrives", () => messages().length === 11, { limitMs: 60_000 });
    expect(messages().filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
    const listed = JSON.stringify(
      messages()
        .slice(1)
        .map(({ blocks }) => blocks),
    );
    for (const { incident } of changes) expect(listed).toContain(`${incident.service.name}.`);
    // Slack has a message a moment before the store knows that it has.
    await waitUntil("all are known to be sent", async () => (await store.outbox.counts()).SENT === 11);
    expect(await store.outbox.counts()).toMatchObject({ QUEUED: 0, FAILED: 0, DEAD: 0, AMBIGUOUS: 0 });
    const posts = stand.calls.filter(({ method }) => method === "chat.postMessage");
    for (const [at, { outcome, atMs: limitedMs }] of posts.entries()) {
      if (!outcome.includes("429")) continue;
      const next = posts[at + 1];
      // What Slack asked for was a second, counted from before its answer came.
      if (next !== undefined) expect(next.atMs - limitedMs).toBeGreaterThan(900);
    }
  });
});
