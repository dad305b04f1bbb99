/** Who is told of an incident, by the configuration. Pure. */
import type { IncidentSnapshot } from "../../alerting/incident-snapshot.js";
import type { SlackConfig } from "../../config/slack-schema.js";
import { slackAccess } from "../../config/slack-settings.js";
import type { SlackTarget } from "../incident-deliveries.js";
import { mentionOf } from "../mention-of.js";
import type { Mention } from "../message/mrkdwn.js";
import { isMuted } from "./mute-windows.js";

/** A channel that is told, and who is called there. */
export interface RoutedTarget extends SlackTarget {
  readonly mentions: readonly Mention[];
  /** Nothing new is posted now. */
  readonly isMuted: boolean;
}

/** What a route looks at. */
export type RoutedIncident = Pick<IncidentSnapshot, "severity" | "labels"> & {
  readonly incident: Pick<IncidentSnapshot["incident"], "service">;
};

/** What a webhook's one channel is called in our records: Slack does not tell its name. */
const webhookName = "webhook";

/** The channels of an incident: those of the first route that fits, else the default one; each once. */
export function routeIncidents(
  config: SlackConfig,
): (snapshot: RoutedIncident, nowMs: number) => readonly RoutedTarget[] {
  const access = slackAccess(config);
  const canEdit = access.kind === "bot";
  const usual = { channels: [access.kind === "bot" ? access.channel : webhookName], mentions: undefined };
  return (snapshot, nowMs) => {
    const { severity, incident } = snapshot;
    const route = config.routes.find((one) => isMeant(one, snapshot)) ?? usual;
    const mentions = (route.mentions ?? config.mentions).map(mentionOf);
    const muted = isMuted(config.mute, { severity, namespace: incident.service.namespace }, nowMs);
    return [...new Set(route.channels)].map((channel) => ({ channel, canEdit, mentions, isMuted: muted }));
  };
}

function isMeant(route: SlackConfig["routes"][number], { severity, labels, incident: { service } }: RoutedIncident) {
  const { severities, namespaces, services, labels: wanted, teams } = route;
  if (severities && !severities.some((one) => one.toUpperCase() === severity)) return false;
  if (namespaces && !namespaces.includes(service.namespace)) return false;
  if (services && !services.includes(service.name)) return false;
  if (wanted && !Object.entries(wanted).every(([name, value]) => labels[name] === value)) return false;
  return !teams || teams.some((team) => labels["team"] === team || labels["owner"] === team);
}
