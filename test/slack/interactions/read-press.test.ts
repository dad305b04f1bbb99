import { describe, expect, test } from "@jest/globals";
import { blockActions, pressedElement } from "../../../src/demo/slack/press.js";
import { emptyChannel } from "../../../src/demo/slack/workspace.js";
import { readPress } from "../../../src/slack/interactions/read-press.js";
import { anchorMessage } from "../../../src/slack/message/anchor-message.js";
import { makeMessageInput } from "../../support/slack/message-inputs.js";

const input = makeMessageInput();
const { blocks, text } = anchorMessage(input);
const message = {
  ts: "1800000000.000001",
  threadTs: null,
  postedMs: 0,
  text,
  blocks,
  metadata: null,
  isBroadcast: false,
  edits: 0,
  editedMs: null,
  earlier: [],
  fileIds: [],
  byWebhook: false,
  whispers: [],
};

function pressed(actionId: string, value: string, name = "ada"): string {
  const press = { channelId: "C0MESH", ts: message.ts, actionId, value, user: { id: "U0ADA", name } };
  const element = pressedElement(message, press);
  if (element === null) throw new Error(`the message shows no ${actionId} ${value}`);
  const place = { channel: emptyChannel("C0MESH", "x"), message, nowMs: 0, responseUrl: "https://hooks.slack.com/x" };
  return form(blockActions(press, element, place));
}
const form = (payload: unknown) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const { id } = input.incident;

describe("what is pressed under a message", () => {
  test.each([
    ["meshlens_acknowledge", id, { do: "ACKNOWLEDGE" }],
    ["meshlens_silence", `1h ${id}`, { do: "SILENCE", forMs: 3_600_000 }],
    ["meshlens_silence", `4h ${id}`, { do: "SILENCE", forMs: 14_400_000 }],
    ["meshlens_silence", `resolved ${id}`, { do: "SILENCE", forMs: null }],
    ["meshlens_refresh", id, { do: "REFRESH_EVIDENCE" }],
  ])("%s %s is read as what the message shows", (actionId, value, action) => {
    const press = readPress(pressed(actionId, value));
    expect(press).toEqual({ action, incidentId: id, by: "@ada", responseUrl: "https://hooks.slack.com/x" });
  });

  test("is by somebody whose name is one harmless line", () => {
    expect(readPress(pressed("meshlens_refresh", id, `a\n\u202eda${"x".repeat(5_000)}`))?.by).toMatch(/^@a dax{60,}…$/);
    expect(readPress(pressed("meshlens_refresh", id, ""))?.by).toBe("@U0ADA");
  });

  test.each([
    ["no form", "{}"],
    ["no JSON", "payload=%7B"],
    ["another kind of interaction", form({ type: "view_submission" })],
    ["a button that is not ours", form({ type: "block_actions", user: { id: "U" }, actions: [{ action_id: "x" }] })],
    [
      "a silence of a length that is not offered",
      form({
        type: "block_actions",
        user: { id: "U" },
        actions: [{ action_id: "meshlens_silence", selected_option: { value: `900h ${id}` } }],
      }),
    ],
    [
      "an id that is not of our making",
      form({
        type: "block_actions",
        user: { id: "U" },
        actions: [{ action_id: "meshlens_acknowledge", value: "'; drop table incidents" }],
      }),
    ],
    ["nothing pressed", form({ type: "block_actions", user: { id: "U" }, actions: [] })],
  ])("is left alone when it is %s", (_, body) => {
    expect(readPress(body)).toBeNull();
  });
});
