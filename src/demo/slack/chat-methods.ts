/** chat.postMessage and chat.update of the stand-in. Source: https://docs.slack.dev/reference/methods/chat.postMessage, /chat.update */
import { type MessageFault, messageFault, metadataFault } from "./message-rules.js";
import { shownMessage } from "./shown-message.js";
import { type Answer, type Arguments, isTrue, lacks, refuse, type WebMethod } from "./web-method.js";
import type { KeptMessage } from "./workspace.js";

/** Posts to a channel or, with `thread_ts`, to a thread. */
export const postMessage: WebMethod = (args, caller, workspace) => {
  const missing = lacks("chat:write", caller);
  if (missing !== null) return missing;
  const channel = workspace.find(args["channel"], true);
  if (channel === null) return refuse("channel_not_found");
  if (channel.isArchived) return refuse("is_archived");
  if (!channel.isMember && (channel.isPrivate || lacks("chat:write.public", caller) !== null))
    return refuse(channel.isPrivate ? "channel_not_found" : "not_in_channel");
  const wrong = messageFault(args["text"], args["blocks"]) ?? metadataFault(args["metadata"]);
  if (wrong !== null) return refuseContent(wrong);
  const parent = channel.messages.find(({ ts }) => ts === args["thread_ts"]);
  const message = workspace.post(channel, {
    // A reply to what is gone comes as a message of the channel, without a word.
    threadTs: parent === undefined ? null : (parent.threadTs ?? parent.ts),
    text: String(args["text"] ?? ""),
    blocks: blocksOf(args),
    metadata: metadataOf(args),
    isBroadcast: isTrue(args["reply_broadcast"]),
    fileIds: [],
    byWebhook: false,
  });
  return { ok: true, channel: channel.id, ts: message.ts, message: shownMessage(message, true, workspace) };
};

/** Edits a message of the app's own; takes ids of channels only. */
export const updateMessage: WebMethod = (args, caller, workspace) => {
  const missing = lacks("chat:write", caller);
  if (missing !== null) return missing;
  const channel = workspace.find(args["channel"], false);
  if (channel === null) return refuse("channel_not_found");
  if (channel.isArchived) return refuse("is_inactive");
  const message = channel.messages.find(({ ts }) => ts === args["ts"]);
  if (message === undefined) return refuse("message_not_found");
  if (message.byWebhook) return refuse("cant_update_message");
  // With neither text nor blocks both stay; with one of them the other goes. Metadata stays unless it is given.
  const isContentGiven = args["text"] !== undefined || args["blocks"] !== undefined;
  const wrong = (isContentGiven ? messageFault(args["text"], args["blocks"]) : null) ?? metadataFault(args["metadata"]);
  if (wrong !== null) return refuseContent(wrong);
  workspace.edit(message, {
    text: isContentGiven ? String(args["text"] ?? "") : message.text,
    blocks: isContentGiven ? blocksOf(args) : message.blocks,
    metadata: args["metadata"] === undefined ? message.metadata : metadataOf(args),
  });
  const { ts, text } = message;
  return { ok: true, channel: channel.id, ts, text, message: shownMessage(message, true, workspace) };
};

function refuseContent({ error, detail }: MessageFault): Answer {
  return refuse(error, { errors: [detail], response_metadata: { messages: [`[ERROR] ${detail}`] } });
}

function blocksOf(args: Arguments): KeptMessage["blocks"] {
  return (args["blocks"] as readonly unknown[] | undefined) ?? null;
}

function metadataOf(args: Arguments): KeptMessage["metadata"] {
  const given = args["metadata"] as KeptMessage["metadata"] | undefined;
  return given === undefined || given === null || !("event_type" in given) ? null : given;
}
