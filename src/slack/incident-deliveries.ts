/**
 * What happened to an incident → what is to be said of it where. Pure; called with each transition, so that the deliveries are stored in
 * the same transaction (CycleCommit.deliveries), and again when evidence has come or a person did something.
 */
import { createHash } from "node:crypto";
import type { Moment } from "../alerting/incident-news.js";
import type { NewDelivery } from "../store/outbox-store.js";
import { asJson, type DeliveryPayload, type Said } from "./delivery-payload.js";
import { anchorMessage } from "./message/anchor-message.js";
import type { IncidentMessageInput, MessageIncident } from "./message/message-incident.js";
import { utc } from "./message/mrkdwn.js";
import { escalationMessage, evidenceMessage, resolvedMessage } from "./message/reply-messages.js";
import { serviceWords } from "./message/status-part.js";

/** A channel to tell. */
export interface SlackTarget {
  /** Name or id as configured; of a webhook, its own name for people. */
  readonly channel: string;
  /** False for a webhook: it is told of FIRED, ESCALATED and RESOLVED only, each a message of its own. */
  readonly canEdit: boolean;
}

/** What is to be told. */
export interface IncidentNews {
  readonly moment: Moment;
  /** Tells this moment from others of its incident, and is the same should it be told twice: a transition's sequence, an evidence's time. */
  readonly number: number;
  readonly atMs: number;
  readonly message: IncidentMessageInput;
}

/** The deliveries, in the order in which they shall arrive. A silenced incident's anchor is kept up to date; nothing else is said of it. */
export function incidentDeliveries(news: IncidentNews, targets: readonly SlackTarget[]): readonly NewDelivery[] {
  return targets.flatMap((target) => {
    const payloads = target.canEdit ? incidentPayloads(news) : webhookPayloads(news);
    return payloads.map((payload) => deliveryOf(news, target, payload));
  });
}

/** What is said where messages can be edited and answered: the anchor first. */
export function incidentPayloads({
  moment,
  message,
}: Pick<IncidentNews, "moment" | "message">): readonly DeliveryPayload[] {
  const { incident, evidence } = message;
  const isSilenced = incident.silence !== null;
  const anchor = anchorOf({ ...message, mentions: isSilenced ? [] : message.mentions });
  if (isSilenced) return [anchor];
  const reply = { kind: "reply", ...saidOf(incident), isBroadcast: false, isSaidByAnchor: false } as const;
  switch (moment) {
    case "ESCALATED":
      return [anchor, { ...reply, message: escalationMessage(message), isBroadcast: true, isSaidByAnchor: true }];
    case "RESOLVED":
      return [anchor, { ...reply, message: resolvedMessage(incident), isSaidByAnchor: true }];
    case "EVIDENCE":
      return evidence === null
        ? [anchor]
        : [
            anchor,
            ...pictureOf(incident, evidence),
            ...chartOf(incident, evidence),
            { ...reply, message: evidenceMessage(incident, evidence) },
          ];
    default:
      return [anchor];
  }
}

function webhookPayloads({ moment, message }: IncidentNews): readonly DeliveryPayload[] {
  const isTold = moment === "FIRED" || moment === "ESCALATED" || moment === "RESOLVED";
  return isTold && message.incident.silence === null ? [anchorOf({ ...message, isInteractive: false })] : [];
}

function anchorOf(input: IncidentMessageInput): DeliveryPayload {
  return { kind: "anchor", ...saidOf(input.incident), message: anchorMessage(input) };
}

function chartOf(
  incident: MessageIncident,
  evidence: NonNullable<IncidentMessageInput["evidence"]>,
): readonly DeliveryPayload[] {
  if (evidence.chart === null) return [];
  const title = `${serviceWords(incident)} · ${incident.objective.name}`;
  const changes = (evidence.changes ?? []).map(({ atMs, kind, name }) => ({ atMs, kind, name }));
  const { badWords } = incident.objective;
  const chart = { title, badWords, chart: evidence.chart, changes, firedAtMs: incident.firedAtMs };
  return [{ kind: "chart", ...saidOf(incident), chart }];
}

/** Only where somebody is suspected: what is known of the way there. */
function pictureOf(
  incident: MessageIncident,
  { graph, window, verdict }: NonNullable<IncidentMessageInput["evidence"]>,
): readonly DeliveryPayload[] {
  if (graph === null || !graph.nodes.some(({ suspect }) => suspect !== null) || graph.edges.length === 0) return [];
  const title = `${serviceWords(incident)} · ${incident.objective.name}`;
  const subtitle = verdict ?? `until ${utc(window.toMs)}`;
  return [{ kind: "picture", ...saidOf(incident), picture: { title, subtitle, graph } }];
}

/** A channel in ids and lanes: part of a file's name, so without signs of the channel's. */
export function placeOf(channel: string): string {
  return createHash("sha256").update(channel).digest("hex").slice(0, 8);
}

function deliveryOf(
  { moment, number, atMs, message }: IncidentNews,
  { channel }: SlackTarget,
  payload: DeliveryPayload,
): NewDelivery {
  const incidentId = message.incident.id;
  const place = placeOf(channel);
  return {
    id: `${incidentId}-${moment.toLowerCase()}-${number}-${payload.kind}-${place}`,
    incidentId,
    channel,
    lane: `slack ${place} ${incidentId}`,
    coalesceKey: payload.kind === "anchor" ? "anchor" : null,
    queuedAtMs: atMs,
    payload: asJson(payload),
  };
}

const saidOf = ({ state, severity }: MessageIncident): Said => ({ state, severity });
