/** A Slack of its own for a demo whose configuration names none: the stand-in, and the section that sends messages there. Used by start-demo.ts. */
import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Authenticate } from "../access/authenticate.js";
import type { LoadedConfig } from "../config/load-config.js";
import { slackSchema } from "../config/slack-schema.js";
import { allScopes, startSlackStandIn } from "../demo/slack/start-stand-in.js";
import { emptyChannel } from "../demo/slack/workspace.js";
import type { Clock } from "../telemetry/clock.js";
import { registerDemoSlack } from "./demo-slack-routes.js";
import { interactionsPath } from "./slack-interactions.js";

/** A demo's own Slack. */
export interface DemoSlack {
  /** The configuration with the section that leads to it. */
  readonly loaded: LoadedConfig;
  /** Adds the inbox page. */
  register(app: FastifyInstance, authenticate: Authenticate): void;
  /** Says where the server listens, so that presses find it. */
  listening(serverUrl: string): void;
  close(): Promise<void>;
}

/** A demo runs for days: a channel keeps this many messages, older ones go. */
const mostMessages = 400;
const channel = "mesh-alerts";

/** Starts it on a free port of 127.0.0.1; null where the configuration has a `slack:` section of its own. */
export async function openDemoSlack(loaded: LoadedConfig, clock: Clock): Promise<DemoSlack | null> {
  if (loaded.config.slack !== undefined) return null;
  // Nobody else on this machine may speak in the name of Meshlens, or of whoever presses.
  const token = `xoxb-demo-${randomBytes(16).toString("hex")}`;
  const signingSecret = randomBytes(16).toString("hex");
  const standIn = await startSlackStandIn({
    token,
    signingSecret,
    scopes: allScopes,
    channels: [emptyChannel("C0MESH", channel)],
    nowMs: clock.nowMs,
    hasRateLimits: true,
    mostMessages,
    webhookPath: `/services/${randomBytes(16).toString("hex")}`,
  });
  const slack = slackSchema.parse({ token, signingSecret, channel: `#${channel}`, apiUrl: standIn.apiUrl });
  let interactionsUrl: string | null = null;
  return {
    loaded: {
      ...loaded,
      config: { ...loaded.config, slack },
      secrets: [...loaded.secrets, token, signingSecret],
    },
    register: (app, authenticate) =>
      registerDemoSlack(app, { standIn, authenticate, interactionsUrl: () => interactionsUrl }),
    listening(serverUrl) {
      const { hostname, port } = new URL(serverUrl);
      const isAny = hostname === "0.0.0.0" || hostname === "[::]";
      interactionsUrl = `http://${isAny ? "127.0.0.1" : hostname}:${port}${interactionsPath}`;
    },
    close: standIn.close,
  };
}
