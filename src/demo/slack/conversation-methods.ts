/** conversations.history, .replies and .list of the stand-in. Source: https://docs.slack.dev/reference/methods/conversations.history */
import { shownMessage } from "./shown-message.js";
import { type Arguments, isTrue, lacks, refuse, type WebMethod } from "./web-method.js";
import type { Channel, KeptMessage } from "./workspace.js";

/** The channel's own messages and broadcast replies, newest first. */
export const history: WebMethod = readMessages((_, { messages }) =>
  messages.filter(({ threadTs, isBroadcast }) => threadTs === null || isBroadcast).toReversed(),
);

/** A message and its thread, oldest first. */
export const replies: WebMethod = readMessages(({ ts }, { messages }) =>
  messages.some((message) => message.ts === ts)
    ? messages.filter((message) => message.ts === ts || message.threadTs === ts)
    : "thread_not_found",
);

/** What both share: scopes, membership, range, pages. */
function readMessages(pick: (args: Arguments, channel: Channel) => readonly KeptMessage[] | string): WebMethod {
  return (args, caller, workspace) => {
    const channel = workspace.find(args["channel"], false);
    const missing = lacks(channel?.isPrivate === true ? "groups:history" : "channels:history", caller);
    if (missing !== null) return missing;
    if (channel === null) return refuse("channel_not_found");
    if (!channel.isMember) return refuse("not_in_channel");
    const [oldest, latest] = [Number(args["oldest"] ?? 0), Number(args["latest"] ?? Number.POSITIVE_INFINITY)];
    if (Number.isNaN(oldest)) return refuse("invalid_ts_oldest");
    if (Number.isNaN(latest)) return refuse("invalid_ts_latest");
    const limit = Number(args["limit"] ?? 100);
    if (!(limit >= 1 && limit <= 999)) return refuse("invalid_limit");
    const cursor = String(args["cursor"] ?? "");
    if (!/^\d*$/.test(cursor)) return refuse("invalid_cursor");
    const picked = pick(args, channel);
    if (typeof picked === "string") return refuse(picked);
    const isInclusive = isTrue(args["inclusive"]);
    const found = picked.filter(({ ts }) => {
      const at = Number(ts);
      return isInclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
    });
    const from = Number(cursor);
    const hasMore = from + limit < found.length;
    const withPayload = isTrue(args["include_all_metadata"]);
    return {
      ok: true,
      messages: found.slice(from, from + limit).map((message) => shownMessage(message, withPayload, workspace)),
      has_more: hasMore,
      response_metadata: { next_cursor: hasMore ? String(from + limit) : "" },
    };
  };
}

/** Channels of the kinds asked for, private ones only where the app is in them. */
export const listChannels: WebMethod = (args, caller, { channels }) => {
  const types = String(args["types"] ?? "public_channel").split(",");
  for (const type of types) {
    const missing = lacks(type === "private_channel" ? "groups:read" : "channels:read", caller);
    if (missing !== null) return missing;
  }
  const isArchivedLeftOut = isTrue(args["exclude_archived"]);
  const seen = channels.filter(
    ({ isPrivate, isMember, isArchived }) =>
      types.includes(isPrivate ? "private_channel" : "public_channel") &&
      (isMember || !isPrivate) &&
      !(isArchived && isArchivedLeftOut),
  );
  return {
    ok: true,
    channels: seen.map(({ id, name, isMember, isPrivate, isArchived }) => ({
      id,
      name,
      is_member: isMember,
      is_private: isPrivate,
      is_archived: isArchived,
    })),
    response_metadata: { next_cursor: "" },
  };
};
