/** What the configuration says of Slack, in the terms of the rooms that use it. Called by the composition root. */
import { durationMs } from "./duration.js";
import type { SlackConfig } from "./slack-schema.js";

/** How Slack is reached; all of it but `channel` and `apiUrl` is secret. */
export type SlackAccess =
  | { readonly kind: "bot"; readonly token: string; readonly channel: string; readonly apiUrl: string | undefined }
  | { readonly kind: "webhook"; readonly url: string };

/** The access of a checked section. */
export function slackAccess({ token, channel, webhookUrl, apiUrl }: SlackConfig): SlackAccess {
  // checkMeaning lets nothing else through.
  return token === undefined
    ? { kind: "webhook", url: webhookUrl ?? "" }
    : { kind: "bot", token, channel: channel ?? "", apiUrl };
}

/** Every channel of the section, each once, the default first. */
export function slackChannels({ channel, routes }: SlackConfig): readonly string[] {
  return [...new Set([channel, ...routes.flatMap(({ channels }) => channels)])].filter((one) => one !== undefined);
}

/** When incidents become a storm. */
export function stormRule({ storm }: SlackConfig): { readonly incidents: number; readonly windowMs: number } {
  return { incidents: storm.incidents, windowMs: durationMs(storm.window) ?? 300_000 };
}
