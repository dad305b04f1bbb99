/**
 * The decision when Alertmanager has something new to say of an objective or of an alert of its own. The incident is the same one that
 * evaluations move: open as long as either says so. Pure; called by the evaluator.
 */
import { judgeTiers } from "../../slo/burn-rate.js";
import type { Severity } from "../../slo/burn-tier.js";
import type { Measurement } from "../../slo/measurement.js";
import type { Objective } from "../../slo/objective.js";
import type { AlertState, Decision, SeverityState } from "../alert-state.js";
import { stepIncident } from "../incident-step.js";

type Severities = Readonly<Record<Severity, SeverityState>>;

/** What it decides on. */
export interface RuledInput {
  readonly objective: Pick<Objective, "id" | "target" | "alerting">;
  readonly state: AlertState;
  /** The last one; unmeasured where there is none. */
  readonly measurement: Measurement;
  /** The worst of its alerts that fire; null: none does. */
  readonly ruled: Severity | null;
  readonly clockMs: number;
}

/** Severities of the evaluations with Alertmanager's word laid over: it has waited its `for` already. */
export function ruledOver(severities: Severities, ruled: Severity | undefined): Severities {
  return ruled === undefined ? severities : { ...severities, [ruled]: { ...severities[ruled], isActive: true } };
}

/** Decides; the same word twice decides nothing. */
export function decideRuled({ objective, state, measurement, ruled, clockMs }: RuledInput): Decision {
  const judged = judgeTiers(objective, measurement);
  const burnConditions = judged.map(({ condition }) => condition);
  if ((state.ruled ?? null) === ruled) {
    return { state, transitions: [], dataChange: null, burnConditions, reasons: ["Alertmanager said so before"] };
  }
  const { ruled: _, ...unruled } = state;
  const severities = ruled === null ? takenOver(state) : state.severities;
  const next = ruled === null ? unruled : { ...unruled, ruled };
  const step = stepIncident({
    objective,
    state: next,
    measurement,
    clockMs,
    intervalMs: 0,
    judged,
    severities: ruledOver(severities, ruled ?? undefined),
    ownSeverities: severities,
    watchedMs: 0,
    isRulersWord: true,
  });
  return {
    state: { ...next, severities, incident: step.open, incidentCount: step.incidentCount },
    transitions: step.transitions,
    dataChange: null,
    burnConditions,
    reasons: [step.reason],
  };
}

/** What the evaluations were waiting with burns by their word from now on: the incident does not go back to pending. */
function takenOver({ severities, incident }: AlertState): Severities {
  const isOpen = incident !== null && incident.state !== "PENDING";
  const own = (state: SeverityState) => (isOpen && state.metMs !== null ? { ...state, isActive: true } : state);
  return { PAGE: own(severities.PAGE), TICKET: own(severities.TICKET) };
}
