import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type SlackStandIn, startSlackStandIn } from "./stand-in.js";

describe("the stand-in of Slack", () => {
  let slack: SlackStandIn;
  beforeEach(async () => {
    slack = await startSlackStandIn({ scopes: ["chat:write", "channels:history"] });
  });
  afterEach(() => slack.close());

  async function call(method: string, args: Record<string, unknown>, token = slack.token) {
    const answer = await fetch(`${slack.apiUrl}${method}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    return (await answer.json()) as Record<string, unknown>;
  }
  const blocks = (count: number) => Array.from({ length: count }, () => ({ type: "divider" }));
  const wide = (chars: number) => ({ type: "section", text: { type: "mrkdwn", text: "x".repeat(chars) } });

  test.each([
    ["an unknown channel", { channel: "#nowhere", text: "x" }, "channel_not_found"],
    ["neither text nor blocks", { channel: "C0MESH" }, "no_text"],
    ["51 blocks", { channel: "C0MESH", blocks: blocks(51) }, "invalid_blocks"],
    ["a section of 3,001 characters", { channel: "C0MESH", blocks: [wide(3_001)] }, "invalid_blocks"],
    [
      "blocks of 12,000 characters in all",
      { channel: "C0MESH", blocks: Array.from({ length: 4 }, () => wide(3_000)) },
      "msg_blocks_too_long",
    ],
    [
      "metadata without payload",
      { channel: "C0MESH", text: "x", metadata: { event_type: "e" } },
      "invalid_metadata_format",
    ],
  ])("refuses %s", async (_, args, error) => {
    expect(await call("chat.postMessage", args)).toMatchObject({ ok: false, error });
  });

  test("says which scope is missing", async () => {
    const args = { filename: "a.png", length: 3 };
    expect(await call("files.getUploadURLExternal", args)).toMatchObject({
      error: "missing_scope",
      needed: "files:write",
    });
  });

  test("refuses another token", async () => {
    expect(await call("auth.test", {}, "xoxb-other")).toMatchObject({ error: "invalid_auth" });
  });

  test("keeps the payload of metadata back unless asked for it, and replies out of the history", async () => {
    const metadata = { event_type: "e", event_payload: { delivery_id: "d" } };
    const { ts } = await call("chat.postMessage", { channel: "#mesh-alerts", text: "x", metadata });
    await call("chat.postMessage", { channel: "C0MESH", text: "reply", thread_ts: ts });
    const plain = await call("conversations.history", { channel: "C0MESH" });
    expect(plain["messages"]).toMatchObject([{ text: "x", metadata: { event_type: "e" } }]);
    expect(JSON.stringify(plain)).not.toContain("delivery_id");
    const full = await call("conversations.history", { channel: "C0MESH", include_all_metadata: true });
    expect(JSON.stringify(full)).toContain("delivery_id");
    const thread = await call("conversations.replies", { channel: "C0MESH", ts });
    expect(thread["messages"]).toMatchObject([{ text: "x" }, { text: "reply" }]);
  });

  test("takes names for posts and only ids for edits, and answers an edit of what is gone", async () => {
    const { ts } = await call("chat.postMessage", { channel: "#mesh-alerts", text: "x" });
    expect(await call("chat.update", { channel: "#mesh-alerts", ts, text: "y" })).toMatchObject({
      error: "channel_not_found",
    });
    expect(await call("chat.update", { channel: "C0MESH", ts, text: "y" })).toMatchObject({ ok: true });
    expect(await call("chat.update", { channel: "C0MESH", ts: "1.1", text: "y" })).toMatchObject({
      error: "message_not_found",
    });
  });

  test("fails after it has accepted, when told to", async () => {
    slack.fail("chat.postMessage", { kind: "reset", isAccepted: true });
    await expect(call("chat.postMessage", { channel: "C0MESH", text: "x" })).rejects.toThrow();
    expect(slack.workspace.channels[0]?.messages).toHaveLength(1);
  });
});
