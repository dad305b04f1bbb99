/**
 * Slack's methods over a workspace, from their documentation: arguments, scopes, errors, answers. The order of the checks is Slack's as
 * far as it is known: token, scope, arguments, channel, content. Source: https://docs.slack.dev/reference/methods
 */
import { messageFault } from "./check-message.js";
import type { Channel, KeptFile, KeptMessage, Workspace } from "./workspace.js";

/** What a method is called with: form fields as text, JSON fields parsed. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Who calls. */
export interface Caller {
  readonly scopes: readonly string[];
  readonly origin: string;
}

/** An answer of Slack, `ok` in it. */
export type Answer = Readonly<Record<string, unknown>>;

type Method = (args: Arguments, caller: Caller, workspace: Workspace) => Answer;

const refuse = (error: string, more: Answer = {}): Answer => ({ ok: false, error, ...more });
const isOneOf = (wanted: readonly string[], { scopes }: Caller) => wanted.some((scope) => scopes.includes(scope));

function missingScope(needed: string, { scopes }: Caller): Answer {
  return refuse("missing_scope", { needed, provided: scopes.join(",") });
}

const postMessage: Method = (args, caller, workspace) => {
  if (!isOneOf(["chat:write"], caller)) return missingScope("chat:write", caller);
  const channel = workspace.find(args["channel"], true);
  if (channel === null) return refuse("channel_not_found");
  if (channel.isArchived) return refuse("is_archived");
  if (!channel.isMember && !(isOneOf(["chat:write.public"], caller) && !channel.isPrivate))
    return refuse("not_in_channel");
  const wrong = messageFault(args["text"], args["blocks"]) ?? metadataFault(args["metadata"]);
  if (wrong !== null) return refuse(wrong.error, { response_metadata: { messages: [`[ERROR] ${wrong.detail}`] } });
  const parent = channel.messages.find(({ ts }) => ts === args["thread_ts"]);
  const message = workspace.post(channel, {
    // A reply to what is gone comes as a message of the channel, without a word.
    threadTs: parent === undefined ? null : (parent.threadTs ?? parent.ts),
    text: String(args["text"] ?? ""),
    blocks: (args["blocks"] as readonly unknown[] | undefined) ?? null,
    metadata: (args["metadata"] as KeptMessage["metadata"] | undefined) ?? null,
    isBroadcast: args["reply_broadcast"] === "true" || args["reply_broadcast"] === true,
    fileIds: [],
    byWebhook: false,
  });
  return { ok: true, channel: channel.id, ts: message.ts, message: shown(message, true, workspace) };
};

const update: Method = (args, caller, workspace) => {
  if (!isOneOf(["chat:write"], caller)) return missingScope("chat:write", caller);
  const channel = workspace.find(args["channel"], false);
  if (channel === null) return refuse("channel_not_found");
  if (channel.isArchived) return refuse("is_inactive");
  const message = channel.messages.find(({ ts }) => ts === args["ts"]);
  if (message === undefined) return refuse("message_not_found");
  if (message.byWebhook) return refuse("cant_update_message");
  const wrong = messageFault(args["text"], args["blocks"]) ?? metadataFault(args["metadata"]);
  if (wrong !== null) return refuse(wrong.error, { response_metadata: { messages: [`[ERROR] ${wrong.detail}`] } });
  message.text = String(args["text"] ?? "");
  message.blocks = (args["blocks"] as readonly unknown[] | undefined) ?? null;
  if (args["metadata"] !== undefined) message.metadata = args["metadata"] as KeptMessage["metadata"];
  message.edits += 1;
  return {
    ok: true,
    channel: channel.id,
    ts: message.ts,
    text: message.text,
    message: shown(message, true, workspace),
  };
};

function metadataFault(metadata: unknown): { readonly error: string; readonly detail: string } | null {
  if (metadata === undefined) return null;
  const wrong = { error: "invalid_metadata_format", detail: "metadata" };
  if (typeof metadata !== "object" || metadata === null) return wrong;
  const { event_type: type, event_payload: payload } = metadata as Readonly<Record<string, unknown>>;
  return typeof type === "string" && typeof payload === "object" && payload !== null ? null : wrong;
}

/** History and replies share their rules. */
function readMessages(pick: (args: Arguments, channel: Channel) => readonly KeptMessage[] | string): Method {
  return (args, caller, workspace) => {
    const channel = workspace.find(args["channel"], false);
    const needed = channel?.isPrivate === true ? "groups:history" : "channels:history";
    if (!isOneOf([needed], caller)) return missingScope(needed, caller);
    if (channel === null) return refuse("channel_not_found");
    if (!channel.isMember) return refuse("not_in_channel");
    const picked = pick(args, channel);
    if (typeof picked === "string") return refuse(picked);
    const oldest = Number(args["oldest"] ?? 0);
    const isInclusive = String(args["inclusive"]) === "true";
    const found = picked.filter(({ ts }) => Number(ts) > oldest || (isInclusive && Number(ts) === oldest));
    const limit = Math.min(Number(args["limit"] ?? 100), 999);
    const from = Number(args["cursor"] || 0);
    const page = found.slice(from, from + limit);
    const hasMore = from + limit < found.length;
    const withPayload = String(args["include_all_metadata"]) === "true";
    return {
      ok: true,
      messages: page.map((message) => shown(message, withPayload, workspace)),
      has_more: hasMore,
      response_metadata: { next_cursor: hasMore ? String(from + limit) : "" },
    };
  };
}

function shown(message: KeptMessage, withPayload: boolean, { files }: Workspace): Answer {
  const { ts, threadTs, text, blocks, metadata, fileIds } = message;
  return {
    type: "message",
    ts,
    text,
    ...(threadTs !== null && { thread_ts: threadTs }),
    ...(blocks !== null && { blocks }),
    ...(metadata !== null && { metadata: withPayload ? metadata : { event_type: metadata.event_type } }),
    ...(fileIds.length > 0 && { files: fileIds.map((id) => ({ id, name: files.get(id)?.name })) }),
  };
}

const getUploadUrl: Method = (args, caller, { files }) => {
  if (!isOneOf(["files:write"], caller)) return missingScope("files:write", caller);
  const length = Number(args["length"]);
  if (typeof args["filename"] !== "string" || !(length > 0)) return refuse("invalid_arguments");
  const id = `F${String(files.size + 1).padStart(8, "0")}`;
  const altText = typeof args["alt_txt"] === "string" ? args["alt_txt"] : null;
  if (altText !== null && altText.length > 1_000) return refuse("alt_txt_too_large");
  files.set(id, { id, name: args["filename"], length, altText, bytes: null, isComplete: false, asked: 0 });
  return { ok: true, file_id: id, upload_url: `${caller.origin}/upload/${id}` };
};

const completeUpload: Method = (args, caller, workspace) => {
  if (!isOneOf(["files:write"], caller)) return missingScope("files:write", caller);
  const asked = Array.isArray(args["files"]) ? (args["files"] as readonly { readonly id: string }[]) : [];
  const files = asked.map(({ id }) => workspace.files.get(id));
  const found = files.filter((file): file is KeptFile => file !== undefined && file.bytes !== null);
  if (found.length === 0 || found.length !== files.length) return refuse("file_not_found");
  if (args["channel_id"] !== undefined) {
    const channel = workspace.find(args["channel_id"], false);
    if (channel === null) return refuse("channel_not_found");
    if (!channel.isMember) return refuse("not_in_channel");
    const parent = channel.messages.find(({ ts }) => ts === args["thread_ts"]);
    const threadTs = parent?.ts ?? null;
    const fileIds = found.map(({ id }) => id);
    const text = String(args["initial_comment"] ?? "");
    const rest = { blocks: null, metadata: null, isBroadcast: false, byWebhook: false };
    workspace.post(channel, { ...rest, threadTs, text, fileIds });
  }
  for (const file of found) file.isComplete = true;
  return { ok: true, files: found.map(({ id, name }) => ({ id, title: name })) };
};

const fileInfo: Method = (args, caller, { files }) => {
  if (!isOneOf(["files:read"], caller)) return missingScope("files:read", caller);
  const file = files.get(String(args["file"]));
  if (file === undefined) return refuse("file_not_found");
  file.asked += 1;
  const isReady = file.isComplete && file.asked > 2;
  const permalink = `${caller.origin}/files/${file.id}`;
  return { ok: true, file: { id: file.id, name: file.name, mimetype: isReady ? "image/png" : "", permalink } };
};

const listChannels: Method = (args, caller, { channels }) => {
  const types = String(args["types"] ?? "public_channel").split(",");
  const needed = types.map((type) => (type === "private_channel" ? "groups:read" : "channels:read"));
  const missing = needed.find((scope) => !isOneOf([scope], caller));
  if (missing !== undefined) return missingScope(missing, caller);
  const seen = channels.filter(({ isPrivate }) => types.includes(isPrivate ? "private_channel" : "public_channel"));
  return {
    ok: true,
    channels: seen.map(({ id, name, isMember }) => ({ id, name, is_member: isMember })),
    response_metadata: { next_cursor: "" },
  };
};

/** The methods by name. */
export const methods: Readonly<Record<string, Method>> = {
  "auth.test": () => ({
    ok: true,
    url: "https://example.slack.com/",
    team: "Example",
    user: "meshlens",
    user_id: "U0BOT",
    bot_id: "B0BOT",
  }),
  "chat.postMessage": postMessage,
  "chat.update": update,
  "conversations.history": readMessages((_, { messages }) =>
    messages.filter(({ threadTs, isBroadcast }) => threadTs === null || isBroadcast).toReversed(),
  ),
  "conversations.replies": readMessages(({ ts }, { messages }) =>
    messages.some((message) => message.ts === ts)
      ? messages.filter((message) => message.ts === ts || message.threadTs === ts)
      : "thread_not_found",
  ),
  "conversations.list": listChannels,
  "files.getUploadURLExternal": getUploadUrl,
  "files.completeUploadExternal": completeUpload,
  "files.info": fileInfo,
};
