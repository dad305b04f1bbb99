/** An incident as messages tell it at one instant, whatever the reason to tell it. Pure; made by incident-news. */
import type { Objective } from "../slo/objective.js";
import type { StoredIncident } from "../store/alert-store.js";
import type { AlertTransition, IncidentState } from "./alert-state.js";
import type { Evidence, EvidenceBudget } from "./evidence.js";
import { objectiveTerms } from "./objective-terms.js";
import { readIncidentFacts } from "./stored-alert.js";

/** The snapshot. */
export interface IncidentSnapshot {
  readonly incident: StoredIncident;
  readonly state: IncidentState;
  readonly severity: AlertTransition["severity"];
  readonly objective: { readonly name: string; readonly terms: string };
  readonly summary: string;
  /** When it first fired; null while it never has. */
  readonly firedAtMs: number | null;
  /** As of the last transition. */
  readonly burnConditions: Evidence["burnConditions"];
  readonly goodCount: number | null;
  readonly totalCount: number | null;
  readonly budget: EvidenceBudget | null;
}

/** What it is made of. `transitions` is the incident's whole course, oldest first. */
export interface SnapshotInput {
  readonly incident: StoredIncident;
  readonly transitions: readonly AlertTransition[];
  /** Null when it is configured no more. */
  readonly objective: Objective | null;
  readonly budget: EvidenceBudget | null;
}

/** The snapshot; null for an incident without a course. @throws MESHLENS_ERR_STORE_CORRUPT */
export function incidentSnapshot({ incident, transitions, objective, budget }: SnapshotInput): IncidentSnapshot | null {
  const last = transitions.at(-1);
  if (last === undefined) return null;
  const { objectiveName, summary } = readIncidentFacts(incident);
  return {
    incident,
    state: last.to,
    severity: last.severity,
    objective: {
      name: objectiveName,
      terms: objective === null ? "not configured any more" : objectiveTerms(objective),
    },
    summary,
    firedAtMs: transitions.find(({ to }) => to === "FIRING")?.atMs ?? null,
    burnConditions: last.burnConditions,
    goodCount: last.goodCount,
    totalCount: last.totalCount,
    budget: budget && { remainingRatio: budget.remainingRatio, exhaustedAtMs: budget.exhaustedAtMs },
  };
}
