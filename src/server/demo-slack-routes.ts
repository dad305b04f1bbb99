/** The inbox page of a demo's Slack at /demo/slack: what Meshlens said, with buttons that work. Used by start-demo.ts where no real Slack is configured. */
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Authenticate } from "../access/authenticate.js";
import { type Action, requireAction, requireSight } from "../access/principal.js";
import { isLoopback } from "../config/check-meaning.js";
import type { SlackStandIn } from "../demo/slack/start-stand-in.js";
import type { Channel, KeptMessage, Workspace } from "../demo/slack/workspace.js";
import { MeshlensError } from "../errors.js";
import { inboxScript, inboxStyle } from "../slack/preview/inbox-assets.js";
import { type Inbox, type InboxMessage, inboxMessages, inboxPage, inboxPath } from "../slack/preview/inbox-html.js";

/** What it needs. */
export interface DemoSlackDeps {
  readonly standIn: Pick<SlackStandIn, "workspace" | "press">;
  readonly authenticate: Authenticate;
  /** Where presses are sent; null while nothing listens. */
  readonly interactionsUrl: () => string | null;
}

/** Nothing but our own script, style and pictures; nothing is sent anywhere else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const pressSchema = z.strictObject({
  channelId: z.string().max(100),
  ts: z.string().max(100),
  actionId: z.string().max(255),
  value: z.string().max(2_000),
  user: z.string().min(1).max(100),
});

/** Adds the page and what it loads. Pressing is for this machine's own users, as changing the scenario is. */
export function registerDemoSlack(app: FastifyInstance, deps: DemoSlackDeps): void {
  const { standIn, authenticate, interactionsUrl } = deps;
  const { workspace } = standIn;
  // Messages tell of all namespaces.
  async function require(request: FastifyRequest, action: Action): Promise<void> {
    const principal = await authenticate(request);
    requireAction(principal, action);
    requireSight(principal);
  }
  const started = createHash("sha256").update(String(Date.now())).digest("hex").slice(0, 8);

  app.get(inboxPath, async (request, reply) => {
    await require(request, "read");
    return html(reply).send(inboxPage(inboxOf(workspace)));
  });

  app.get(`${inboxPath}/messages`, async (request, reply) => {
    await require(request, "read");
    const tag = `"${started}-${workspace.revision()}"`;
    reply.header("etag", tag);
    if (request.headers["if-none-match"] === tag) return reply.code(304).send();
    return html(reply).send(inboxMessages(inboxOf(workspace)));
  });

  app.get(`${inboxPath}/inbox.js`, async (_request, reply) =>
    reply.type("text/javascript; charset=utf-8").header("cache-control", "no-cache").send(inboxScript),
  );
  app.get(`${inboxPath}/inbox.css`, async (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "no-cache").send(inboxStyle),
  );

  app.get<{ Params: { id: string } }>(`${inboxPath}/files/:id`, async (request, reply) => {
    await require(request, "read");
    const file = workspace.files.get(request.params.id);
    if (file?.bytes == null || !file.isComplete) return reply.callNotFound();
    return reply.type("image/png").header("cache-control", "private, max-age=3600").send(file.bytes);
  });

  app.post(`${inboxPath}/press`, async (request) => {
    await require(request, "operate");
    if (!isLoopback(request.socket.remoteAddress ?? ""))
      throw new MeshlensError(
        "MESHLENS_ERR_ACCESS_FORBIDDEN",
        "messages of the demo are answered from this machine only: open http://127.0.0.1 on it",
      );
    const press = pressSchema.safeParse(request.body).data;
    if (press === undefined)
      throw new MeshlensError("MESHLENS_ERR_QUERY_INPUT", "send {channelId, ts, actionId, value, user}", {
        at: "body",
      });
    const { user, ...rest } = press;
    const id = `U${createHash("sha256").update(user).digest("hex").slice(0, 8).toUpperCase()}`;
    return { status: await standIn.press({ ...rest, user: { id, name: user } }, interactionsUrl()) };
  });
}

function html(reply: FastifyReply): FastifyReply {
  reply.header("content-security-policy", contentSecurityPolicy).header("referrer-policy", "no-referrer");
  return reply.header("cache-control", "no-store").type("text/html; charset=utf-8");
}

/** The first channel as the page shows it. */
function inboxOf({ channels, files }: Workspace): Inbox {
  const [channel] = channels;
  if (channel === undefined) return { channelId: "", channelName: "", threads: [] };
  const told = ({ fileIds, ...message }: KeptMessage): InboxMessage => ({
    ...message,
    pictures: fileIds.map((id) => ({ id, altText: files.get(id)?.altText ?? "" })),
  });
  const own = channel.messages.filter(({ threadTs, isBroadcast }) => threadTs === null || isBroadcast);
  return {
    channelId: channel.id,
    channelName: channel.name,
    threads: own.map((message) => ({
      ...told(message),
      repliedTo: message.threadTs === null ? null : parentWords(channel, message.threadTs),
      replies: channel.messages
        .filter(({ threadTs }) => threadTs === message.ts && message.threadTs === null)
        .map(told),
    })),
  };
}

function parentWords({ messages }: Channel, ts: string): string {
  return messages.find((message) => message.ts === ts)?.text.split("\n")[0] ?? "";
}
