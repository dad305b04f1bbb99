/**
 * The methods of Slack that the stand-in knows, by name, with the tier of each. The order of their checks is Slack's as far as it is
 * known: token, scope, arguments, channel, content. Source: https://docs.slack.dev/reference/methods, /apis/web-api/rate-limits
 */
import { postMessage, updateMessage } from "./chat-methods.js";
import { history, listChannels, replies } from "./conversation-methods.js";
import { completeUpload, fileInfo, getUploadUrl } from "./file-methods.js";
import { appUser } from "./shown-message.js";
import type { WebMethod } from "./web-method.js";

/** A method and how often it may be called: so often a minute and workspace, or once a second and channel. */
export interface KnownMethod {
  readonly run: WebMethod;
  readonly limit: number | "channel" | null;
}

const authTest: WebMethod = () => ({
  ok: true,
  url: "https://example.slack.com/",
  team: "Example",
  team_id: "T0EXAMPLE",
  user: "meshlens",
  user_id: appUser.user,
  bot_id: appUser.bot_id,
});

/** The methods. */
export const webMethods: ReadonlyMap<string, KnownMethod> = new Map<string, KnownMethod>([
  ["auth.test", { run: authTest, limit: null }],
  ["chat.postMessage", { run: postMessage, limit: "channel" }],
  ["chat.update", { run: updateMessage, limit: 50 }],
  ["conversations.history", { run: history, limit: 50 }],
  ["conversations.replies", { run: replies, limit: 50 }],
  ["conversations.list", { run: listChannels, limit: 20 }],
  ["files.getUploadURLExternal", { run: getUploadUrl, limit: 100 }],
  ["files.completeUploadExternal", { run: completeUpload, limit: 100 }],
  ["files.info", { run: fileInfo, limit: 100 }],
]);
