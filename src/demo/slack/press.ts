/**
 * A person presses what a message shows: the signed request that Slack sends to an app's address for it.
 * Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, /authentication/verifying-requests-from-slack
 */
import { createHmac } from "node:crypto";
import { appUser } from "./shown-message.js";
import type { Channel, KeptMessage } from "./workspace.js";

/** Who presses what. */
export interface Press {
  readonly channelId: string;
  readonly ts: string;
  readonly actionId: string;
  /** Of the button, or of the option that is chosen. */
  readonly value: string;
  readonly user: { readonly id: string; readonly name: string };
}

/** A request as Slack sends it. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What stands in the message to be pressed so; null when it does not. */
export function pressedElement({ blocks }: Pick<KeptMessage, "blocks">, { actionId, value }: Press): Fields | null {
  for (const block of listOf(blocks)) {
    if (!isFields(block) || block["type"] !== "actions") continue;
    for (const element of listOf(block["elements"])) {
      if (!isFields(element) || element["action_id"] !== actionId) continue;
      const own = { type: element["type"], action_id: actionId, block_id: block["block_id"] };
      if (element["type"] === "button" && element["value"] === value)
        return { ...own, text: element["text"], value, style: element["style"] };
      const option = listOf(element["options"]).find((one) => isFields(one) && one["value"] === value);
      if (option !== undefined) return { ...own, placeholder: element["placeholder"], selected_option: option };
    }
  }
  return null;
}

/** The payload of a press. */
export function blockActions(
  press: Press,
  element: Fields,
  { channel, message, nowMs, responseUrl }: PressedPlace,
): Fields {
  const { ts, threadTs, text, blocks } = message;
  const seconds = (nowMs / 1_000).toFixed(6);
  return {
    type: "block_actions",
    team: { id: "T0EXAMPLE", domain: "example" },
    user: { id: press.user.id, username: press.user.name, name: press.user.name, team_id: "T0EXAMPLE" },
    api_app_id: "A0MESHLENS",
    token: "deprecated",
    container: { type: "message", message_ts: ts, channel_id: channel.id, is_ephemeral: false },
    trigger_id: `${Math.floor(nowMs)}.1.demo`,
    channel: { id: channel.id, name: channel.name },
    message: { type: "message", ...appUser, ts, text, blocks, ...(threadTs !== null && { thread_ts: threadTs }) },
    response_url: responseUrl,
    actions: [{ ...element, action_ts: seconds }],
  };
}

/** Where and when it was pressed. */
export interface PressedPlace {
  readonly channel: Channel;
  readonly message: KeptMessage;
  readonly nowMs: number;
  readonly responseUrl: string;
}

/** The payload as a form, signed with version v0 of Slack's signature. */
export function signedRequest(payload: Fields, signingSecret: string, nowMs: number): SignedRequest {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signature}`,
    },
    body,
  };
}
