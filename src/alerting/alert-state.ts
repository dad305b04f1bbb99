/** The state of one objective's alerting between two evaluations: plain JSON for the store, and what a decision says beside it. */
import type { BurnCondition } from "../slo/burn-condition.js";
import type { Severity } from "../slo/burn-tier.js";
import type { DataState, Measurement } from "../slo/measurement.js";
import type { Objective } from "../slo/objective.js";

/** Where an incident stands. */
export type IncidentState = "PENDING" | "FIRING" | "RECOVERING" | "RESOLVED";

/** The open incident of an objective; there is at most one. */
export interface OpenIncident {
  /** Unique for ever: objective, number and start. */
  readonly id: string;
  readonly state: "PENDING" | "FIRING" | "RECOVERING";
  readonly severity: Severity;
  /** When a condition was first met, epoch ms by the evaluator's clock, as all instants here. */
  readonly startedAtMs: number;
  /** Null while pending. */
  readonly firedAtMs: number | null;
  /** When it stopped burning; null while it burns. */
  readonly recoveredAtMs: number | null;
  /** Short window of the quickest tier met since it began: the one that tells first that it stopped burning. */
  readonly quickestShortMs: number;
  /** How long there have been signs against its state: no calls while it fires, burning while it recovers. Null: there are none. */
  readonly turningMs: number | null;
  /** Transitions so far; numbers them. */
  readonly transitionCount: number;
}

/** How far one severity is: `metMs` and `clearMs` are times watched without a break, not spans of the clock. */
export interface SeverityState {
  /** Whether it has fired and not ended. */
  readonly isActive: boolean;
  /** How long a tier of it has been met; null while none is. */
  readonly metMs: number | null;
  /** How long all tiers of it have been clear since it was met last; null while one is met. */
  readonly clearMs: number | null;
}

/** The stored state. `version` is raised when the shape changes; readAlertState understands every version released. */
export interface AlertState {
  readonly version: 1;
  readonly objectiveId: string;
  /** Null before the first evaluation. */
  readonly evaluatedAtMs: number | null;
  readonly dataState: DataState;
  /** Since when the data is so; null before the first evaluation. */
  readonly dataSinceMs: number | null;
  readonly severities: Readonly<Record<Severity, SeverityState>>;
  readonly incident: OpenIncident | null;
  /** Incidents so far; numbers them. */
  readonly incidentCount: number;
  /** What Alertmanager says of the objective's alerts; left out where none fires. The severities above are the evaluations' alone. */
  readonly ruled?: Severity;
}

/** A change of an incident's state or severity, with what it was decided on. */
export interface AlertTransition {
  readonly incidentId: string;
  /** From 1 within its incident. */
  readonly sequence: number;
  readonly objectiveId: string;
  /** The evaluation's time, epoch ms. */
  readonly atMs: number;
  /** Null for the first. Equal to `to` when only the severity changed. */
  readonly from: IncidentState | null;
  readonly to: IncidentState;
  /** After the change. */
  readonly severity: Severity;
  /** In words, for people. */
  readonly reason: string;
  readonly burnConditions: readonly BurnCondition[];
  /** Of the longest window of a met tier, else of the shortest long window; null when not known or not counted. */
  readonly goodCount: number | null;
  readonly totalCount: number | null;
}

/** A change of the data axis, told apart from incidents. */
export interface DataChange {
  readonly atMs: number;
  readonly from: DataState | null;
  readonly to: DataState;
  readonly reason: string;
}

/** What one evaluation decides on. */
export interface DecisionInput {
  readonly objective: Pick<Objective, "id" | "target" | "alerting">;
  readonly state: AlertState;
  readonly measurement: Measurement;
  /** The evaluation's time, epoch ms: the evaluator's clock in `serve`, the step in `backtest`. */
  readonly clockMs: number;
  /** How often evaluations happen. After a pause of more than four of them the time between was not watched: `for` and keep-firing stand still. */
  readonly intervalMs: number;
}

/** What one evaluation decided. The store saves `state` and `transitions` in one transaction. */
export interface Decision {
  readonly state: AlertState;
  readonly transitions: readonly AlertTransition[];
  readonly dataChange: DataChange | null;
  readonly burnConditions: readonly BurnCondition[];
  /** Why it is as it is, also when nothing changed. */
  readonly reasons: readonly string[];
}

const quiet: SeverityState = { isActive: false, metMs: null, clearMs: null };

/** The state of an objective that was never evaluated. */
export function newAlertState(objectiveId: string): AlertState {
  return {
    version: 1,
    objectiveId,
    evaluatedAtMs: null,
    dataState: "UNKNOWN",
    dataSinceMs: null,
    severities: { PAGE: quiet, TICKET: quiet },
    incident: null,
    incidentCount: 0,
  };
}
