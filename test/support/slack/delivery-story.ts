/**
 * One incident from its first message to its last under faults of the network and deaths of the process, and what of it arrived. The
 * delivery matrix is made of thousands of these (scripts/soak-slack.mjs); a few run as tests.
 */

import { allScopes } from "../../../src/demo/slack/start-stand-in.js";
import type { KeptMessage } from "../../../src/demo/slack/workspace.js";
import { createSlackWebhook } from "../../../src/slack/webhook.js";
import type { OutboxStore } from "../../../src/store/outbox-store.js";
import { deliveryFaults, lookupCalls } from "./delivery-faults.js";
import { type DeliveryScene, startDeliveryScene, timeoutFor } from "./delivery-scene.js";
import type { FaultKind } from "./stand-in.js";

/** How Slack is reached, and what it lets be known. */
export const storyModes = ["bot", "bot, history lags 10 s", "bot without history scope", "webhook"] as const;

/** What happens to an incident's messages. */
export interface StoryPlan {
  readonly mode: (typeof storyModes)[number];
  readonly faults: readonly { readonly call: string; readonly fault: FaultKind }[];
  /** The process dies at so many steps after its start: calls to Slack and to the store, each before and after it took effect. */
  readonly deaths: readonly number[];
  /** Passes over the outbox between one piece of news and the next; null: until nothing waits. */
  readonly passesBetween: number | null;
}

/** A plan with this fault at this step once or twice, up to three deaths, and news that comes in a hurry or not. */
export function planStory({
  mode,
  fault,
  step,
  random,
}: {
  readonly mode: StoryPlan["mode"];
  readonly fault: string;
  readonly step: string;
  readonly random: () => number;
}): StoryPlan {
  const kind = deliveryFaults[fault];
  if (kind === undefined) throw new Error(`there is no fault ${fault}`);
  const once = { call: step, fault: kind };
  // What looks is only asked when something is not known.
  const isLookup = lookupCalls.some((call) => call === step);
  const unknown = { call: "chat.postMessage", fault: { kind: "reset", isAccepted: random() < 0.5 } } as const;
  const deaths = Array.from({ length: Math.floor(random() * 4) }, () => 1 + Math.floor(random() * 60));
  return {
    mode,
    faults: [...(isLookup ? [unknown] : []), once, ...(random() < 0.3 ? [once] : [])],
    deaths,
    passesBetween: random() < 0.5 ? null : Math.floor(random() * 4),
  };
}

/** What came of it. */
export interface StoryVerdict {
  /** What was never said. */
  readonly lost: readonly string[];
  /** What was said after what came later. */
  readonly disordered: readonly string[];
  /** What stands there twice. */
  readonly doubled: readonly string[];
  readonly deaths: number;
  readonly faultsMet: number;
}

/** The course of the incident. */
export const news = [
  ["FIRED", { severity: "TICKET" }],
  ["EVIDENCE", { severity: "TICKET" }],
  ["ESCALATED", { severity: "PAGE" }],
  ["RESOLVED", { severity: "PAGE" }],
] as const;
const mostPasses = 400;
const hourMs = 3_600_000;
/** Plays it. @throws when it does not come to an end */
export async function playStory(plan: StoryPlan): Promise<StoryVerdict> {
  const mortal = createMortal(plan.deaths);
  const { timeoutMs } = timeoutFor(
    plan.faults.map(({ fault }) => fault),
    1_500,
  );
  const scene = await startDeliveryScene({
    timeoutMs,
    scopes: plan.mode === "bot without history scope" ? ["chat:write", "files:write"] : allScopes,
    historyLagMs: plan.mode === "bot, history lags 10 s" ? 10_000 : 0,
    isCallerDead: () => !mortal.isAliveAfterStep(),
    wrapOutbox: mortal.wrap,
    ...(plan.mode === "webhook" && {
      target: { channel: "webhook", canEdit: false },
      port: ({ webhookUrl }) => createSlackWebhook({ url: webhookUrl, timeoutMs }),
    }),
  });
  try {
    for (const { call, fault } of plan.faults) scene.slack.fail(call, fault);
    for (const [moment, differently] of news) {
      await scene.tell([moment, differently]);
      await look(scene, mortal, plan.passesBetween ?? mostPasses);
    }
    if (!(await look(scene, mortal, mostPasses))) throw new Error("deliveries are still waiting after many passes");
    const faultsMet = scene.slack.calls.filter(({ outcome }) => outcome !== "ok").length;
    const messages = scene.slack.workspace.channels[0]?.messages ?? [];
    // What waits gives way to what is newer: in a hurry only the end is sure to be told there.
    const wanted = plan.passesBetween === null ? ["TICKET", "PAGE", "RESOLVED"] : ["RESOLVED"];
    const told = plan.mode === "webhook" ? judgeWebhook(messages, wanted) : judgeChannel(messages);
    const open = (await scene.deliveries()).filter(({ state }) => state !== "SENT");
    const lost = [...told.lost, ...open.map(({ id, state }) => `${state} ${id}`)];
    return { ...told, lost, deaths: mortal.deaths(), faultsMet };
  } finally {
    await scene.close();
  }
}

/** Looks at the outbox until nothing waits or so often; true when nothing waits. */
async function look(scene: DeliveryScene, mortal: Mortal, passes: number): Promise<boolean> {
  const endMs = scene.nowMs() + hourMs;
  for (let count = 0; count < passes; count += 1) {
    let nextMs: number | null;
    try {
      nextMs = await scene.pass();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      mortal.revive();
      await scene.restart();
      continue;
    }
    if (nextMs === null || nextMs > endMs) return true;
    scene.advance(Math.max(0, nextMs - scene.nowMs()));
  }
  return false;
}

class Died extends Error {}

/** A process that dies at a step: from then on neither its store nor its network does anything for it. */
interface Mortal {
  /** Takes a step; false when it is dead. */
  isAliveAfterStep(): boolean;
  wrap(outbox: OutboxStore): OutboxStore;
  revive(): void;
  deaths(): number;
}

function createMortal(plan: readonly number[]): Mortal {
  let [steps, lives, isDead] = [0, 0, false];
  const isAliveAfterStep = () => {
    steps += 1;
    if (steps === plan[lives]) isDead = true;
    return !isDead;
  };
  return {
    isAliveAfterStep,
    wrap: (outbox) =>
      new Proxy(outbox, {
        get: (target, name) => {
          const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
          return async (...given: unknown[]) => {
            if (!isAliveAfterStep()) throw new Died();
            const result = await method.apply(target, given);
            if (!isAliveAfterStep()) throw new Died();
            return result;
          };
        },
      }),
    revive() {
      [steps, isDead] = [0, false];
      lives += 1;
    },
    deaths: () => lives,
  };
}

/** What is wrong with what was told. */
export type Told = Pick<StoryVerdict, "lost" | "disordered" | "doubled">;

const stateOf = (text: string): string =>
  ["TICKET", "PAGE", "RESOLVED"].find((word) => text.slice(0, 14).includes(word)) ?? "other";

/** What stands in a channel, against what should. */
export function judgeChannel(messages: readonly KeptMessage[]): Told {
  const anchors = messages.filter(({ threadTs }) => threadTs === null);
  const replies = messages.filter(({ threadTs }) => threadTs !== null).map(kindOf);
  const firsts = anchors.map(({ earlier, text }) => stateOf(earlier[0]?.text ?? text));
  const wanted = [
    "chart",
    "evidence",
    // A message that was first posted like this says it.
    ...(firsts.includes("PAGE") ? [] : ["escalated"]),
    ...(firsts.includes("RESOLVED") ? [] : ["resolved"]),
  ];
  const isOver = anchors.some(({ text }) => stateOf(text) === "RESOLVED");
  const courses = anchors.map(({ earlier, text }) => [...earlier.map((one) => stateOf(one.text)), stateOf(text)]);
  return {
    lost: [...(isOver ? [] : ["anchor"]), ...wanted.filter((kind) => !replies.includes(kind))],
    disordered: [
      ...courses.filter((course) => !isInOrder(course, ["TICKET", "PAGE", "RESOLVED"])).map((course) => `${course}`),
      ...(isInOrder([...new Set(replies)], ["chart", "evidence", "escalated", "resolved"]) ? [] : [`${replies}`]),
    ],
    doubled: [...anchors.slice(1).map(() => "anchor"), ...repeated(replies)],
  };
}

function judgeWebhook(messages: readonly KeptMessage[], wanted: readonly string[]): Told {
  const states = messages.map(({ text }) => stateOf(text));
  const firsts = [...new Set(states)];
  return {
    lost: wanted.filter((state) => !states.includes(state)),
    disordered: isInOrder(firsts, ["TICKET", "PAGE", "RESOLVED"]) ? [] : [`${states}`],
    doubled: repeated(states),
  };
}

function kindOf({ fileIds, blocks, text }: KeptMessage): string {
  const shown = JSON.stringify(blocks) ?? "";
  if (fileIds.length > 0 || shown.includes("📈")) return "chart";
  if (shown.includes("*Resolved*")) return "resolved";
  return shown.includes("*Now a page*") ? "escalated" : shown.includes("*Traces*") ? "evidence" : text;
}

function isInOrder(course: readonly string[], order: readonly string[]): boolean {
  return course.every((one, index) => index === 0 || order.indexOf(one) >= order.indexOf(course[index - 1] ?? ""));
}

function repeated(list: readonly string[]): readonly string[] {
  return list.filter((one, index) => list.indexOf(one) < index);
}
