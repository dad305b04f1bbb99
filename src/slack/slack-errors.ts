/** What Slack's error words mean for a delivery, and what to tell people. Source: the errors of https://docs.slack.dev/reference/methods/chat.postMessage */

/** What to do about a refusal. */
export type RefusalKind =
  /** Nothing goes through until somebody mends the token. */
  | "WORKSPACE"
  /** Nothing goes through to this channel until somebody mends it. */
  | "CHANNEL"
  /** The message itself is not taken. */
  | "CONTENT"
  /** The message to edit is not there any more. */
  | "GONE"
  /** Later may do. */
  | "TRANSIENT";

const table: Readonly<Record<string, readonly [kind: RefusalKind, words: string]>> = {
  invalid_auth: ["WORKSPACE", "Slack does not know the bot token: set slack.token to the current one"],
  not_authed: ["WORKSPACE", "no bot token was sent: set slack.token"],
  token_revoked: ["WORKSPACE", "the bot token was revoked: install the app again and set slack.token"],
  token_expired: ["WORKSPACE", "the bot token has expired: set slack.token to the current one"],
  account_inactive: ["WORKSPACE", "the app's account was deactivated: install the app again"],
  org_login_required: ["WORKSPACE", "the workspace is being moved: Slack lets nobody post"],
  ekm_access_denied: ["WORKSPACE", "the workspace's keys forbid posting: ask its administrators"],
  missing_scope: ["WORKSPACE", "the app lacks a scope"],
  channel_not_found: ["CHANNEL", "the channel does not exist or is private to others: check its name, invite the app"],
  not_in_channel: ["CHANNEL", "the app is not in the channel: invite it with /invite"],
  is_archived: ["CHANNEL", "the channel is archived: unarchive it or configure another"],
  is_inactive: ["CHANNEL", "the channel is archived: unarchive it or configure another"],
  channel_is_archived: ["CHANNEL", "the channel is archived: unarchive it or configure another"],
  restricted_action: ["CHANNEL", "the workspace forbids the app to post there: ask its administrators"],
  restricted_action_read_only_channel: ["CHANNEL", "the channel is read-only: let the app post or configure another"],
  action_prohibited: ["CHANNEL", "the workspace forbids the webhook to post there: ask its administrators"],
  no_service: ["CHANNEL", "the webhook was removed: make a new one"],
  invalid_blocks: ["CONTENT", "Slack does not take the blocks"],
  invalid_blocks_format: ["CONTENT", "Slack does not take the blocks"],
  msg_blocks_too_long: ["CONTENT", "the blocks are too long for Slack"],
  msg_too_long: ["CONTENT", "the message is too long for Slack"],
  no_text: ["CONTENT", "the message is empty"],
  invalid_metadata_format: ["CONTENT", "Slack does not take the metadata"],
  metadata_too_large: ["CONTENT", "the metadata is too large for Slack"],
  invalid_payload: ["CONTENT", "Slack does not take the message"],
  message_not_found: ["GONE", "the message was deleted"],
  cant_update_message: ["GONE", "the message is not the app's to edit"],
  edit_window_closed: ["GONE", "the workspace does not let the message be edited any more"],
  thread_not_found: ["GONE", "the thread was deleted"],
};

/** The kind of a refusal; a word that is not known may be over later. */
export function refusalKind(error: string): RefusalKind {
  return table[error]?.[0] ?? "TRANSIENT";
}

/** Slack's word with what it means and how to mend it. */
export function refusalWords(error: string, needed: string | null): string {
  const words = table[error]?.[1] ?? "Slack refused";
  return `${words}${needed === null ? "" : ` (${needed})`} [${error}]`;
}
