/**
 * What arrives in Slack when the demo plays its scenarios: every message as blocks (`npm run golden:write` rewrites them), and what an
 * engineer must find in them.
 */
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { knownScenarios } from "../../src/demo/scenarios/known-scenarios.js";
import { messageFault } from "../../src/demo/slack/message-rules.js";
import { readPayload } from "../../src/slack/delivery-payload.js";
import type { SlackMessage } from "../../src/slack/message/block.js";
import { golden } from "../support/golden.js";
import { repositoryRoot } from "../support/repository-root.js";
import type { ToldScenario } from "../support/slack/play-scenario.js";

const names = knownScenarios.map(({ name }) => name);
/** Nothing fails in these: nobody is to be told. */
const quiet: readonly string[] = ["healthy", "egress-firestore"];
const folder = join(repositoryRoot, "test/fixtures/slack-scenarios");

interface Said {
  readonly id: string;
  readonly kind: string;
  readonly message: SlackMessage | null;
}

const told = new Map<string, ToldScenario>();
const ofName = (name: string) => told.get(name) as ToldScenario;

function saidIn(name: string): readonly Said[] {
  return ofName(name).sent.map(({ id, payload }) => {
    const read = readPayload(payload);
    return { id, kind: read?.kind ?? "unreadable", message: read !== null && "message" in read ? read.message : null };
  });
}

/** The text of the anchor with the evidence of the scenario's first incident. */
function firstEvidence(name: string): string {
  const found = saidIn(name).find(({ id, kind }) => kind === "anchor" && id.includes("-evidence-"));
  return JSON.stringify(found?.message?.blocks ?? null);
}

beforeAll(async () => {
  const worker = new Worker(new URL("./scenario-messages-worker.js", import.meta.url), { workerData: names });
  const failed = once(worker, "error").then(([error]) => Promise.reject(error));
  while (told.size < names.length) {
    const [[name, one]] = (await Promise.race([once(worker, "message"), failed])) as [[string, ToldScenario]];
    told.set(name, one);
  }
  await worker.terminate();
}, 480_000);

describe.each(names)("the scenario %s", (name) => {
  test("is told as its golden messages say, each within Slack's limits", () => {
    const said = saidIn(name);
    for (const { message } of said) {
      if (message === null) continue;
      expect(messageFault(message.text, message.blocks)).toBeNull();
      expect(message.text.length).toBeLessThanOrEqual(1_000);
    }
    golden(join(folder, `${name}.json`), `${JSON.stringify(said, null, 1)}\n`);
  });

  test("leaves nothing open and nothing unsaid", () => {
    const { openCount, refusals, channel, sent } = ofName(name);
    expect({ openCount, refusals }).toEqual({ openCount: 0, refusals: [] });
    const shown = JSON.stringify(channel.map(({ blocks }) => blocks));
    // Of an anchor the last state stands in the channel; replies stand as they were said.
    const last = new Map(sent.map(({ incidentId, payload }) => [incidentId, readPayload(payload)]));
    for (const payload of last.values()) {
      if (payload !== null && "message" in payload) expect(shown).toContain(JSON.stringify(payload.message.blocks));
    }
    expect(sent.length === 0).toBe(quiet.includes(name));
  });
});

describe("an engineer who reads", () => {
  test("crashloop finds the health reason and the rollout that caused it", () => {
    const text = firstEvidence("crashloop");
    expect(text).toContain("PAGE · ratings.bookinfo · availability");
    expect(text).toContain("container ratings is in CrashLoopBackOff after 4 restarts");
    expect(text).toContain("OOMKilled (exit code 137)");
    expect(text).toContain("Readiness probe failed");
    expect(text).toContain("image 1.21.0 (was 1.20.3)");
  });

  test("ratings-delay finds the fault that somebody injected into what reviews calls", () => {
    const text = firstEvidence("ratings-delay");
    expect(text).toContain("PAGE · reviews.bookinfo · availability");
    expect(text).toContain("`VirtualService ratings` 1 min before: fault: 7 s delay on 100 % for end-user=jason");
    expect(text).toContain("waited 3 s for ratings.bookinfo");
    expect(text).not.toContain("Health in Kubernetes");
  });

  test.each([
    ["ratings-delay-v3", "VirtualService ratings", "fault: 7 s delay on 100 % for end-user=jason"],
    ["ratings-abort", "VirtualService ratings", "fault: HTTP 500 on 50 %"],
    ["canary-split", "VirtualService reviews", "v2 50 %, v3 50 % (was v1 33 %, v2 33 %, v3 34 %)"],
    ["canary-split", "Deployment reviews-v3", "image 1.21.0-rc.1 (was 1.20.3)"],
    ["retries-mask", "VirtualService ratings", "retries: 3 attempts, on 5xx"],
    ["rbac-denied", "AuthorizationPolicy deny-reviews-v3", "denies calls from principal bookinfo/bookinfo-reviews-v3"],
    ["egress-blocked", "ServiceEntry firestore", "deleted (was firestore.googleapis.com, 443/TCP, resolution DNS)"],
    ["mysql-slow", "VirtualService ratings", "ratings: v2 100 % (was v1 100 %)"],
  ])("%s finds %s: %s", (name, what, words) => {
    const text = firstEvidence(name);
    expect(text).toContain(what);
    expect(text).toContain(words);
    const changes = ofName(name).evidence.flatMap((evidence) => evidence?.changes ?? []);
    const found = changes.filter(({ kind, name: object }) => `${kind} ${object}` === what);
    expect(found.map(({ summary }) => summary).join()).toContain(words);
  });

  test("storm finds one message with a table for what the shared service took down", () => {
    const anchors = ofName("storm").channel.filter(({ threadTs }) => threadTs === null);
    expect(anchors).toHaveLength(1);
    const said = saidIn("storm").filter(({ kind }) => kind === "anchor");
    expect(said[0]?.message?.text).toContain("STORM · 10 incidents, 10 open, 10 paging");
    expect(JSON.stringify(said)).toMatch(/(Failing traces end in|Likely cause)\* `sessions.shop`/);
    expect(JSON.stringify(anchors)).toContain("✅ STORM OVER · 11 incidents, 0 open");
  });
});
