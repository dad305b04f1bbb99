import { afterEach, describe, expect, test } from "@jest/globals";
import { allScopes } from "../../src/demo/slack/start-stand-in.js";
import { emptyChannel } from "../../src/demo/slack/workspace.js";
import { createSlackWebhook } from "../../src/slack/webhook.js";
import { makeGraph } from "../support/incident-graph.js";
import { type DeliveryScene, startDeliveryScene } from "../support/slack/delivery-scene.js";
import { makeMessageIncident } from "../support/slack/message-inputs.js";

let scene: DeliveryScene;
afterEach(() => scene.close());

const channel = () => {
  const [first] = scene.slack.workspace.channels;
  if (first === undefined) throw new Error("the scene has a channel");
  return first;
};
const anchors = () => channel().messages.filter(({ threadTs }) => threadTs === null);
const replies = () => channel().messages.filter(({ threadTs }) => threadTs !== null);
const states = async () => (await scene.deliveries()).map(({ state }) => state);

describe("an incident in Slack", () => {
  test("is one message, edited until it is over, with its details in the thread", async () => {
    scene = await startDeliveryScene();
    for (const moment of ["FIRED", "EVIDENCE", "ESCALATED", "CHANGED", "RESOLVED"] as const) {
      await scene.tell([moment, { severity: moment === "FIRED" || moment === "EVIDENCE" ? "TICKET" : "PAGE" }]);
      await scene.settle();
    }
    expect(anchors()).toHaveLength(1);
    expect(anchors()[0]).toMatchObject({ edits: 4, text: expect.stringContaining("RESOLVED") });
    expect(anchors()[0]?.metadata?.event_payload).toMatchObject({
      incident_id: makeMessageIncident().id,
      state: "RESOLVED",
    });
    const [chart, evidence, escalation, over] = replies();
    expect(chart?.fileIds).toHaveLength(1);
    expect(JSON.stringify(evidence?.blocks)).toContain("*Log lines*");
    expect(escalation?.isBroadcast).toBe(true);
    expect(over?.text).toContain("Over after 42 min");
    expect(new Set(await states())).toEqual(new Set(["SENT"]));
  });

  test("has a picture of the way to the suspect in its thread, with its words; in words alone where files are refused", async () => {
    scene = await startDeliveryScene();
    await scene.tellGraph(makeGraph());
    await scene.settle();
    const [picture, chart, evidence] = replies();
    const fileOf = (ids: readonly string[] | undefined) => scene.slack.workspace.files.get(ids?.[0] ?? "");
    expect(fileOf(picture?.fileIds)?.altText).toContain("suspect 1, likely: ratings.bookinfo");
    expect(fileOf(picture?.fileIds)?.bytes?.subarray(1, 4).toString()).toBe("PNG");
    expect(fileOf(chart?.fileIds)?.altText).toContain("burn rate over 5m");
    expect(JSON.stringify(evidence?.blocks)).toContain("*Suspects*");
    await scene.close();

    scene = await startDeliveryScene({ scopes: allScopes.filter((scope) => scope !== "files:write") });
    await scene.tellGraph(makeGraph());
    await scene.settle();
    expect(replies()[0]?.text).toContain("reviews to ratings: 94 % fail");
  });

  test("has no picture while nobody is suspected", async () => {
    scene = await startDeliveryScene();
    await scene.tellGraph(makeGraph({ nodes: makeGraph().nodes.map((node) => ({ ...node, suspect: null })) }));
    await scene.settle();
    expect(replies().filter(({ fileIds }) => fileIds.length > 0)).toHaveLength(1);
  });

  test("is told once when it was over before the first message got out", async () => {
    scene = await startDeliveryScene();
    scene.slack.fail("chat.postMessage", { kind: "rate-limited", retryAfterSeconds: 30 });
    await scene.tell(["FIRED"]);
    await scene.pass();
    await scene.tell(["EVIDENCE"], ["RESOLVED"]);
    await scene.settle();
    expect(anchors()).toHaveLength(1);
    expect(anchors()[0]).toMatchObject({ edits: 0, text: expect.stringContaining("RESOLVED") });
    expect(
      replies().some(
        ({ text, fileIds }) => fileIds.length === 0 && text.includes("Over after") && !text.includes("Error"),
      ),
    ).toBe(false);
    expect(scene.slack.calls.findIndex(({ method }) => method === "files.getUploadURLExternal")).toBeGreaterThan(
      scene.slack.calls.findIndex(({ method, outcome }) => method === "chat.postMessage" && outcome === "ok"),
    );
  });

  test("waits as long as Slack asks on a 429, and holds the channel back with it", async () => {
    scene = await startDeliveryScene();
    scene.slack.fail("chat.postMessage", { kind: "rate-limited", retryAfterSeconds: 17 });
    await scene.tell(["FIRED"], ["FIRED", { id: "other" }]);
    const startMs = scene.nowMs();
    await scene.settle();
    const posts = scene.slack.calls.filter(({ method }) => method === "chat.postMessage");
    expect(posts.map(({ atMs, outcome }) => [atMs - startMs, outcome])).toEqual([
      [0, "rate-limited"],
      [17_000, "ok"],
      [18_000, "ok"],
    ]);
  });

  test("keeps to a message a second in a channel, first messages before threads", async () => {
    scene = await startDeliveryScene({ isRateLimiting: true });
    const ids = Array.from({ length: 6 }, (_, index) => `incident-${index}`);
    for (const id of ids) await scene.tell(["FIRED", { id }], ["EVIDENCE", { id }]);
    await scene.settle();
    const posts = scene.slack.calls.filter(({ method }) => method === "chat.postMessage");
    expect(posts.every(({ outcome }) => outcome === "ok")).toBe(true);
    expect(posts.slice(1).every(({ atMs }, index) => atMs - (posts[index]?.atMs ?? 0) >= 1_000)).toBe(true);
    const order = channel()
      .messages.filter(({ fileIds }) => fileIds.length === 0)
      .map(({ threadTs }) => threadTs === null);
    expect(order.slice(0, 6).every(Boolean)).toBe(true);
    expect(order).toHaveLength(12);
  });

  test("is posted anew when somebody deleted the message", async () => {
    scene = await startDeliveryScene();
    await scene.tell(["FIRED"]);
    await scene.settle();
    scene.slack.workspace.remove(channel(), anchors()[0]?.ts ?? "");
    await scene.tell(["CHANGED"], ["RESOLVED"]);
    await scene.settle();
    expect(anchors()).toHaveLength(1);
    expect(anchors()[0]?.text).toContain("RESOLVED");
    expect(new Set(await states())).toEqual(new Set(["SENT"]));
  });

  test.each([
    [
      "an archived channel",
      (one: DeliveryScene) => {
        channelOf(one).isArchived = true;
      },
      (one: DeliveryScene) => {
        channelOf(one).isArchived = false;
      },
      "archived",
    ],
    [
      "a channel without the app",
      (one: DeliveryScene) => {
        channelOf(one).isMember = false;
      },
      (one: DeliveryScene) => {
        channelOf(one).isMember = true;
      },
      "/invite",
    ],
  ])("waits for people to mend %s, and says how", async (_, breakIt, mend, words) => {
    scene = await startDeliveryScene();
    breakIt(scene);
    await scene.tell(["FIRED"], ["RESOLVED"]);
    await scene.settle(600_000);
    expect(anchors()).toHaveLength(0);
    expect((await scene.deliveries())[0]).toMatchObject({ error: expect.stringContaining(words) });
    // Once a minute for a fault of ten: no storm of calls that cannot succeed.
    expect(scene.slack.calls.length).toBeLessThan(25);
    mend(scene);
    await scene.settle();
    expect(anchors()).toHaveLength(1);
    expect(anchors()[0]?.text).toContain("RESOLVED");
  });

  test("is given up after a day of a revoked token, and goes out when it is asked for again", async () => {
    scene = await startDeliveryScene({ maxAgeMs: 3_600_000 });
    scene.slack.revoke();
    await scene.tell(["FIRED"]);
    await scene.settle(7_200_000);
    expect(await scene.deliveries()).toMatchObject([{ state: "DEAD", error: expect.stringContaining("revoked") }]);
    expect(await scene.store().outbox.counts()).toMatchObject({ DEAD: 1 });
  });

  test.each(["invalid_blocks", "msg_blocks_too_long"])(
    "goes out in plain words when Slack answers %s",
    async (error) => {
      scene = await startDeliveryScene();
      scene.slack.fail("chat.postMessage", { kind: "error", error });
      await scene.tell(["FIRED"]);
      await scene.settle();
      expect(anchors()).toMatchObject([{ text: expect.stringContaining("PAGE"), blocks: [] }]);
    },
  );

  test("says the chart in words when the app may not upload", async () => {
    scene = await startDeliveryScene({ scopes: allScopes.filter((scope) => !scope.startsWith("files")) });
    await scene.tell(["FIRED"], ["EVIDENCE"]);
    await scene.settle();
    expect(replies().map(({ text }) => text)).toEqual(
      expect.arrayContaining([expect.stringContaining("burn rate over 5m")]),
    );
  });

  test("is sent again without the scope to look, at least once instead of once", async () => {
    scene = await startDeliveryScene({ scopes: ["chat:write"] });
    scene.slack.fail("chat.postMessage", { kind: "reset", isAccepted: true });
    await scene.tell(["FIRED"]);
    await scene.settle();
    expect(anchors()).toHaveLength(2);
    expect(await states()).toEqual(["SENT"]);
  });

  test("is looked up in a private channel too", async () => {
    scene = await startDeliveryScene({ channels: [emptyChannel("G0MESH", "mesh-alerts", { isPrivate: true })] });
    scene.slack.fail("chat.postMessage", { kind: "reset", isAccepted: true });
    await scene.tell(["FIRED"]);
    await scene.settle();
    expect(anchors()).toHaveLength(1);
  });
});

const channelOf = (one: DeliveryScene) => {
  const [first] = one.slack.workspace.channels;
  if (first === undefined) throw new Error("the scene has a channel");
  return first;
};

describe("a webhook", () => {
  const target = { channel: "webhook", canEdit: false } as const;
  const webhook = () =>
    startDeliveryScene({
      target,
      port: ({ webhookUrl }) => createSlackWebhook({ url: webhookUrl, timeoutMs: 30_000 }),
    });

  test("is told of the beginning, the worsening and the end, each in a message of its own", async () => {
    scene = await webhook();
    for (const moment of ["FIRED", "EVIDENCE", "ESCALATED", "CHANGED", "RESOLVED"] as const) {
      await scene.tell([moment]);
      await scene.settle();
    }
    expect(anchors()).toHaveLength(3);
    expect(JSON.stringify(anchors())).not.toContain("actions");
    expect(new Set(await states())).toEqual(new Set(["SENT"]));
  });

  test("repeats what may not have arrived", async () => {
    scene = await webhook();
    scene.slack.fail("webhook", { kind: "status", status: 500, isAccepted: true });
    await scene.tell(["FIRED"]);
    await scene.settle();
    expect(anchors()).toHaveLength(2);
  });

  test("waits when its channel is archived", async () => {
    scene = await webhook();
    channel().isArchived = true;
    await scene.tell(["FIRED"]);
    await scene.settle(300_000);
    expect(await scene.deliveries()).toMatchObject([{ state: "FAILED", error: expect.stringContaining("archived") }]);
  });
});
