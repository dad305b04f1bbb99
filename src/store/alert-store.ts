/**
 * The port to what alerting must not forget: state per objective, transitions, incidents and their evidence. JSON payloads are the
 * rooms' own (`alerting/` encodes and decodes them); what is listed and filtered by stands beside them in columns. Ids and names
 * are any text without U+0000, which PostgreSQL cannot hold.
 */
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { Visibility } from "../telemetry/visibility.js";
import type { Json } from "./json-text.js";
import type { NewDelivery } from "./outbox-store.js";

/** The state of one objective as of its last transition or change. */
export interface StoredState {
  readonly objectiveId: string;
  /** Sequence number of its last transition; 0 before the first. */
  readonly seq: number;
  /** Null when loaded for an objective that was removed: should it come back, its numbering goes on. */
  readonly state: Json;
}

/** One transition of one objective; (objectiveId, seq) is its identity, seq counts from 1 without a gap. */
export interface StoredTransition {
  readonly objectiveId: string;
  readonly seq: number;
  /** Null for a transition outside any incident (to IDLE or NO_DATA, say). */
  readonly incidentId: string | null;
  /** The evaluation's time. */
  readonly atMs: number;
  readonly payload: Json;
}

/** What the evaluator writes of an incident. */
export interface IncidentRecord {
  /** Chosen by the evaluator, deterministic, such as objective id + the opening transition's seq. */
  readonly id: string;
  readonly objectiveId: string;
  readonly service: ServiceRef;
  /** Upper-case words of the contract: PENDING, FIRING, RECOVERING, RESOLVED. */
  readonly state: string;
  /** PAGE or TICKET. */
  readonly severity: string;
  readonly startedAtMs: number;
  readonly recoveredAtMs: number | null;
  /** Null while it is open. */
  readonly resolvedAtMs: number | null;
  readonly payload: Json;
}

/** Who did something by hand, and when. */
export interface ByHand {
  readonly by: string;
  readonly atMs: number;
}

/** A silence: no messages until then; `untilMs` null is "until it is resolved". */
export interface Silence extends ByHand {
  readonly untilMs: number | null;
}

/** An incident as it is stored: the evaluator's part and people's. */
export interface StoredIncident extends IncidentRecord {
  readonly acknowledged: ByHand | null;
  readonly silence: Silence | null;
}

/** What one evaluation changed; empty lists are welcome. */
export interface CycleCommit {
  /** Null: no evaluation, so the time of the last one stays. */
  readonly evaluatedAtMs: number | null;
  /** Of every objective whose state changed, and of every one that has a transition here: its `seq` is that of the last. */
  readonly states: readonly StoredState[];
  readonly transitions: readonly StoredTransition[];
  readonly incidents: readonly IncidentRecord[];
  /** Objectives that are configured no more: their state goes, their incidents and transitions stay. */
  readonly removedObjectives: readonly string[];
  /** Evidence known at once; more comes with `saveEvidence`. */
  readonly evidence: readonly StoredEvidence[];
  /** What is to be sent because of it: in the outbox if and only if the rest is stored. */
  readonly deliveries?: readonly NewDelivery[];
  /** Keys of alerts of Alertmanager that this commit accounts for: they are not new any more. */
  readonly heard?: readonly string[];
}

/** Evidence of an incident as it was when taken. */
export interface StoredEvidence {
  readonly incidentId: string;
  readonly takenAtMs: number;
  readonly payload: Json;
}

/** All that a start needs. */
export interface LoadedState {
  /** Null in a new store. */
  readonly evaluatedAtMs: number | null;
  readonly states: readonly StoredState[];
  /** Incidents not resolved, oldest first. */
  readonly openIncidents: readonly StoredIncident[];
}

/** Which incidents; what is left out does not filter. An empty list matches nothing. */
export interface IncidentFilter {
  readonly states?: readonly string[];
  readonly severities?: readonly string[];
  readonly namespaces?: readonly string[];
  /** Cluster null: in any cluster. */
  readonly services?: readonly (Omit<ServiceRef, "cluster"> & { readonly cluster: string | null })[];
  readonly objectiveIds?: readonly string[];
}

/** Where a page ends: the key of its last incident. */
export interface IncidentKey {
  readonly startedAtMs: number;
  readonly id: string;
}

/** A question for one page, newest start first, then by id descending. */
export interface IncidentPageQuestion {
  readonly filter: IncidentFilter;
  readonly visibility: Visibility;
  readonly first: number;
  /** The last key of the page before; null for the first page. */
  readonly after: IncidentKey | null;
}

/** One page. */
export interface IncidentPage {
  readonly incidents: readonly StoredIncident[];
  readonly hasNextPage: boolean;
}

/** The stored alerts. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface AlertStore {
  load(): Promise<LoadedState>;
  /**
   * Writes one evaluation in one transaction. Writing the same commit again changes nothing, so it may be repeated when its outcome
   * is unknown. What people did (acknowledge, silence) is never overwritten by it.
   * @throws MESHLENS_ERR_STORE_CONFLICT when a transition is stored already with other content, a seq is left out, or a state is
   * older than the stored one: somebody else evaluates this objective
   */
  commitCycle(commit: CycleCommit): Promise<void>;
  incidents(question: IncidentPageQuestion): Promise<IncidentPage>;
  /** How many incidents a filter matches. */
  countIncidents(question: Pick<IncidentPageQuestion, "filter" | "visibility">): Promise<number>;
  /** Incidents by id in the order asked; null for one that is unknown or not visible. */
  incidentsById(ids: readonly string[], visibility: Visibility): Promise<readonly (StoredIncident | null)[]>;
  /** Transitions per incident, oldest first, in the order of the ids; [] for an unknown one. */
  transitionsOf(incidentIds: readonly string[]): Promise<readonly (readonly StoredTransition[])[]>;
  /** Newest evidence per incident, in the order of the ids; null where none was taken or retention ended it. */
  evidenceOf(incidentIds: readonly string[]): Promise<readonly (StoredEvidence | null)[]>;
  /**
   * Freezes evidence; taken again (escalation) it replaces the older one, never a newer. What is to be sent because of it is in the outbox
   * if and only if it is stored.
   */
  saveEvidence(evidence: StoredEvidence, deliveries?: readonly NewDelivery[]): Promise<void>;
  /** Marks an incident as seen by a person; the first one stays. Null when unknown or not visible. */
  acknowledge(incidentId: string, by: ByHand, visibility: Visibility): Promise<StoredIncident | null>;
  /** Silences an incident; a later silence replaces an earlier, null ends it. Null when unknown or not visible. */
  silence(incidentId: string, silence: Silence | null, visibility: Visibility): Promise<StoredIncident | null>;
  /** Deletes evidence taken before and incidents resolved before these instants, with their transitions; says how many went. */
  prune(before: {
    readonly evidenceMs: number;
    readonly resolvedMs: number;
  }): Promise<{ readonly evidence: number; readonly incidents: number }>;
}
