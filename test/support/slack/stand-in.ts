/**
 * A strict stand-in of Slack over HTTP for tests: refuses what Slack refuses, and fails on demand in the ways a network and Slack can.
 * It knows nothing of our code; its rules are those of the documentation.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { messageFault } from "./check-message.js";
import { type Answer, type Arguments, methods } from "./web-api.js";
import { type Channel, createWorkspace, emptyChannel, type Workspace } from "./workspace.js";

/** How a call goes wrong. `accepted` ones have done their work before. */
export type FaultKind =
  | { readonly kind: "rate-limited"; readonly retryAfterSeconds: number }
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "status"; readonly status: number; readonly isAccepted: boolean }
  | { readonly kind: "reset"; readonly isAccepted: boolean }
  | { readonly kind: "hang"; readonly isAccepted: boolean }
  | { readonly kind: "page"; readonly isAccepted: boolean };

/** One call as it was answered. */
export interface SeenCall {
  readonly method: string;
  readonly atMs: number;
  /** `ok`, Slack's error word, or the kind of the fault. */
  readonly outcome: string;
}

/** What it is started with. */
export interface StandInOptions {
  readonly scopes?: readonly string[];
  readonly channels?: readonly Channel[];
  readonly nowMs?: () => number;
  /** Answers 429 to more than one post per second and channel, after a burst of three. */
  readonly isRateLimiting?: boolean;
}

/** A running stand-in. */
export interface SlackStandIn {
  readonly apiUrl: string;
  readonly token: string;
  readonly webhookUrl: string;
  readonly workspace: Workspace;
  readonly calls: readonly SeenCall[];
  /** The next calls of the method go wrong; further faults queue up behind. Webhook posts are `webhook`, bytes of files `upload`. */
  fail(method: string, fault: FaultKind, times?: number): void;
  /** Every later call answers `token_revoked`. */
  revoke(): void;
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

const token = "xoxb-1234567890-secretsecretsecret";
const webhookPath = "/services/T00000000/B00000000/secretsecretsecretsecret";

/** Starts one on a free port of 127.0.0.1. */
export async function startSlackStandIn(options: StandInOptions = {}): Promise<SlackStandIn> {
  const { scopes = allScopes, channels = [emptyChannel("C0MESH", "mesh-alerts")], nowMs = Date.now } = options;
  const workspace = createWorkspace(channels, nowMs);
  const faults = new Map<string, FaultKind[]>();
  const calls: SeenCall[] = [];
  const posts = new Map<string, number[]>();
  let isRevoked = false;
  let origin = "";

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const path = request.url ?? "/";
    const method = path.startsWith("/api/")
      ? path.slice(5)
      : path === webhookPath
        ? "webhook"
        : path.startsWith("/upload/")
          ? "upload"
          : "unknown";
    const fault = faults.get(method)?.shift() ?? null;
    const seen = (outcome: string) => calls.push({ method, atMs: nowMs(), outcome });
    if (fault !== null) {
      seen(fault.kind);
      return failing(fault, request, response, () => accept(method, path, body, request));
    }
    const { status, text, retryAfterSeconds } = accept(method, path, body, request);
    seen(status === 200 ? outcomeOf(text) : `status ${status}`);
    reply(response, status, text, retryAfterSeconds);
  }

  function accept(method: string, path: string, body: Buffer, request: IncomingMessage): Reply {
    if (method === "webhook") return webhook(body);
    if (method === "upload") return upload(path, body);
    const implementation = methods[method];
    const given = request.headers.authorization ?? "";
    const args = readArguments(body, request.headers["content-type"] ?? "");
    const limit = method === "chat.postMessage" ? overLimit(String(args["channel"])) : null;
    if (limit !== null) return limit;
    const caller = { scopes, origin };
    if (implementation === undefined) return json({ ok: false, error: "unknown_method" });
    if (given === "") return json({ ok: false, error: "not_authed" });
    if (given !== `Bearer ${token}`) return json({ ok: false, error: "invalid_auth" });
    if (isRevoked) return json({ ok: false, error: "token_revoked" });
    return json(implementation(args, caller, workspace));
  }

  function overLimit(channel: string): Reply | null {
    if (options.isRateLimiting !== true) return null;
    const recent = (posts.get(channel) ?? []).filter((atMs) => atMs > nowMs() - 3_000);
    if (recent.length >= 3) return { status: 429, text: '{"ok":false,"error":"ratelimited"}', retryAfterSeconds: 1 };
    posts.set(channel, [...recent, nowMs()]);
    return null;
  }

  function webhook(body: Buffer): Reply {
    const [channel] = channels;
    if (channel === undefined) return { status: 404, text: "channel_not_found" };
    if (channel.isArchived) return { status: 410, text: "channel_is_archived" };
    const message = parseJson(body.toString()) as Arguments | null;
    if (typeof message !== "object" || message === null) return { status: 400, text: "invalid_payload" };
    if (messageFault(message["text"], message["blocks"]) !== null) return { status: 400, text: "invalid_blocks" };
    const blocks = (message["blocks"] as readonly unknown[] | undefined) ?? null;
    const rest = { threadTs: null, metadata: null, isBroadcast: false, fileIds: [], byWebhook: true };
    workspace.post(channel, { ...rest, text: String(message["text"] ?? ""), blocks });
    return { status: 200, text: "ok" };
  }

  function upload(path: string, body: Buffer): Reply {
    const file = workspace.files.get(path.slice("/upload/".length));
    if (file === undefined || body.length !== file.length) return { status: 400, text: "length does not match" };
    file.bytes = body;
    return { status: 200, text: `OK - ${body.length}` };
  }

  function reply(response: ServerResponse, status: number, text: string, retryAfterSeconds?: number): void {
    response.writeHead(status, {
      "content-type": text.startsWith("{") ? "application/json" : "text/html",
      "x-oauth-scopes": scopes.join(","),
      ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
    });
    response.end(text);
  }

  function failing(fault: FaultKind, request: IncomingMessage, response: ServerResponse, work: () => void): void {
    if ("isAccepted" in fault && fault.isAccepted) work();
    if (fault.kind === "rate-limited") {
      reply(response, 429, '{"ok":false,"error":"ratelimited"}', fault.retryAfterSeconds);
    } else if (fault.kind === "error") reply(response, 200, JSON.stringify({ ok: false, error: fault.error }));
    else if (fault.kind === "status") reply(response, fault.status, "upstream error");
    else if (fault.kind === "page") reply(response, 200, "<html><body>Welcome to the proxy</body></html>");
    else if (fault.kind === "reset") request.socket.destroy();
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${origin}/api/`,
    token,
    webhookUrl: `${origin}${webhookPath}`,
    workspace,
    calls,
    fail: (method, fault, times = 1) =>
      faults.set(method, [...(faults.get(method) ?? []), ...Array.from({ length: times }, () => fault)]),
    revoke: () => {
      isRevoked = true;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds?: number;
}

const json = (value: Answer): Reply => ({ status: 200, text: JSON.stringify(value) });
const outcomeOf = (text: string) => {
  const parsed = parseJson(text) as Answer | null;
  return parsed === null || typeof parsed !== "object" || parsed["ok"] === true ? "ok" : String(parsed["error"]);
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const jsonFields = new Set(["blocks", "metadata", "files", "attachments"]);

function readArguments(body: Buffer, contentType: string): Arguments {
  if (contentType.startsWith("application/json")) return (parseJson(body.toString()) as Arguments | null) ?? {};
  const pairs = [...new URLSearchParams(body.toString())];
  return Object.fromEntries(pairs.map(([key, value]) => [key, jsonFields.has(key) ? parseJson(value) : value]));
}
