/** What Alertmanager says → what is going to be written because of it. Pure; called by the evaluator. */
import type { Severity } from "../../slo/burn-tier.js";
import { type Measurement, unmeasured } from "../../slo/measurement.js";
import type { Objective } from "../../slo/objective.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import { newAlertState } from "../alert-state.js";
import { alertSummary } from "../alert-summary.js";
import type { CycleDraft } from "../cycle-draft.js";
import type { ForeignAlert, IncidentFacts } from "../stored-alert.js";
import { decideRuled } from "./decide-ruled.js";

/** What is said of one objective, or of one alert of its own. */
export interface RulerWord {
  readonly id: string;
  readonly service: ServiceRef;
  /** Of the objective, or of the alert. */
  readonly name: string;
  /** Null for an alert of its own. */
  readonly objective: Objective | null;
  /** The last one; null where there is none. */
  readonly measurement: Measurement | null;
  /** What was said, oldest first: an alert that came and went says both. Null: none of its alerts fires. */
  readonly said: readonly (Severity | null)[];
  /** What fires, in words for people: the alert's own, made safe; of an alert of its own. */
  readonly words: string;
  readonly alert: ForeignAlert;
  /** Keys of the alerts it is said by that were new. */
  readonly heard: readonly string[];
}

/** Of an alert of its own nothing is measured, and nothing is waited for. */
const noObjective: Pick<Objective, "target" | "alerting"> = {
  target: { ratio: 0.5, budgetRatio: 0.5 },
  alerting: {
    tiers: [],
    minFailedEvents: 0,
    hold: { PAGE: { forMs: 0, keepFiringMs: 0 }, TICKET: { forMs: 0, keepFiringMs: 0 } },
  },
};

/** Adds the words to a draft; returns the keys of the alerts that are accounted for by it. */
export function draftRuled(draft: CycleDraft, words: readonly RulerWord[], clockMs: number): readonly string[] {
  for (const word of words) for (const ruled of word.said) say(draft, word, ruled, clockMs);
  return words.flatMap(({ heard }) => heard);
}

function say(draft: CycleDraft, word: RulerWord, ruled: Severity | null, clockMs: number): void {
  const { id, service, name, objective } = word;
  const state = draft.stateOf(id) ?? newAlertState(id);
  if ((state.ruled ?? null) === ruled) return;
  const judgedBy = objective ?? { ...noObjective, id };
  const measurement = word.measurement ?? unmeasured(judgedBy, clockMs, "UNKNOWN", "nothing was evaluated yet");
  const decision = decideRuled({ objective: judgedBy, state, measurement, ruled, clockMs });
  const facts = (transition: (typeof decision.transitions)[number]): IncidentFacts =>
    objective === null
      ? { objectiveName: name, summary: foreignSummary(word, transition.to), dataState: "OK", alert: word.alert }
      : {
          objectiveName: name,
          summary: alertSummary({ objective, measurement, transition }),
          dataState: measurement.dataState,
        };
  draft.ruled({ id, service, facts, subject: objective && { objective, measurement } }, decision);
}

function foreignSummary({ name, service, words }: RulerWord, to: string): string {
  const who = `${service.name}.${service.namespace}`;
  if (to === "RESOLVED") return `${name} of ${who} is resolved`;
  return words === "" ? `${name} fires for ${who}` : `${name} fires for ${who}: ${words}`;
}
