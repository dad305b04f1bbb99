/**
 * A strict stand-in of Slack over HTTP: refuses what Slack refuses. `meshlens demo` shows its messages at /demo/slack; tests make it
 * fail in the ways a network and Slack can. It knows nothing of the rest of Meshlens; its rules are those of Slack's documentation.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createAnswerAddresses } from "./answer-addresses.js";
import { messageFault } from "./message-rules.js";
import { blockActions, type Press, pressedElement, signedRequest } from "./press.js";
import { createRateLimits } from "./rate-limits.js";
import { parseJson, readArguments, readBody } from "./read-request.js";
import { type Answer, refuse } from "./web-method.js";
import { webMethods } from "./web-methods.js";
import { type Channel, createWorkspace, type Workspace } from "./workspace.js";

/** A call on its way. */
export interface StandInCall {
  /** A method's name; `webhook`, `upload` and `response` for what is none. */
  readonly method: string;
  /** Does its work, for an answer that may then get lost. */
  accept(): StandInReply;
}

/** An answer. */
export interface StandInReply {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds?: number;
}

/** What it is started with. */
export interface StandInSettings {
  readonly token: string;
  readonly signingSecret: string;
  readonly scopes: readonly string[];
  /** The first one is the webhook's. */
  readonly channels: readonly Channel[];
  readonly nowMs: () => number;
  readonly hasRateLimits: boolean;
  /** Of a channel; default without end. */
  readonly mostMessages?: number;
  /** Path of the incoming webhook. */
  readonly webhookPath: string;
  /** Called before a call is answered; true when it has been answered, or never will be. */
  readonly intercept?: (call: StandInCall, request: IncomingMessage, response: ServerResponse) => boolean;
  readonly onAnswered?: (method: string, outcome: string) => void;
}

/** A running stand-in. */
export interface SlackStandIn {
  /** Such as http://127.0.0.1:39121. */
  readonly origin: string;
  readonly apiUrl: string;
  readonly webhookUrl: string;
  readonly workspace: Workspace;
  /**
   * Somebody presses something: tells the app's address and gives the HTTP status of its answer; null when the message shows no such
   * thing, when there is no address, or when nothing answered within Slack's three seconds.
   */
  press(press: Press, requestUrl: string | null): Promise<number | null>;
  close(): Promise<void>;
}

/** All scopes Meshlens asks for. */
export const allScopes = [
  "chat:write",
  "channels:history",
  "groups:history",
  "channels:read",
  "groups:read",
  "files:write",
  "files:read",
] as const;

const pressTimeoutMs = 3_000;

/** Starts one on a free port of 127.0.0.1. */
export async function startSlackStandIn(settings: StandInSettings): Promise<SlackStandIn> {
  const { token, scopes, channels, nowMs, webhookPath, intercept, onAnswered } = settings;
  const workspace = createWorkspace(channels, nowMs, settings.mostMessages);
  const limits = createRateLimits(nowMs);
  const addresses = createAnswerAddresses(workspace, nowMs);
  let origin = "";

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const path = request.url ?? "/";
    const method = methodOf(path);
    const call = { method, accept: () => accept(method, path, body, request) };
    if (intercept?.(call, request, response) === true) return;
    const given = call.accept();
    onAnswered?.(method, given.status === 200 ? outcomeOf(given) : `status ${given.status}`);
    reply(response, given, scopes);
  }

  function methodOf(path: string): string {
    if (path.startsWith("/api/")) return path.slice(5).replace(/\?.*$/, "");
    if (path === webhookPath) return "webhook";
    return path.startsWith("/upload/") ? "upload" : path.startsWith("/response/") ? "response" : "unknown";
  }

  function accept(method: string, path: string, body: Buffer, request: IncomingMessage): StandInReply {
    if (method === "upload") return upload(path, body);
    if (method === "response") return addresses.answer(path.slice("/response/".length), parseJson(body.toString()));
    const args = readArguments(body, request.headers["content-type"] ?? "");
    const waitSeconds = settings.hasRateLimits ? limits.take(method, String(args["channel"] ?? "")) : null;
    if (waitSeconds !== null)
      return { status: 429, text: '{"ok":false,"error":"ratelimited"}', retryAfterSeconds: waitSeconds };
    if (method === "webhook") return webhook(args);
    const known = webMethods.get(method);
    const given = request.headers.authorization ?? "";
    if (known === undefined) return json(refuse("unknown_method"));
    if (given === "") return json(refuse("not_authed"));
    if (given !== `Bearer ${token}`) return json(refuse("invalid_auth"));
    return json(known.run(args, { scopes, origin }, workspace));
  }

  function webhook(args: Readonly<Record<string, unknown>>): StandInReply {
    const [channel] = channels;
    if (channel === undefined) return { status: 404, text: "channel_not_found" };
    if (channel.isArchived) return { status: 410, text: "channel_is_archived" };
    if (Object.keys(args).length === 0) return { status: 400, text: "invalid_payload" };
    const wrong = messageFault(args["text"], args["blocks"]);
    if (wrong !== null) return { status: 400, text: wrong.error };
    const blocks = (args["blocks"] as readonly unknown[] | undefined) ?? null;
    const rest = { threadTs: null, metadata: null, isBroadcast: false, fileIds: [], byWebhook: true };
    workspace.post(channel, { ...rest, text: String(args["text"] ?? ""), blocks });
    return { status: 200, text: "ok" };
  }

  function upload(path: string, body: Buffer): StandInReply {
    const file = workspace.files.get(path.slice("/upload/".length));
    if (file === undefined || body.length !== file.length) return { status: 400, text: "length does not match" };
    file.bytes = body;
    return { status: 200, text: `OK - ${body.length}` };
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    apiUrl: `${origin}/api/`,
    webhookUrl: `${origin}${webhookPath}`,
    workspace,
    async press(press, requestUrl) {
      const channel = workspace.find(press.channelId, false);
      const message = channel?.messages.find(({ ts }) => ts === press.ts);
      const element = message === undefined ? null : pressedElement(message, press);
      if (channel === null || message === undefined || element === null || requestUrl === null) return null;
      const responseUrl = `${origin}/response/${addresses.open(message, press.user.name)}`;
      const payload = blockActions(press, element, { channel, message, nowMs: nowMs(), responseUrl });
      return sendSigned(requestUrl, signedRequest(payload, settings.signingSecret, nowMs()));
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function sendSigned(url: string, { headers, body }: ReturnType<typeof signedRequest>): Promise<number | null> {
  try {
    const signal = AbortSignal.timeout(pressTimeoutMs);
    const answer = await fetch(url, { method: "POST", headers, body, redirect: "error", signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}

/** Writes an answer as Slack does. */
export function reply(
  response: ServerResponse,
  { status, text, retryAfterSeconds }: StandInReply,
  scopes: readonly string[] = [],
): void {
  response.writeHead(status, {
    "content-type": text.startsWith("{") ? "application/json" : "text/html",
    "x-oauth-scopes": scopes.join(","),
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  });
  response.end(text);
}

const json = (value: Answer): StandInReply => ({ status: 200, text: JSON.stringify(value) });

function outcomeOf({ text }: StandInReply): string {
  const parsed = parseJson(text);
  const isNo = typeof parsed === "object" && parsed !== null && "ok" in parsed && parsed.ok !== true;
  return isNo && "error" in parsed ? String(parsed.error) : "ok";
}
