import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type SlackStandIn, startSlackStandIn } from "../../support/slack/stand-in.js";

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
  const plainly = (text: string) => ({ type: "plain_text", text });
  const markup = (text: string) => ({ type: "mrkdwn", text });
  const header = (chars: number) => ({ type: "header", text: plainly("x".repeat(chars)) });
  const divider = (id: string) => ({ type: "divider", block_id: id });
  const fields = (count: number, chars: number) => ({
    type: "section",
    fields: Array.from({ length: count }, () => markup("x".repeat(chars))),
  });
  const context = (count: number) => ({ type: "context", elements: Array.from({ length: count }, () => markup("x")) });
  const actions = (elements: readonly unknown[]) => ({ type: "actions", block_id: "pressable", elements });
  const button = (_: unknown, index = 0, _all: unknown = [], differently: object = {}) => ({
    type: "button",
    action_id: `press-${index}`,
    text: plainly("Press"),
    value: "v",
    ...differently,
  });
  const select = (value: string) => ({
    type: "static_select",
    action_id: "choose",
    placeholder: plainly("Choose"),
    options: [{ text: plainly("One"), value }],
  });
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
    [
      "metadata whose type is no plain word",
      { channel: "C0MESH", text: "x", metadata: { event_type: "a b", event_payload: {} } },
      "invalid_metadata_format",
    ],
    ["a text of 40,001 characters", { channel: "C0MESH", text: "x".repeat(40_001) }, "msg_too_long"],
    ["a header of 151 characters", { channel: "C0MESH", blocks: [header(151)] }, "invalid_blocks"],
    ["a header in markup", { channel: "C0MESH", blocks: [{ ...header(1), text: markup("x") }] }, "invalid_blocks"],
    ["eleven fields", { channel: "C0MESH", blocks: [fields(11, 1)] }, "invalid_blocks"],
    ["a field of 2,001 characters", { channel: "C0MESH", blocks: [fields(1, 2_001)] }, "invalid_blocks"],
    ["eleven elements of a context", { channel: "C0MESH", blocks: [context(11)] }, "invalid_blocks"],
    ["26 buttons", { channel: "C0MESH", blocks: [actions(Array.from({ length: 26 }, button))] }, "invalid_blocks"],
    ["one action_id twice", { channel: "C0MESH", blocks: [actions([button(0), button(0)])] }, "invalid_blocks"],
    [
      "a button's text of 76 characters",
      { channel: "C0MESH", blocks: [actions([button(null, 0, [], { text: plainly("x".repeat(76)) })])] },
      "invalid_blocks",
    ],
    [
      "a button's value of 2,001 characters",
      { channel: "C0MESH", blocks: [actions([button(null, 0, [], { value: "x".repeat(2_001) })])] },
      "invalid_blocks",
    ],
    [
      "an option's value of 151 characters",
      { channel: "C0MESH", blocks: [actions([select("x".repeat(151))])] },
      "invalid_blocks",
    ],
    ["a block_id of 256 characters", { channel: "C0MESH", blocks: [divider("x".repeat(256))] }, "invalid_blocks"],
    ["one block_id twice", { channel: "C0MESH", blocks: [divider("a"), divider("a")] }, "invalid_blocks"],
    ["a property nobody knows", { channel: "C0MESH", blocks: [{ ...divider("a"), url: "" }] }, "invalid_blocks"],
    ["a block nobody knows", { channel: "C0MESH", blocks: [{ type: "constructor" }] }, "invalid_blocks"],
    ["blocks that are no list", { channel: "C0MESH", text: "x", blocks: "[" }, "invalid_blocks_format"],
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

  test("takes the blocks away when an edit brings text alone, and leaves both when it brings neither", async () => {
    const metadata = { event_type: "e", event_payload: { delivery_id: "d" } };
    const args = { channel: "C0MESH", text: "x", blocks: [divider("a")], metadata };
    const { ts } = await call("chat.postMessage", args);
    await call("chat.update", { channel: "C0MESH", ts });
    const [message] = slack.workspace.channels[0]?.messages ?? [];
    expect(message).toMatchObject({ text: "x", blocks: [{ type: "divider" }], metadata, edits: 1 });
    await call("chat.update", { channel: "C0MESH", ts, text: "y", metadata: {} });
    expect(message).toMatchObject({ text: "y", blocks: null, metadata: null, edits: 2 });
    expect(message?.earlier.map(({ text }) => text)).toEqual(["x", "x"]);
  });

  test("makes a reply to what is gone a message of the channel", async () => {
    const posted = await call("chat.postMessage", { channel: "C0MESH", text: "reply", thread_ts: "1.000001" });
    expect(posted["message"]).not.toHaveProperty("thread_ts");
  });

  test("shows broadcast replies in the channel too", async () => {
    const { ts } = await call("chat.postMessage", { channel: "C0MESH", text: "x" });
    await call("chat.postMessage", { channel: "C0MESH", text: "said to all", thread_ts: ts, reply_broadcast: true });
    const plain = await call("conversations.history", { channel: "C0MESH" });
    expect(plain["messages"]).toMatchObject([{ text: "said to all", subtype: "thread_broadcast" }, { text: "x" }]);
  });

  test("gives the history in pages and in a range", async () => {
    const posted: Record<string, unknown>[] = [];
    for (const text of ["a", "b", "c"]) posted.push(await call("chat.postMessage", { channel: "C0MESH", text }));
    const first = await call("conversations.history", { channel: "C0MESH", limit: 2 });
    expect(first).toMatchObject({ messages: [{ text: "c" }, { text: "b" }], has_more: true });
    const { next_cursor: cursor } = first["response_metadata"] as Record<string, unknown>;
    const second = await call("conversations.history", { channel: "C0MESH", limit: 2, cursor });
    expect(second).toMatchObject({ messages: [{ text: "a" }], has_more: false });
    const range = { channel: "C0MESH", oldest: posted[1]?.["ts"], inclusive: true };
    expect((await call("conversations.history", range))["messages"]).toHaveLength(2);
    expect(await call("conversations.history", { channel: "C0MESH", limit: 1_000 })).toMatchObject({ ok: false });
  });

  test("keeps to Slack's limits when it is told to, and says how long to wait", async () => {
    let nowMs = 1_800_000_000_000;
    const strict = await startSlackStandIn({ isRateLimiting: true, nowMs: () => nowMs });
    try {
      const ask = (method: string, args: object) =>
        fetch(`${strict.apiUrl}${method}`, {
          method: "POST",
          headers: { authorization: `Bearer ${strict.token}`, "content-type": "application/json" },
          body: JSON.stringify({ channel: "C0MESH", ...args }),
        });
      const posts = [];
      for (let index = 0; index < 4; index += 1) posts.push(await ask("chat.postMessage", { text: "x" }));
      expect(posts.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(posts[3]?.headers.get("retry-after")).toBe("3");
      nowMs += 3_000;
      const { ts } = (await (await ask("chat.postMessage", { text: "x" })).json()) as { readonly ts: string };
      const edits = [];
      for (let index = 0; index < 51; index += 1) edits.push((await ask("chat.update", { ts, text: "y" })).status);
      expect(edits.filter((status) => status === 200)).toHaveLength(50);
      expect(edits.at(-1)).toBe(429);
    } finally {
      await strict.close();
    }
  });

  test("takes a file in three steps and no fewer", async () => {
    const full = await startSlackStandIn();
    try {
      const ask = async (method: string, args: object) => {
        const headers = { authorization: `Bearer ${full.token}`, "content-type": "application/json" };
        const answer = await fetch(`${full.apiUrl}${method}`, { method: "POST", headers, body: JSON.stringify(args) });
        return (await answer.json()) as Record<string, unknown>;
      };
      const { ts } = await ask("chat.postMessage", { channel: "C0MESH", text: "x" });
      const asked = await ask("files.getUploadURLExternal", { filename: "a.png", length: 3, alt_txt: "words" });
      const complete = { files: [{ id: asked["file_id"] }], channel_id: "C0MESH", thread_ts: ts };
      expect(await ask("files.completeUploadExternal", complete)).toMatchObject({ error: "file_not_found" });
      const send = (text: string) => fetch(String(asked["upload_url"]), { method: "POST", body: text });
      expect((await send("four")).status).toBe(400);
      expect((await send("abc")).status).toBe(200);
      expect(await ask("files.completeUploadExternal", complete)).toMatchObject({ ok: true });
      expect(full.workspace.channels[0]?.messages[1]).toMatchObject({ threadTs: ts, fileIds: [asked["file_id"]] });
      const info = { file: asked["file_id"] };
      const types = [];
      for (let index = 0; index < 3; index += 1)
        types.push(((await ask("files.info", info))["file"] as Record<string, unknown>)["mimetype"]);
      expect(types).toEqual(["", "", "image/png"]);
    } finally {
      await full.close();
    }
  });

  test("says no to presses of what is not shown", async () => {
    const posted = await call("chat.postMessage", { channel: "C0MESH", blocks: [actions([button(null)])] });
    const press = { channelId: "C0MESH", ts: String(posted["ts"]), user: { id: "U1", name: "ada" } };
    const url = `${slack.origin}/nowhere`;
    expect(await slack.press({ ...press, actionId: "press-0", value: "another" }, url)).toBeNull();
    expect(await slack.press({ ...press, actionId: "press-0", value: "v" }, null)).toBeNull();
    expect(await slack.press({ ...press, actionId: "press-0", value: "v" }, url)).toBe(200);
  });

  test("fails after it has accepted, when told to", async () => {
    slack.fail("chat.postMessage", { kind: "reset", isAccepted: true });
    await expect(call("chat.postMessage", { channel: "C0MESH", text: "x" })).rejects.toThrow();
    expect(slack.workspace.channels[0]?.messages).toHaveLength(1);
  });
});
