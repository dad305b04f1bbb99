/**
 * The face of the alerting room: what GraphQL and its like may ask about objectives and incidents, and what people may do with them. Every
 * read takes the caller's visibility. Made by the composition root.
 */
import type { ObjectiveHistory } from "../slo/objective-history.js";
import type { IncidentPage, IncidentPageQuestion, IncidentRecord, StoredIncident } from "../store/alert-store.js";
import type { Json } from "../store/json-text.js";
import type { DeliveryState, StoredDelivery } from "../store/outbox-store.js";
import type { Store } from "../store/store.js";
import type { Clock } from "../telemetry/clock.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import { canSee, seeAll, type Visibility } from "../telemetry/visibility.js";
import type { AlertBoard, ObjectiveStatus } from "./alert-board.js";
import type { AlertTransition } from "./alert-state.js";
import type { Evidence } from "./evidence.js";
import { readHistories } from "./read-history.js";
import { evidenceOfRow, readTransition } from "./stored-alert.js";

/** An incident as it is stored. */
export type Incident = StoredIncident;

/** An incident after its silence was made or ended. */
export interface SilencedIncident extends Incident {
  /** What went wrong in Alertmanager, for people: here it is done. Null when nothing did, or Alertmanager is not asked. */
  readonly silenceProblem: string | null;
}

/** Which messages. */
export interface DeliveryQuestion {
  readonly states: readonly DeliveryState[];
  /** At most this many are looked at. */
  readonly first: number;
  readonly visibility: Visibility;
}

/** The desk. Reads of incidents reject with MESHLENS_ERR_STORE_*. */
export interface AlertDesk {
  /** By service, then by name. */
  objectives(visibility: Visibility): readonly ObjectiveStatus[];
  objective(objectiveId: string, visibility: Visibility): ObjectiveStatus | null;
  objectivesOf(ref: ServiceRef, visibility: Visibility): readonly ObjectiveStatus[];
  /** In order; null where the counts of an objective are not kept by steps. */
  histories(
    statuses: readonly ObjectiveStatus[],
    window: TimeWindow,
    maxPoints: number,
  ): Promise<readonly (ObjectiveHistory | null)[]>;
  incidents(question: IncidentPageQuestion): Promise<IncidentPage>;
  incident(incidentId: string, visibility: Visibility): Promise<Incident | null>;
  /** Per incident, oldest first. */
  transitionsOf(incidentIds: readonly string[]): Promise<readonly (readonly AlertTransition[])[]>;
  evidenceOf(incidentIds: readonly string[]): Promise<readonly (Evidence | null)[]>;
  /** The first one to say so stays. Null when unknown or not visible. */
  acknowledge(incidentId: string, by: string, visibility: Visibility): Promise<Incident | null>;
  /** `forMs` null: until it is resolved. Null when unknown or not visible. */
  silence(
    incidentId: string,
    by: string,
    forMs: number | null,
    visibility: Visibility,
  ): Promise<SilencedIncident | null>;
  /** Messages go out again. Null when unknown or not visible. */
  endSilence(incidentId: string, visibility: Visibility): Promise<SilencedIncident | null>;
  /** Alertmanager silences its alerts: so is the incident here. */
  silencedThere(incidentId: string, by: string, untilMs: number): Promise<void>;
  /** Gathers evidence anew, in the background. Null when unknown, not visible or over. */
  refreshEvidence(incidentId: string, visibility: Visibility): Promise<Incident | null>;
  /** Messages per incident in the order they were put in. */
  deliveriesOf(incidentIds: readonly string[]): Promise<readonly (readonly Delivery[])[]>;
  /** Messages in these states, newest first; of no single incident only for those who see all namespaces. */
  deliveries(question: DeliveryQuestion): Promise<readonly Delivery[]>;
  delivery(deliveryId: string, visibility: Visibility): Promise<Delivery | null>;
  /** Sends a dead message again; one that is not dead stays as it is. Null when unknown or not visible. */
  retryDelivery(deliveryId: string, visibility: Visibility): Promise<Delivery | null>;
  /** Told of every incident that changed, as it is then; returns how to end it. */
  follow(listener: (incident: Incident) => void): () => void;
  /** Incidents changed by another copy, as they are now: those who follow are told. */
  changedElsewhere(incidents: readonly Incident[]): void;
  /** For the evaluator: incidents whose state, severity or data state changed, once that is stored. */
  changed(incidents: readonly IncidentRecord[]): void;
}

/** A message with what its receipt says. */
export interface Delivery extends StoredDelivery {
  /** Where it can be read; null when not known. */
  readonly url: string | null;
  /** Not sent, because another one says it already. */
  readonly isLeftOut: boolean;
}

/** What a desk is made of. */
export interface DeskDeps {
  readonly board: AlertBoard;
  readonly store: Pick<Store, "alerts" | "sliCounts" | "outbox">;
  readonly clock: Clock;
  /** An incident was acknowledged or silenced; must not throw. */
  readonly onByHand?: (incident: Incident) => void;
  /** Evidence is wanted anew; must not throw. */
  readonly onRefresh?: (incident: Incident) => void;
  /** An incident is silenced by somebody here, or its silence ended, so Alertmanager is told; in words what went wrong there. */
  readonly silenceThere?: {
    made(incident: Incident, by: string, untilMs: number | null): Promise<string | null>;
    ended(incidentId: string): Promise<string | null>;
  };
  /** A message is to be sent again; must not throw. */
  readonly onRetry?: () => void;
  /** What the messenger keeps of what it sent, for people. */
  readonly describeReceipt?: (receipt: Json) => Pick<Delivery, "url" | "isLeftOut">;
}

const nothingKnown = { url: null, isLeftOut: false } as const;

/** A desk over the board and the store. */
export function createAlertDesk(deps: DeskDeps): AlertDesk {
  const {
    board,
    store,
    clock,
    onByHand,
    onRefresh,
    onRetry,
    silenceThere,
    describeReceipt = () => nothingKnown,
  } = deps;
  const { alerts, sliCounts, outbox } = store;
  const listeners = new Set<(incident: Incident) => void>();
  const tell = (incident: Incident) => {
    for (const listener of listeners) listener(incident);
  };
  const visible = (status: ObjectiveStatus | null, visibility: Visibility) =>
    status !== null && canSee(visibility, status.service.namespace) ? status : null;
  const told = (incident: Incident | null) => {
    if (incident !== null) tell(incident);
    return incident;
  };
  const byHand = (incident: Incident | null) => {
    if (incident !== null) onByHand?.(incident);
    return told(incident);
  };
  const described = (delivery: StoredDelivery): Delivery => ({ ...delivery, ...describeReceipt(delivery.receipt) });
  /** Those the caller may see, in order; null for the others. */
  async function visibleDeliveries(found: readonly (StoredDelivery | null)[], visibility: Visibility) {
    const ids = [...new Set(found.flatMap((one) => one?.incidentId ?? []))];
    const incidents = await alerts.incidentsById(ids, visibility);
    const seen = new Set(incidents.flatMap((incident) => incident?.id ?? []));
    return found.map((one) => {
      const isSeen = one?.incidentId == null ? visibility.namespaces === "all" : seen.has(one.incidentId);
      return one !== null && isSeen ? described(one) : null;
    });
  }

  return {
    objectives: (visibility) => board.list().filter(({ service }) => canSee(visibility, service.namespace)),
    objective: (id, visibility) => visible(board.byId(id), visibility),
    objectivesOf: (ref, visibility) => (canSee(visibility, ref.namespace) ? board.ofService(ref) : []),
    histories: (statuses, window, maxPoints) => readHistories(sliCounts, statuses, window, maxPoints),
    incidents: (question) => alerts.incidents(question),
    incident: async (id, visibility) => (await alerts.incidentsById([id], visibility))[0] ?? null,
    transitionsOf: async (ids) => (await alerts.transitionsOf(ids)).map((rows) => rows.map(readTransition)),
    evidenceOf: async (ids) => (await alerts.evidenceOf(ids)).map((row) => row && evidenceOfRow(row)),
    acknowledge: async (id, by, visibility) =>
      byHand(await alerts.acknowledge(id, { by, atMs: clock.nowMs() }, visibility)),
    async silence(id, by, forMs, visibility) {
      const atMs = clock.nowMs();
      const untilMs = forMs === null ? null : atMs + forMs;
      const incident = byHand(await alerts.silence(id, { by, atMs, untilMs }, visibility));
      if (incident === null) return null;
      const isOpen = incident.resolvedAtMs === null;
      const silenceProblem = (isOpen && (await silenceThere?.made(incident, by, untilMs))) || null;
      return { ...incident, silenceProblem };
    },
    async endSilence(id, visibility) {
      const incident = byHand(await alerts.silence(id, null, visibility));
      return incident && { ...incident, silenceProblem: (await silenceThere?.ended(id)) ?? null };
    },
    async silencedThere(id, by, untilMs) {
      byHand(await alerts.silence(id, { by, atMs: clock.nowMs(), untilMs }, seeAll));
    },
    async refreshEvidence(id, visibility) {
      const [incident = null] = await alerts.incidentsById([id], visibility);
      if (incident === null || incident.resolvedAtMs !== null) return null;
      onRefresh?.(incident);
      return incident;
    },
    deliveriesOf: async (ids) => (await outbox.deliveriesOf(ids)).map((list) => list.map(described)),
    async deliveries({ states, first, visibility }) {
      const found = await visibleDeliveries(await outbox.newest(states, first), visibility);
      return found.filter((one) => one !== null);
    },
    delivery: async (id, visibility) => (await visibleDeliveries(await outbox.byId([id]), visibility))[0] ?? null,
    async retryDelivery(id, visibility) {
      const [delivery = null] = await visibleDeliveries(await outbox.byId([id]), visibility);
      if (delivery === null) return null;
      const queued = await outbox.retry(id, clock.nowMs());
      if (queued === null) return delivery;
      onRetry?.();
      return described(queued);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changedElsewhere(incidents) {
      for (const incident of incidents) tell(incident);
    },
    changed(incidents) {
      if (listeners.size === 0 || incidents.length === 0) return;
      const changed = new Map(incidents.map((incident) => [incident.id, incident]));
      // Read once for all listeners, with what people did to it; should that fail, the evaluator's own part is told.
      const asEvaluated = () => [...changed.values()].map((one) => ({ ...one, acknowledged: null, silence: null }));
      void alerts
        .incidentsById([...changed.keys()], seeAll)
        .catch(asEvaluated)
        .then((stored) => {
          for (const incident of stored) told(incident);
        });
    },
  };
}
