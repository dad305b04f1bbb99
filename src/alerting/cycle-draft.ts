/** What one evaluation is going to write: collected per objective, handed to the store whole. Pure; called by the evaluator. */
import type { Severity } from "../slo/burn-tier.js";
import type { Measurement } from "../slo/measurement.js";
import type { Objective } from "../slo/objective.js";
import type {
  CycleCommit,
  IncidentRecord,
  StoredEvidence,
  StoredState,
  StoredTransition,
} from "../store/alert-store.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { AlertState, AlertTransition, Decision } from "./alert-state.js";
import { alertSummary, removedSummary } from "./alert-summary.js";
import { isSameButTime } from "./read-alert-state.js";
import {
  evidenceOf,
  type IncidentFacts,
  incidentRecord,
  plainJson,
  readIncidentFacts,
  storedTransition,
} from "./stored-alert.js";

/** Where an objective stands in the store. */
export interface ObjectiveStanding {
  /** Number of its last transition. */
  readonly seq: number;
  /** Null for an objective that was removed: should it come back, its numbering goes on. */
  readonly state: AlertState | null;
  readonly incident: IncidentRecord | null;
}

/** A change of an incident with the incident as it is after it. */
export interface CommittedChange {
  readonly transition: AlertTransition;
  readonly incident: IncidentRecord;
  /** Null for a new incident. */
  readonly severityBefore: Severity | null;
  /** What it was decided on; null for an objective that was removed. */
  readonly subject: { readonly objective: Objective; readonly measurement: Measurement } | null;
}

/** Whom Alertmanager speaks of. */
export interface RuledSubject {
  readonly id: string;
  readonly service: ServiceRef;
  /** What lists show; the incident's data state goes with the measurement. */
  readonly facts: (transition: AlertTransition) => IncidentFacts;
  /** Null for an alert of its own, and where nothing was measured yet. */
  readonly subject: CommittedChange["subject"];
}

/** A collection under way. */
export interface CycleDraft {
  readonly evaluatedAtMs: number;
  /** Of every objective that was decided or removed, as they are once this is stored. */
  readonly standings: ReadonlyMap<string, ObjectiveStanding>;
  readonly changes: readonly CommittedChange[];
  decided(objective: Objective, service: ServiceRef, measurement: Measurement, decision: Decision): void;
  /** By Alertmanager's word. What was collected before for the same one is built upon. */
  ruled(subject: RuledSubject, decision: Decision): void;
  /** As of what was collected so far. */
  stateOf(objectiveId: string): AlertState | null;
  /** The objective is configured no more: an open incident resolves, because nobody watches it from now on. */
  removed(objectiveId: string): void;
  /** The same every time it is asked. */
  commit(): CycleCommit;
}

/** An empty draft of the evaluation at `evaluatedAtMs`. */
export function createCycleDraft(
  evaluatedAtMs: number,
  standingOf: (objectiveId: string) => ObjectiveStanding | null,
): CycleDraft {
  const standings = new Map<string, ObjectiveStanding>();
  const changes: CommittedChange[] = [];
  const states = new Map<string, StoredState>();
  const transitions: StoredTransition[] = [];
  const incidents = new Map<string, IncidentRecord>();
  const evidence: StoredEvidence[] = [];
  const removedObjectives: string[] = [];

  function add(
    transition: AlertTransition,
    seq: number,
    incident: IncidentRecord,
    before: IncidentRecord | null,
    subject: CommittedChange["subject"],
  ): void {
    transitions.push(storedTransition(transition, seq));
    incidents.set(incident.id, incident);
    changes.push({ transition, incident, severityBefore: severityOf(before), subject });
    const frozen = evidenceOf(transition);
    if (frozen !== null) evidence.push(frozen);
  }

  return {
    evaluatedAtMs,
    standings,
    changes,

    decided(objective, service, measurement, { state, transitions: made }) {
      const known = standingOf(objective.id);
      let seq = known?.seq ?? 0;
      let incident = known?.incident ?? null;
      for (const transition of made) {
        seq += 1;
        const summary = alertSummary({ objective, measurement, transition });
        const facts = { objectiveName: objective.name, summary, dataState: measurement.dataState };
        const next = incidentRecord(transition, state.incident, incident, service, facts);
        add(transition, seq, next, incident, { objective, measurement });
        incident = next.resolvedAtMs === null ? next : null;
      }
      standings.set(objective.id, { seq, state, incident });
      const isNews = made.length > 0 || known?.state == null || !isSameButTime(known.state, state);
      if (isNews) states.set(objective.id, { objectiveId: objective.id, seq, state: plainJson(state) });
    },

    ruled({ id, service, facts, subject }, { state, transitions: made }) {
      const known = standings.get(id) ?? standingOf(id);
      let seq = known?.seq ?? 0;
      let incident = known?.incident ?? null;
      for (const transition of made) {
        seq += 1;
        const next = incidentRecord(transition, state.incident, incident, service, facts(transition));
        add(transition, seq, next, incident, subject);
        incident = next.resolvedAtMs === null ? next : null;
      }
      standings.set(id, { seq, state, incident });
      states.set(id, { objectiveId: id, seq, state: plainJson(state) });
    },

    stateOf: (id) => (standings.get(id) ?? standingOf(id))?.state ?? null,

    removed(objectiveId) {
      const known = standingOf(objectiveId);
      const open = known?.state?.incident ?? null;
      let seq = known?.seq ?? 0;
      if (open !== null && known?.incident != null) {
        seq += 1;
        const { service } = known.incident;
        const { objectiveName, dataState } = readIncidentFacts(known.incident);
        const summary = removedSummary(service.name, service.namespace, objectiveName);
        const transition: AlertTransition = {
          incidentId: open.id,
          sequence: open.transitionCount + 1,
          objectiveId,
          atMs: evaluatedAtMs,
          from: open.state,
          to: "RESOLVED",
          severity: open.severity,
          reason: "the objective was removed: nobody watches it any more",
          burnConditions: [],
          goodCount: null,
          totalCount: null,
        };
        const facts = { objectiveName, summary, dataState };
        const over = incidentRecord(transition, null, known.incident, service, facts);
        add(transition, seq, over, known.incident, null);
        states.set(objectiveId, { objectiveId, seq, state: null });
      }
      standings.set(objectiveId, { seq, state: null, incident: null });
      removedObjectives.push(objectiveId);
    },

    commit: () => ({
      evaluatedAtMs,
      states: [...states.values()],
      transitions,
      incidents: [...incidents.values()],
      removedObjectives,
      evidence,
    }),
  };
}

function severityOf(incident: IncidentRecord | null): Severity | null {
  return incident?.severity === "TICKET" ? "TICKET" : incident === null ? null : "PAGE";
}
