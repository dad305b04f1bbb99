/** What happened to incidents → deliveries for every channel that is told of them. Made by the composition root; called with each event. */
import type { IncidentEvent } from "../alerting/incident-news.js";
import type { IncidentSnapshot } from "../alerting/incident-snapshot.js";
import type { NewDelivery } from "../store/outbox-store.js";
import type { Clock } from "../telemetry/clock.js";
import { incidentDeliveries, type SlackTarget } from "./incident-deliveries.js";
import type { IncidentMessageInput } from "./message/message-incident.js";
import { messageOfEvent } from "./message/message-of-event.js";
import type { Mention } from "./message/mrkdwn.js";

/** Who is told of an incident, and who is called there. */
export interface RoutedTarget extends SlackTarget {
  readonly mentions: readonly Mention[];
}

/** What a teller needs. */
export interface TellerDeps {
  readonly clock: Clock;
  readonly route: (snapshot: IncidentSnapshot) => readonly RoutedTarget[];
  /** Known without asking anybody. */
  readonly linksOf: (snapshot: IncidentSnapshot) => IncidentMessageInput["links"];
  /** Whether Slack can call us back. */
  readonly isInteractive: boolean;
}

/** The function alerting is given. */
export type Teller = (events: readonly IncidentEvent[]) => Promise<readonly NewDelivery[]>;

/** A teller. */
export function createTeller({ clock, route, linksOf, isInteractive }: TellerDeps): Teller {
  function told(event: IncidentEvent): readonly NewDelivery[] {
    // Those of the evidence are for its window.
    const links = event.evidence !== null && event.evidence.links.length > 0 ? [] : linksOf(event.snapshot);
    return route(event.snapshot).flatMap((target) => {
      const terms = { links, mentions: target.mentions, isInteractive, nowMs: clock.nowMs() };
      const message = messageOfEvent(event, terms);
      return message === null ? [] : incidentDeliveries({ ...event, message }, [target]);
    });
  }

  return async (events) => events.flatMap(told);
}
