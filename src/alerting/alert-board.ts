/** Where every objective stands as of the last evaluation: what GraphQL and /metrics read. Filled by the loop, kept in memory. */
import type { BurnCondition } from "../slo/burn-condition.js";
import { type ErrorBudget, errorBudget, type ObjectiveState, objectiveState } from "../slo/error-budget.js";
import type { DataState, Measurement } from "../slo/measurement.js";
import type { Objective } from "../slo/objective.js";
import type { Clock } from "../telemetry/clock.js";
import { compareServiceRefs, type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import type { EvaluatedCycle, Evaluation, Roster } from "./evaluator.js";

/** One objective now. */
export interface ObjectiveStatus {
  readonly objective: Objective;
  readonly service: ServiceRef;
  /** Null before the first evaluation. */
  readonly evaluatedAtMs: number | null;
  readonly state: ObjectiveState;
  /** UNKNOWN too when nothing was evaluated for a while. */
  readonly dataState: DataState;
  readonly measurement: Measurement | null;
  readonly budget: ErrorBudget | null;
  /** Null before the first evaluation. */
  readonly burnConditions: readonly BurnCondition[] | null;
}

/** The board. */
export interface AlertBoard {
  update(roster: Roster, cycle: EvaluatedCycle): void;
  /** By service, then by name. */
  list(): readonly ObjectiveStatus[];
  byId(objectiveId: string): ObjectiveStatus | null;
  ofService(ref: ServiceRef): readonly ObjectiveStatus[];
}

/** What a board needs. */
export interface BoardDeps {
  readonly clock: Clock;
  readonly serviceOf: (service: Objective["service"]) => ServiceRef;
  /** After this long without an evaluation nothing is known. */
  readonly staleMs: number;
}

interface Entry {
  readonly objective: Objective;
  readonly service: ServiceRef;
  readonly status: () => ObjectiveStatus;
}

/** A board with the objectives that are known before the first evaluation. */
export function createAlertBoard({ clock, serviceOf, staleMs }: BoardDeps, own: readonly Objective[]): AlertBoard {
  let entries: readonly Entry[] = [];
  let byId: ReadonlyMap<string, Entry> = new Map();
  let byService: ReadonlyMap<string, readonly Entry[]> = new Map();

  function fill(objectives: readonly Objective[], evaluations: ReadonlyMap<string, Evaluation>, atMs: number | null) {
    const made = objectives.map((objective): Entry => {
      const service = serviceOf(objective.service);
      let status: ObjectiveStatus | null = null;
      return {
        objective,
        service,
        // Most objectives of an evaluation are looked at by nobody.
        status: () => {
          status ??= statusOf(objective, service, evaluations.get(objective.id) ?? null, atMs);
          return status;
        },
      };
    });
    entries = made.sort((a, b) => compareServiceRefs(a.service, b.service) || compareText(a.objective, b.objective));
    byId = new Map(entries.map((entry) => [entry.objective.id, entry]));
    const grouped = new Map<string, Entry[]>();
    for (const entry of entries) {
      const key = serviceKey(entry.service);
      const group = grouped.get(key);
      if (group === undefined) grouped.set(key, [entry]);
      else group.push(entry);
    }
    byService = grouped;
  }

  function now({ status }: Entry): ObjectiveStatus {
    const known = status();
    if (known.evaluatedAtMs === null || clock.nowMs() - known.evaluatedAtMs <= staleMs) return known;
    return { ...known, state: known.state === "EXHAUSTED" ? "EXHAUSTED" : "UNKNOWN", dataState: "UNKNOWN" };
  }

  fill(own, new Map(), null);
  return {
    update({ objectives }, { evaluations, evaluatedAtMs }) {
      fill(objectives, new Map(evaluations.map((one) => [one.objective.id, one])), evaluatedAtMs);
    },
    list: () => entries.map(now),
    byId(id) {
      const entry = byId.get(id);
      return entry === undefined ? null : now(entry);
    },
    ofService: (ref) => (byService.get(serviceKey(ref)) ?? []).map(now),
  };
}

function statusOf(
  objective: Objective,
  service: ServiceRef,
  evaluation: Evaluation | null,
  evaluatedAtMs: number | null,
): ObjectiveStatus {
  if (evaluation === null) {
    const nothing = { measurement: null, budget: null, burnConditions: null } as const;
    return { objective, service, evaluatedAtMs: null, state: "UNKNOWN", dataState: "UNKNOWN", ...nothing };
  }
  const { measurement, decision } = evaluation;
  const { dataState } = measurement;
  const { burnConditions } = decision;
  const budget = errorBudget(objective, measurement);
  const state = objectiveState(budget, burnConditions, dataState);
  return { objective, service, evaluatedAtMs, state, dataState, measurement, budget, burnConditions };
}

function compareText(a: Objective, b: Objective): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
