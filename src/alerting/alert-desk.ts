/**
 * The face of the alerting room: what GraphQL and its like may ask about objectives and incidents, and what people may do with them. Every
 * read takes the caller's visibility. Made by the composition root.
 */
import type { ObjectiveHistory } from "../slo/objective-history.js";
import type { IncidentPage, IncidentPageQuestion, IncidentRecord, StoredIncident } from "../store/alert-store.js";
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
  /** Null when unknown or not visible. */
  silence(incidentId: string, by: string, forMs: number, visibility: Visibility): Promise<Incident | null>;
  /** Told of every incident that changed, as it is then; returns how to end it. */
  follow(listener: (incident: Incident) => void): () => void;
  /** For the evaluator: incidents whose state, severity or data state changed, once that is stored. */
  changed(incidents: readonly IncidentRecord[]): void;
}

/** A desk over the board and the store. */
export function createAlertDesk({
  board,
  store,
  clock,
}: {
  readonly board: AlertBoard;
  readonly store: Pick<Store, "alerts" | "sliCounts">;
  readonly clock: Clock;
}): AlertDesk {
  const { alerts, sliCounts } = store;
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
      told(await alerts.acknowledge(id, { by, atMs: clock.nowMs() }, visibility)),
    async silence(id, by, forMs, visibility) {
      const atMs = clock.nowMs();
      return told(await alerts.silence(id, { by, atMs, untilMs: atMs + forMs }, visibility));
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
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
