/**
 * What happened to incidents → deliveries for every channel that is told of them: by routes, held back by mute windows, in a storm together.
 * Made by the composition root; alerting calls it with each event and stores what it says in the same transaction.
 */
import type { IncidentEvent } from "../alerting/incident-news.js";
import type { IncidentSnapshot } from "../alerting/incident-snapshot.js";
import type { NewDelivery, OutboxStore, StoredDelivery } from "../store/outbox-store.js";
import type { Clock } from "../telemetry/clock.js";
import { readPayload } from "./delivery-payload.js";
import { incidentDeliveries, incidentPayloads } from "./incident-deliveries.js";
import type { IncidentMessageInput } from "./message/message-incident.js";
import { messageOfEvent } from "./message/message-of-event.js";
import type { RoutedTarget } from "./routing/route-incidents.js";
import { commonCause } from "./storm/common-cause.js";
import { createStormBook, memberOf, type OpenStorm, type StormRule } from "./storm/storm-book.js";
import { stormDeliveries, stormReply } from "./storm/storm-deliveries.js";

/** What a teller needs. */
export interface TellerDeps {
  readonly clock: Clock;
  readonly outbox: Pick<OutboxStore, "deliveriesOf" | "ofNoIncident">;
  readonly route: (snapshot: IncidentSnapshot, nowMs: number) => readonly RoutedTarget[];
  /** Known without asking anybody. */
  readonly linksOf: (snapshot: IncidentSnapshot) => IncidentMessageInput["links"];
  /** Whether Slack can call us back. */
  readonly isInteractive: boolean;
  readonly storm: StormRule;
}

/** What alerting and the composition root are given. */
export interface Teller {
  /** What is to be sent, in order. @throws MESHLENS_ERR_STORE_* */
  deliveriesFor(events: readonly IncidentEvent[]): Promise<readonly NewDelivery[]>;
  /** Incidents that were held back and may be told now. */
  due(): readonly string[];
  /** After a start, with the open incidents: what is in a storm, and what nobody was told of. @throws MESHLENS_ERR_STORE_* */
  restore(open: readonly IncidentSnapshot[]): Promise<void>;
}

/** How far back storms that are not over are looked for. */
const storedStormsMs = 30 * 86_400_000;

/** A teller that knows of nothing yet. */
export function createTeller(deps: TellerDeps): Teller {
  const { clock, outbox, route, linksOf, isInteractive, storm } = deps;
  const book = createStormBook(storm);
  const held = new Map<string, IncidentSnapshot>();
  let stormMessages = 0;

  function own(event: IncidentEvent, target: RoutedTarget): readonly NewDelivery[] {
    // Those of the evidence are for its window.
    const links = event.evidence !== null && event.evidence.links.length > 0 ? [] : linksOf(event.snapshot);
    const terms = { links, mentions: target.mentions, isInteractive, nowMs: clock.nowMs() };
    const message = messageOfEvent(event, terms);
    if (message === null) return [];
    const made = incidentDeliveries({ ...event, message }, [target]);
    // An edit wakes nobody.
    return target.isMuted ? made.filter(({ payload }) => readPayload(payload)?.kind === "anchor") : made;
  }

  /** In the storm's thread, where there is anything to say. */
  function stormEvidence(event: IncidentEvent, storm: OpenStorm): readonly NewDelivery[] {
    const { evidence, moment, number, atMs } = event;
    const isThere = evidence !== null && (evidence.traces !== null || evidence.logPatterns !== null);
    if (moment !== "EVIDENCE" || !isThere) return [];
    const message = messageOfEvent(event, { links: [], mentions: [], isInteractive: false, nowMs: clock.nowMs() });
    if (message === null) return [];
    return incidentPayloads({ ...event, message })
      .filter(({ kind }) => kind === "reply")
      .map((payload) => stormReply(storm, `evidence-${event.snapshot.incident.id}-${number}`, atMs, payload));
  }

  async function deliveriesFor(events: readonly IncidentEvent[]): Promise<readonly NewDelivery[]> {
    if (events.length === 0) return [];
    const nowMs = clock.nowMs();
    const told = await toldChannels(events);
    const made: NewDelivery[] = [];
    const stirred = new Map<string, { storm: OpenStorm; target: RoutedTarget; atMs: number; hasJoined: boolean }>();
    const beginning = beginnings(events, told, nowMs);
    const stormy = new Set(
      [...beginning].flatMap(([channel, { snapshots, atMs }]) =>
        book.begin(channel, snapshots, atMs) ? [channel] : [],
      ),
    );
    for (const event of events) {
      const { snapshot, moment, atMs } = event;
      const { id } = snapshot.incident;
      const known = told.get(id) ?? new Set<string>();
      if (snapshot.state === "RESOLVED") held.delete(id);
      const cause = event.evidence === null ? null : commonCause(event.evidence);
      for (const target of targetsOf(snapshot, known, nowMs)) {
        const { channel } = target;
        if (known.has(channel)) made.push(...own(event, target));
        const open = book.update(channel, snapshot, cause, atMs);
        if (open !== null) {
          if (!known.has(channel)) made.push(...stormEvidence(event, open));
          if (moment === "EVIDENCE" && cause === null) continue;
          const before = stirred.get(open.id);
          const hasJoined = before?.hasJoined === true || (isBeginning(moment) && stormy.has(channel));
          stirred.set(open.id, { storm: open, target: before?.target ?? target, atMs, hasJoined });
        } else if (!known.has(channel) && isBeginning(moment)) {
          if (target.isMuted) held.set(id, snapshot);
          else {
            held.delete(id);
            made.push(...own(event, target));
          }
        }
      }
    }
    const ofStorms = [...stirred.values()].flatMap((news) => {
      stormMessages += 1;
      return stormDeliveries({ ...news, number: `${nowMs.toString(36)}-${stormMessages}` });
    });
    return [...ofStorms, ...made];
  }

  /** Whether an incident is in a storm already whose message stands. */
  function isSettled(channel: string, incidentId: string): boolean {
    const open = book.of(channel, incidentId);
    return open !== null && open.members.get(incidentId)?.joinedAtMs !== open.lastJoinMs;
  }

  /** Incidents that begin to be told, by channel. */
  function beginnings(
    events: readonly IncidentEvent[],
    told: ReadonlyMap<string, ReadonlySet<string>>,
    nowMs: number,
  ): ReadonlyMap<string, { readonly snapshots: IncidentSnapshot[]; readonly atMs: number }> {
    const byChannel = new Map<string, { snapshots: IncidentSnapshot[]; atMs: number }>();
    for (const { snapshot, moment, atMs } of events) {
      if (!isBeginning(moment)) continue;
      for (const { channel, isMuted } of route(snapshot, nowMs)) {
        const { id } = snapshot.incident;
        if (isMuted || told.get(id)?.has(channel) === true || isSettled(channel, id)) continue;
        const list = byChannel.get(channel) ?? { snapshots: [], atMs };
        list.snapshots.push(snapshot);
        byChannel.set(channel, list);
      }
    }
    return byChannel;
  }

  /** Where the routes say, and where it was told before: a message that stands somewhere is kept up to date there. */
  function targetsOf(snapshot: IncidentSnapshot, known: ReadonlySet<string>, nowMs: number): readonly RoutedTarget[] {
    const routed = route(snapshot, nowMs);
    const [first] = routed;
    const before = [...known, ...book.channelsOf(snapshot.incident.id)];
    const others = [...new Set(before)].filter((channel) => !routed.some((one) => one.channel === channel));
    const canEdit = first?.canEdit ?? true;
    return [
      ...routed,
      ...others.map((channel) => ({ channel, canEdit, mentions: [], isMuted: first?.isMuted ?? false })),
    ];
  }

  /** Where each incident has messages of its own. */
  async function toldChannels(events: readonly IncidentEvent[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const ids = [...new Set(events.map(({ snapshot }) => snapshot.incident.id))];
    const lists = await outbox.deliveriesOf(ids);
    return new Map(ids.map((id, at) => [id, channelsOf(lists[at] ?? [])]));
  }

  return {
    deliveriesFor,

    due() {
      const nowMs = clock.nowMs();
      return [...held].flatMap(([id, snapshot]) => (route(snapshot, nowMs).some((one) => !one.isMuted) ? [id] : []));
    },

    async restore(open) {
      const snapshots = new Map(open.map((snapshot) => [snapshot.incident.id, snapshot]));
      for (const { channel, payload } of await outbox.ofNoIncident(clock.nowMs() - storedStormsMs)) {
        const read = readPayload(payload);
        if (read?.kind !== "anchor" || read.storm === undefined || read.storm.endedAtMs !== null) continue;
        const { members, ...facts } = read.storm;
        const rows = members.flatMap(({ incidentId, joinedAtMs, cause = null }) => {
          const snapshot = snapshots.get(incidentId);
          return snapshot === undefined ? [] : [{ ...memberOf(snapshot, joinedAtMs), cause }];
        });
        book.restore({ ...facts, channel }, rows);
      }
      const ids = [...snapshots.keys()];
      const lists = await outbox.deliveriesOf(ids);
      for (const [at, id] of ids.entries()) {
        const snapshot = snapshots.get(id);
        const isTold = (lists[at] ?? []).length > 0 || book.channelsOf(id).length > 0;
        if (snapshot !== undefined && !isTold && snapshot.state === "FIRING") held.set(id, snapshot);
      }
    },
  };
}

function isBeginning(moment: IncidentEvent["moment"]): boolean {
  return moment === "FIRED" || moment === "ESCALATED";
}

function channelsOf(deliveries: readonly StoredDelivery[]): ReadonlySet<string> {
  return new Set(deliveries.map(({ channel }) => channel));
}
