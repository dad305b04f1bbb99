/** A storm as it is → its message, and the thread that lists what is in it. Pure. */

import type { NewDelivery } from "../../store/outbox-store.js";
import { serviceKey } from "../../telemetry/service-ref.js";
import { asJson, type DeliveryPayload, type Said } from "../delivery-payload.js";
import { placeOf, type SlackTarget } from "../incident-deliveries.js";
import type { Mention } from "../message/mrkdwn.js";
import { type Storm, stormListMessages, stormMessage } from "../message/storm-message.js";
import type { CommonCause } from "./common-cause.js";
import type { OpenStorm, StormMember } from "./storm-book.js";

/** What is to be told of a storm. */
export interface StormNews {
  readonly storm: OpenStorm;
  readonly target: SlackTarget & { readonly mentions: readonly Mention[] };
  readonly atMs: number;
  /** Tells this message from others of the storm. */
  readonly number: string;
  /** Whether some joined at this instant. */
  readonly hasJoined: boolean;
}

/** The deliveries; a webhook is told of the beginning and the end only, because it cannot edit. */
export function stormDeliveries({ storm, target, atMs, number, hasJoined }: StormNews): readonly NewDelivery[] {
  const members = [...storm.members.values()];
  const said: Said = {
    state: storm.endedAtMs === null ? "FIRING" : "RESOLVED",
    severity: members.some(({ severity }) => severity === "PAGE") ? "PAGE" : "TICKET",
  };
  const isTurn = storm.startedAtMs === atMs || storm.endedAtMs === atMs;
  if (!target.canEdit && !isTurn) return [];
  const { id, startedAtMs, endedAtMs, lastJoinMs } = storm;
  const facts = { id, startedAtMs, endedAtMs, lastJoinMs, members: members.map(keptMember) };
  const message = stormMessage(stormOf(storm), target.mentions);
  const anchor = delivery(storm, `anchor-${number}`, atMs, "anchor", {
    kind: "anchor",
    ...said,
    message,
    storm: facts,
  });
  if (!hasJoined || !target.canEdit) return [anchor];
  const joined = members.filter(
    ({ joinedAtMs }) => joinedAtMs === atMs || (startedAtMs === atMs && joinedAtMs <= atMs),
  );
  const replies = stormListMessages(joined).map((list, at) =>
    delivery(storm, `list-${atMs.toString(36)}-${at + 1}`, atMs, null, {
      kind: "reply",
      ...said,
      message: list,
      isBroadcast: false,
      isSaidByAnchor: false,
    }),
  );
  return [anchor, ...replies];
}

/** A reply of one incident in the storm's thread. */
export function stormReply(storm: OpenStorm, number: string, atMs: number, payload: DeliveryPayload): NewDelivery {
  return delivery(storm, number, atMs, null, payload);
}

function delivery(
  { id, channel }: OpenStorm,
  number: string,
  atMs: number,
  coalesceKey: string | null,
  payload: DeliveryPayload,
): NewDelivery {
  return {
    id: `${id}-${number}`,
    incidentId: null,
    channel,
    lane: `slack ${placeOf(channel)} ${id}`,
    coalesceKey,
    queuedAtMs: atMs,
    payload: asJson(payload),
  };
}

function keptMember({ incidentId, joinedAtMs, cause }: StormMember) {
  return cause === null ? { incidentId, joinedAtMs } : { incidentId, joinedAtMs, cause };
}

/**
 * Grouped by their cause where one is known, else by namespace; causes first, the largest group first. An incident without one has that of
 * another of its service: its traces may be too fast for an objective on latency, or not be there yet.
 */
function stormOf({ id, startedAtMs, endedAtMs, members }: OpenStorm): Storm {
  const groups = new Map<string, { cause: CommonCause | null; namespace: string | null; rows: StormMember[] }>();
  const causes = new Map<string, CommonCause>();
  for (const { cause, service } of members.values()) if (cause !== null) causes.set(serviceKey(service), cause);
  for (const member of members.values()) {
    const { service } = member;
    const cause = member.cause ?? causes.get(serviceKey(service)) ?? null;
    const key = cause === null ? `namespace ${service.namespace}` : serviceKey(cause.service);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { cause, namespace: cause === null ? service.namespace : null, rows: [member] });
      continue;
    }
    group.rows.push(member);
    if (cause?.by === "SUSPECT") group.cause = cause;
  }
  const ranked = [...groups.values()].sort(
    (a, b) => Number(a.cause === null) - Number(b.cause === null) || b.rows.length - a.rows.length,
  );
  return { id, startedAtMs, endedAtMs, groups: ranked, links: [] };
}
