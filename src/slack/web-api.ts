/** Slack's Web API with a bot token. The SDK's own retries are off: it repeats what may have arrived, and stops all channels for one. */
import { type Logger, LogLevel, WebClient } from "@slack/web-api";
import { failureOf, limitMs, refusal, statusFailure } from "./call-result.js";
import type { CallResult, Lookup, MessagePlace, SlackPort } from "./slack-port.js";

/** How to reach Slack. */
export interface WebApiOptions {
  readonly token: string;
  /** Default Slack's own; another one for tests and proxies. */
  readonly apiUrl?: string | undefined;
  /** Of one call. Default 10 s. */
  readonly timeoutMs?: number;
}

/** What an app says of itself. */
export interface Identity {
  readonly team: string;
  readonly user: string;
  /** Of the workspace, ending in a slash; null where Slack does not say. */
  readonly url: string | null;
  readonly scopes: readonly string[];
}

/** The port, and what only `slack test` and `check` ask. */
export interface SlackWebApi extends SlackPort {
  identity(): Promise<CallResult<Identity>>;
  /** The id of a channel by its name; null when the app does not see it. `refused` without the scope to look. */
  channelId(channel: string): Promise<CallResult<string | null>>;
}

/** The SDK writes bodies at `debug` and causes at `warn`: it writes nothing here. */
const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};
const pageSize = 200;
const mostPages = 20;
/** Slack's clock and ours may differ. */
const skewMs = 60_000;

/** The client; it opens no connection before the first call. */
export function createSlackWebApi({ token, apiUrl, timeoutMs = 10_000 }: WebApiOptions): SlackWebApi {
  const client = new WebClient(token, {
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/` }),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
  });
  const idsByName = new Map<string, string>();

  async function call(method: string, args: Readonly<Record<string, unknown>>): Promise<CallResult<Answer>> {
    try {
      const answer = (await client.apiCall(method, { ...args })) as unknown as Answer;
      return answer["ok"] === true ? { kind: "ok", value: answer } : refusal(answer["error"], answer);
    } catch (error) {
      return failureOf(error);
    }
  }

  async function channelId(channel: string): Promise<CallResult<string | null>> {
    if (/^[CGD][A-Z0-9]{5,}$/.test(channel)) return { kind: "ok", value: channel };
    const name = channel.replace(/^#/, "");
    const known = idsByName.get(name);
    if (known !== undefined) return { kind: "ok", value: known };
    for (const types of ["public_channel", "private_channel"]) {
      let cursor = "";
      for (let page = 0; page < mostPages; page += 1) {
        const listed = await call("conversations.list", { types, exclude_archived: true, limit: pageSize, cursor });
        if (listed.kind === "refused" && types === "private_channel") break;
        if (listed.kind !== "ok") return listed;
        const found = listOf(listed.value, "channels").find((one) => one["name"] === name)?.["id"];
        if (typeof found === "string") {
          idsByName.set(name, found);
          return { kind: "ok", value: found };
        }
        cursor = cursorOf(listed.value);
        if (cursor === "") break;
      }
    }
    return { kind: "ok", value: null };
  }

  async function find({ channel, threadTs, sinceMs, deliveryId }: Lookup): Promise<CallResult<MessagePlace | null>> {
    const id = await channelId(channel);
    if (id.kind !== "ok") return id;
    if (id.value === null) return { kind: "refused", error: "channel_not_found", needed: null };
    const where = threadTs === null ? {} : { ts: threadTs };
    const oldest = String(Math.max(0, Math.floor((sinceMs - skewMs) / 1_000)));
    const asked = { channel: id.value, ...where, oldest, inclusive: true, limit: pageSize, include_all_metadata: true };
    let cursor = "";
    for (let page = 0; page < mostPages; page += 1) {
      const method = threadTs === null ? "conversations.history" : "conversations.replies";
      const answer = await call(method, cursor === "" ? asked : { ...asked, cursor });
      if (answer.kind !== "ok") return answer;
      const found = listOf(answer.value, "messages").find((message) => isOf(message, deliveryId));
      if (found !== undefined) return { kind: "ok", value: placeOf(id.value, found) };
      cursor = cursorOf(answer.value);
      if (cursor === "") break;
    }
    return { kind: "ok", value: null };
  }

  return {
    canEdit: true,
    channelId,
    find,
    async identity() {
      const answer = await call("auth.test", {});
      if (answer.kind !== "ok") return answer;
      const { value } = answer;
      const scopes = value.response_metadata?.scopes ?? [];
      const url = typeof value["url"] === "string" && /^https:\/\/[^?#]+\/$/.test(value["url"]) ? value["url"] : null;
      return { kind: "ok", value: { team: String(value["team"]), user: String(value["user"]), url, scopes } };
    },
    async post({ channel, message, metadata, threadTs, isBroadcast }) {
      const answer = await call("chat.postMessage", {
        channel,
        ...contentOf(message),
        metadata,
        unfurl_links: false,
        unfurl_media: false,
        ...(threadTs !== null && { thread_ts: threadTs, reply_broadcast: isBroadcast }),
      });
      if (answer.kind !== "ok") return answer;
      const { value } = answer;
      const id = String(value["channel"]);
      idsByName.set(channel.replace(/^#/, ""), id);
      const posted = value["message"];
      return { kind: "ok", value: { ...placeOf(id, isFields(posted) ? posted : {}), ts: String(value["ts"]) } };
    },
    async update({ channel, ts }, { message, metadata }) {
      const answer = await call("chat.update", { channel, ts, ...contentOf(message), metadata });
      return answer.kind === "ok" ? { kind: "ok", value: { channel, ts, threadTs: null } } : answer;
    },
    async upload({ png, altText }, { channel, ts }, deliveryId) {
      const filename = `${deliveryId}.png`;
      const asked = await call("files.getUploadURLExternal", { filename, length: png.length, alt_txt: altText });
      if (asked.kind !== "ok") return asked;
      const fileId = String(asked.value["file_id"]);
      const sent = await sendBytes(String(asked.value["upload_url"]), png, timeoutMs);
      // Nobody sees a file before it is completed: whatever happened until here may be done again.
      if (sent.kind !== "ok") return sent.kind === "ambiguous" ? { kind: "not-sent", reason: sent.reason } : sent;
      const files = [{ id: fileId, title: "Burn rate and failed share of calls" }];
      const done = await call("files.completeUploadExternal", { files, channel_id: channel, thread_ts: ts });
      return done.kind === "ok" ? { kind: "ok", value: { fileId } } : done;
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;
type Answer = Fields & { readonly response_metadata?: { readonly scopes?: string[]; readonly next_cursor?: string } };

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

function listOf(answer: Answer, key: string): readonly Fields[] {
  const list = answer[key];
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function cursorOf({ response_metadata: metadata }: Answer): string {
  return metadata?.next_cursor ?? "";
}

/** Without blocks an edit takes them away; left out of a post there are none. */
function contentOf({ text, blocks }: { readonly text: string; readonly blocks: readonly unknown[] }): Fields {
  return { text, blocks, parse: "none", link_names: false };
}

function placeOf(channel: string, message: Fields): MessagePlace {
  const [ts, threadTs] = [message["ts"], message["thread_ts"]];
  return { channel, ts: String(ts), threadTs: typeof threadTs === "string" && threadTs !== ts ? threadTs : null };
}

function isOf(message: Fields, deliveryId: string): boolean {
  const metadata = message["metadata"];
  const payload = isFields(metadata) ? metadata["event_payload"] : null;
  if (isFields(payload) && payload["delivery_id"] === deliveryId) return true;
  const files = message["files"];
  return Array.isArray(files) && files.some((file) => isFields(file) && file["name"] === `${deliveryId}.png`);
}

async function sendBytes(url: string, bytes: Buffer, timeoutMs: number): Promise<CallResult<null>> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "image/png" },
      body: new Uint8Array(bytes),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.arrayBuffer();
    if (answer.status === 429) {
      return { kind: "rate-limited", retryAfterMs: limitMs(Number(answer.headers.get("retry-after")) || undefined) };
    }
    return answer.status === 200 ? { kind: "ok", value: null } : statusFailure(answer.status);
  } catch (error) {
    return failureOf(error);
  }
}
