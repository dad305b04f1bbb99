/**
 * Which incidents of a channel became one message: more than so many in a window open a storm, those that follow join it, and it is over
 * when all of them are. Plain memory that survives a restart by what stands in the outbox; called by the teller.
 */
import type { IncidentSnapshot } from "../../alerting/incident-snapshot.js";
import { placeOf } from "../incident-deliveries.js";
import type { StormRow } from "../message/storm-message.js";
import type { CommonCause } from "./common-cause.js";

/** An incident in a storm. */
export interface StormMember extends StormRow {
  readonly incidentId: string;
  /** The event's instant: those of one instant are listed together. */
  readonly joinedAtMs: number;
  /** Null: none is known. */
  readonly cause: CommonCause | null;
}

/** What is kept of a storm with its messages. */
export interface StormFacts {
  readonly id: string;
  readonly channel: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly lastJoinMs: number;
}

/** A storm. */
export interface OpenStorm extends StormFacts {
  readonly members: ReadonlyMap<string, StormMember>;
}

/** When incidents become a storm. */
export interface StormRule {
  /** More than this many. */
  readonly incidents: number;
  readonly windowMs: number;
}

/** The book. */
export interface StormBook {
  /** Incidents that begin to be told in a channel now; true: in its storm, else each by itself. */
  begin(channel: string, snapshots: readonly IncidentSnapshot[], nowMs: number): boolean;
  /** The storm of a channel that an incident is in; null for none. */
  of(channel: string, incidentId: string): OpenStorm | null;
  /** Brings an incident's row up to date, its cause too where one is given; the storm it is in, null for none. */
  update(channel: string, snapshot: IncidentSnapshot, cause: CommonCause | null, nowMs: number): OpenStorm | null;
  /** Channels with storms that an incident is in. */
  channelsOf(incidentId: string): readonly string[];
  restore(facts: StormFacts, members: readonly StormMember[]): void;
}

/** An empty one. */
export function createStormBook({ incidents, windowMs }: StormRule): StormBook {
  type Kept = StormFacts & { readonly members: Map<string, StormMember> };
  /** Those that are not over, and those that ended since the last beginning; of a channel the newest last. */
  const storms = new Map<string, Kept>();
  /** Told by themselves of late. */
  const recent = new Map<string, Map<string, StormMember>>();

  function recentOf(channel: string, nowMs: number): Map<string, StormMember> {
    const list = recent.get(channel) ?? new Map<string, StormMember>();
    for (const [id, { joinedAtMs }] of list) if (nowMs - joinedAtMs > windowMs) list.delete(id);
    recent.set(channel, list);
    return list;
  }

  const find = (channel: string, incidentId: string) =>
    [...storms.values()].findLast((storm) => storm.channel === channel && storm.members.has(incidentId)) ?? null;

  return {
    begin(channel, snapshots, nowMs) {
      for (const [id, { endedAtMs }] of storms) if (endedAtMs !== null && nowMs > endedAtMs) storms.delete(id);
      if (snapshots.length === 0) return false;
      const made = snapshots.map((snapshot) => memberOf(snapshot, nowMs));
      const open = [...storms.values()].findLast((storm) => storm.channel === channel && storm.endedAtMs === null);
      if (open !== undefined && nowMs - open.lastJoinMs <= windowMs) {
        for (const one of made) if (!open.members.has(one.incidentId)) open.members.set(one.incidentId, one);
        storms.set(open.id, { ...open, lastJoinMs: nowMs });
        return true;
      }
      const own = recentOf(channel, nowMs);
      const fresh = made.filter(({ incidentId }) => !own.has(incidentId));
      if (own.size + fresh.length <= incidents) {
        for (const one of fresh) own.set(one.incidentId, one);
        return false;
      }
      const members = new Map([...own, ...fresh.map((one) => [one.incidentId, one] as const)]);
      const id = `storm-${placeOf(channel)}-${nowMs.toString(36)}`;
      storms.set(id, { id, channel, startedAtMs: nowMs, endedAtMs: null, lastJoinMs: nowMs, members });
      own.clear();
      return true;
    },

    of: find,

    update(channel, snapshot, cause, nowMs) {
      const storm = find(channel, snapshot.incident.id);
      const known = storm?.members.get(snapshot.incident.id);
      if (storm === null || known === undefined) return null;
      const row = memberOf(snapshot, known.joinedAtMs);
      storm.members.set(known.incidentId, { ...row, cause: cause ?? known.cause });
      const isOver = [...storm.members.values()].every(({ state }) => state === "RESOLVED");
      const now = { ...storm, endedAtMs: isOver ? (storm.endedAtMs ?? nowMs) : null };
      storms.set(storm.id, now);
      return now;
    },

    channelsOf: (incidentId) =>
      [...storms.values()].flatMap(({ channel, members }) => (members.has(incidentId) ? [channel] : [])),
    restore(facts, members) {
      storms.set(facts.id, { ...facts, members: new Map(members.map((one) => [one.incidentId, one])) });
    },
  };
}

/** The row of an incident. */
export function memberOf(snapshot: IncidentSnapshot, joinedAtMs: number): StormMember {
  const { incident, state, severity, objective, burnConditions } = snapshot;
  const met = burnConditions.filter((condition) => condition.met).toSorted((a, b) => b.threshold - a.threshold);
  return {
    incidentId: incident.id,
    service: incident.service,
    objectiveName: objective.name,
    state: state === "PENDING" ? "FIRING" : state,
    severity,
    burn: met[0]?.long.value ?? null,
    joinedAtMs,
    cause: null,
  };
}
