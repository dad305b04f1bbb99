/** An incident as messages tell it at one instant, whatever the reason to tell it. Pure; made by incident-news. */
import type { Objective } from "../slo/objective.js";
import type { StoredIncident } from "../store/alert-store.js";
import type { AlertTransition, IncidentState } from "./alert-state.js";
import type { Evidence, EvidenceBudget } from "./evidence.js";
import { badWords, objectiveTerms } from "./objective-terms.js";
import { readIncidentFacts } from "./stored-alert.js";

/** The snapshot. */
export interface IncidentSnapshot {
  readonly incident: StoredIncident;
  readonly state: IncidentState;
  readonly severity: AlertTransition["severity"];
  readonly objective: {
    readonly name: string;
    readonly terms: string;
    /** What is counted against the budget: `Failed calls`. */
    readonly badWords: string;
  };
  /** Of the objective's file, or of an alert of its own; none for a default and for one that was removed. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** When it first fired; null while it never has. */
  readonly firedAtMs: number | null;
  /** When it fired or became a page, whichever was last; null while it never has. */
  readonly turnedAtMs: number | null;
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
  const { objectiveName, summary, alert } = readIncidentFacts(incident);
  const withoutObjective =
    alert === undefined ? "not configured any more" : "an alert of Alertmanager, of no objective";
  return {
    incident,
    state: last.to,
    severity: last.severity,
    objective: {
      name: objectiveName,
      terms: objective === null ? withoutObjective : objectiveTerms(objective),
      badWords: objective === null ? "Bad events" : badWords(objective.sli),
    },
    labels: objective?.labels ?? alert?.labels ?? {},
    summary,
    firedAtMs: transitions.find(({ to }) => to === "FIRING")?.atMs ?? null,
    turnedAtMs: turnedAtMs(transitions),
    burnConditions: last.burnConditions,
    goodCount: last.goodCount,
    totalCount: last.totalCount,
    budget: budget && { remainingRatio: budget.remainingRatio, exhaustedAtMs: budget.exhaustedAtMs },
  };
}

/** When an incident last turned for the worse: fired, or became a page; null while it never has. `transitions` is its whole course. */
export function turnedAtMs(transitions: readonly AlertTransition[]): number | null {
  const turns = transitions.filter((transition, at) => {
    const before = transitions[at - 1] ?? null;
    if (transition.to !== "FIRING") return false;
    if (before === null || before.to === "PENDING") return true;
    return before.severity === "TICKET" && transition.severity === "PAGE";
  });
  return turns.at(-1)?.atMs ?? null;
}
