/** A message as Slack's answers show it. */
import type { Answer } from "./web-method.js";
import type { KeptMessage, Workspace } from "./workspace.js";

/** The user and bot that the app is. */
export const appUser = { user: "U0MESHLENS", bot_id: "B0MESHLENS" } as const;

/** The message; without `withPayload` its metadata has no payload. */
export function shownMessage(message: KeptMessage, withPayload: boolean, { files }: Workspace): Answer {
  const { ts, threadTs, text, blocks, metadata, fileIds, isBroadcast, editedMs, byWebhook } = message;
  return {
    type: "message",
    ...(byWebhook ? { subtype: "bot_message", bot_id: appUser.bot_id } : appUser),
    ...(isBroadcast && threadTs !== null && { subtype: "thread_broadcast" }),
    ts,
    text,
    ...(threadTs !== null && { thread_ts: threadTs }),
    ...(blocks !== null && { blocks }),
    ...(metadata !== null && { metadata: withPayload ? metadata : { event_type: metadata.event_type } }),
    ...(editedMs !== null && { edited: { user: appUser.user, ts: `${Math.floor(editedMs / 1_000)}.000000` } }),
    ...(fileIds.length > 0 && { files: fileIds.map((id) => ({ id, name: files.get(id)?.name })) }),
  };
}
