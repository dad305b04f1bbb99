/** Who is told of an incident, by the configuration. Used by open-slack.ts. */
import type { IncidentSnapshot } from "../alerting/incident-snapshot.js";
import type { SlackConfig } from "../config/slack-schema.js";
import { slackAccess } from "../config/slack-settings.js";
import type { RoutedTarget } from "../slack/create-teller.js";
import { mentionOf } from "../slack/mention-of.js";

/** What a webhook's one channel is called in our records: Slack does not tell its name. */
const webhookName = "webhook";

/** The channels of an incident: those of the first route that fits, else the default one. */
export function routeIncidents(config: SlackConfig): (snapshot: IncidentSnapshot) => readonly RoutedTarget[] {
  const access = slackAccess(config);
  const mentions = config.mentions.map(mentionOf);
  if (access.kind === "webhook") return () => [{ channel: webhookName, canEdit: false, mentions }];
  return () => [{ channel: access.channel, canEdit: true, mentions }];
}
