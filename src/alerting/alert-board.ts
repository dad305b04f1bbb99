/** Where every objective stands as of the last evaluation: what GraphQL and /metrics read. Filled by the loop, kept in memory. */
import type { BurnCondition } from "../slo/burn-condition.js";
import { judgeTiers } from "../slo/burn-rate.js";
import { type ErrorBudget, errorBudget, type ObjectiveState, objectiveState } from "../slo/error-budget.js";
import type { DataState, Measurement } from "../slo/measurement.js";
import type { Objective } from "../slo/objective.js";
import type { Clock } from "../telemetry/clock.js";
import { groupBy } from "../telemetry/group-by.js";
import { compareServiceRefs, type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import type { EvaluatedCycle, Roster } from "./evaluator.js";
import type { MeasurementTable } from "./measurement-table.js";

/** One objective now. */
export interface ObjectiveStatus {
  readonly objective: Objective;
  readonly service: ServiceRef;
  /** Null before the first evaluation. */
  readonly evaluatedAtMs: number | null;
  readonly state: ObjectiveState;
  /** UNKNOWN too when nothing was evaluated for a while. */
  readonly dataState: DataState;
  /** What is the matter with the data, in words; null when nothing is. */
  readonly dataReason: string | null;
  readonly measurement: Measurement | null;
  readonly budget: ErrorBudget | null;
  /** Null before the first evaluation. */
  readonly burnConditions: readonly BurnCondition[] | null;
}

/** The board. */
export interface AlertBoard {
  update(roster: Roster, cycle: Pick<EvaluatedCycle, "measurements" | "evaluatedAtMs">): void;
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
  /** Its place in the roster. */
  readonly index: number;
}

/** A board with the objectives that are known before the first evaluation. */
export function createAlertBoard({ clock, serviceOf, staleMs }: BoardDeps, own: readonly Objective[]): AlertBoard {
  let roster: readonly Objective[] | null = null;
  let entries: readonly Entry[] = [];
  let byId: ReadonlyMap<string, Entry> = new Map();
  let byService: ReadonlyMap<string, readonly Entry[]> = new Map();
  let last: { readonly measurements: MeasurementTable; readonly atMs: number } | null = null;
  let statuses = new Map<Entry, ObjectiveStatus>();

  function fill(objectives: readonly Objective[]): void {
    roster = objectives;
    entries = objectives
      .map((objective, index): Entry => ({ objective, service: serviceOf(objective.service), index }))
      .sort((a, b) => compareServiceRefs(a.service, b.service) || compareText(a.objective, b.objective));
    byId = new Map(entries.map((entry) => [entry.objective.id, entry]));
    byService = groupBy(entries, ({ service }) => serviceKey(service));
  }

  function now(entry: Entry): ObjectiveStatus {
    let known = statuses.get(entry);
    if (known === undefined) {
      known = statusOf(entry, last?.measurements.at(entry.index) ?? null, last?.atMs ?? null);
      statuses.set(entry, known);
    }
    if (known.evaluatedAtMs === null || clock.nowMs() - known.evaluatedAtMs <= staleMs) return known;
    const state = known.state === "EXHAUSTED" ? "EXHAUSTED" : "UNKNOWN";
    return { ...known, state, dataState: "UNKNOWN", dataReason: "Nothing has been evaluated of late." };
  }

  fill(own);
  return {
    update({ objectives }, { measurements, evaluatedAtMs }) {
      if (objectives !== roster) fill(objectives);
      // Most objectives of an evaluation are looked at by nobody.
      statuses = new Map();
      last = { measurements, atMs: evaluatedAtMs };
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
  { objective, service }: Entry,
  measurement: Measurement | null,
  evaluatedAtMs: number | null,
): ObjectiveStatus {
  if (measurement === null) {
    const nothing = { measurement, budget: null, burnConditions: null };
    const unknown = { state: "UNKNOWN", dataState: "UNKNOWN", dataReason: "It has not been evaluated yet." } as const;
    return { objective, service, evaluatedAtMs: null, ...unknown, ...nothing };
  }
  const { dataState, dataReason } = measurement;
  const burnConditions = judgeTiers(objective, measurement).map(({ condition }) => condition);
  const budget = errorBudget(objective, measurement);
  const state = objectiveState(budget, burnConditions, dataState);
  return { objective, service, evaluatedAtMs, state, dataState, dataReason, measurement, budget, burnConditions };
}

function compareText(a: Objective, b: Objective): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
