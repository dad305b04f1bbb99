/**
 * One evaluation of all objectives: measure, decide per objective, write what changed in one transaction. The same in `serve` and in
 * `backtest`, which differ in clock, sources and store only. Called by the loop; it owns the states between two evaluations.
 */
import { isMeshlensError, MeshlensError } from "../errors.js";
import type { ServiceRefInput } from "../mesh/mesh.js";
import type { Severity } from "../slo/burn-tier.js";
import type { Measurer } from "../slo/measure/measurer.js";
import type { DataState } from "../slo/measurement.js";
import type { Objective } from "../slo/objective.js";
import type { AlertStore, CycleCommit, IncidentRecord } from "../store/alert-store.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { CallOptions, SourceStatus } from "../telemetry/source.js";
import { type AlertState, newAlertState, type OpenIncident } from "./alert-state.js";
import { type CommittedChange, createCycleDraft, type ObjectiveStanding } from "./cycle-draft.js";
import { decide } from "./decide.js";
import { createMeasurementTable, type MeasurementTable } from "./measurement-table.js";
import { readAlertState } from "./read-alert-state.js";
import { isForeignSubject } from "./ruler/alert-subject.js";
import { draftRuled, type RulerWord } from "./ruler/draft-ruled.js";

/** Which objectives there are now. */
export interface Roster {
  readonly objectives: readonly Objective[];
  /** Whether one that is not among them is gone; false while the services of the mesh could not be listed. */
  readonly isComplete: boolean;
}

/** One objective's part of an evaluation. */
export interface Evaluation {
  readonly objective: Objective;
  readonly dataState: DataState;
  /** Of its open incident; null where there is none. */
  readonly incidentState: OpenIncident["state"] | null;
  /** Whether only the data changed, which no transition tells. */
  readonly isDataNews: boolean;
}

/** One evaluation that is stored. */
export interface EvaluatedCycle {
  /** The evaluator's clock. */
  readonly evaluatedAtMs: number;
  /** Where all windows end. */
  readonly endMs: number;
  /** One per objective, in the order of the roster. */
  readonly evaluations: readonly Evaluation[];
  /** The same order. */
  readonly measurements: MeasurementTable;
  readonly statuses: readonly SourceStatus[];
  /** How far the clocks of the metrics sources are ahead of ours, ms, by name. */
  readonly clockSkewsMs: ReadonlyMap<string, number>;
}

/** What an evaluator is made of. */
export interface EvaluatorDeps {
  readonly measurer: Pick<Measurer, "load" | "cycle">;
  readonly alerts: Pick<AlertStore, "load"> & {
    /** As AlertStore's; whoever has messages to send because of the changes adds them to the commit. */
    commitCycle(commit: CycleCommit, changes: readonly CommittedChange[]): Promise<void>;
  };
  /** How often evaluations happen. */
  readonly intervalMs: number;
  /** The service an objective without a cluster is about. */
  readonly serviceOf: (service: ServiceRefInput) => ServiceRef;
  /** Told of changes once they are stored, in order, each once; must not throw. */
  readonly onCommitted?: (changes: readonly CommittedChange[]) => void;
}

/** Evaluates again and again. */
export interface Evaluator {
  /**
   * Reads states and counts from the store; called once, before the first cycle.
   * @returns the last stored evaluation, epoch ms; null in a new store
   * @throws MESHLENS_ERR_STORE_*
   */
  load(nowMs: number): Promise<number | null>;
  /**
   * One evaluation at `clockMs`. A source that fails makes measurements UNKNOWN; a store that fails rejects it with MESHLENS_ERR_STORE_*:
   * nothing has moved then, and the next call first writes again what may or may not have been written.
   */
  cycle(clockMs: number, roster: Roster, options: CallOptions): Promise<EvaluatedCycle>;
  /**
   * What Alertmanager has to say, between two evaluations. Rejects as `cycle` does, and the same words may be said again then.
   * @throws MESHLENS_ERR_STORE_*
   */
  rule(words: readonly RulerWord[], clockMs: number): Promise<void>;
  /** Whom Alertmanager has fire, and how, by the id of the objective or of the alert of its own. */
  ruled(): ReadonlyMap<string, Severity>;
  /** Open incidents, one per objective at most. */
  openIncidents(): readonly IncidentRecord[];
}

/** What is being written. */
interface Unsettled {
  readonly commit: CycleCommit;
  readonly standings: ReadonlyMap<string, ObjectiveStanding>;
  readonly changes: readonly CommittedChange[];
}

/** An evaluator that knows nothing yet. */
export function createEvaluator(deps: EvaluatorDeps): Evaluator {
  const { measurer, alerts, intervalMs, serviceOf, onCommitted = () => {} } = deps;
  let standings = new Map<string, ObjectiveStanding>();
  let lastMs: number | null = null;
  /** Written or not, nobody knows: the store failed while it was at it. */
  let unsettled: Unsettled | null = null;
  /** One after the other: an evaluation asks for long, and meanwhile Alertmanager may have a word. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };

  async function loadStandings(): Promise<void> {
    const { evaluatedAtMs, states, openIncidents } = await alerts.load();
    const open = new Map(openIncidents.map((incident) => [incident.objectiveId, incident]));
    lastMs = evaluatedAtMs;
    standings = new Map(
      states.map(({ objectiveId, seq, state }) => {
        const stored = state === null ? null : stateOf(objectiveId, state, evaluatedAtMs);
        return [objectiveId, { seq, state: stored, incident: open.get(objectiveId) ?? null }] as const;
      }),
    );
  }

  async function settle(): Promise<void> {
    if (unsettled === null) return;
    const { commit, standings: moved, changes } = unsettled;
    try {
      await alerts.commitCycle(commit, changes);
    } catch (error) {
      if (isMeshlensError(error) && error.code === "MESHLENS_ERR_STORE_CONFLICT") {
        // Somebody else has moved on: their word stands, and what was decided here is decided again from it.
        unsettled = null;
        await loadStandings();
      }
      throw error;
    }
    unsettled = null;
    for (const [id, standing] of moved) standings.set(id, standing);
    lastMs = commit.evaluatedAtMs ?? lastMs;
    if (changes.length > 0) onCommitted(changes);
  }

  async function write(commit: Unsettled): Promise<void> {
    unsettled = commit;
    await settle();
  }

  return {
    async load(nowMs) {
      await loadStandings();
      await measurer.load(nowMs);
      return lastMs;
    },

    async cycle(clockMs, { objectives, isComplete }, options) {
      await inTurn(settle);
      const { endMs, measurements, statuses, clockSkewsMs } = await measurer.cycle(clockMs, objectives, options);
      return inTurn(async () => {
        await settle();
        const draft = createCycleDraft(clockMs, (id) => standings.get(id) ?? null);
        const table = createMeasurementTable();
        const evaluations: Evaluation[] = [];
        for (const measurement of measurements) {
          const objective = objectives[evaluations.length] as Objective;
          const state = standings.get(objective.id)?.state ?? newAlertState(objective.id);
          const decision = decide({ objective, state, measurement, clockMs, intervalMs });
          draft.decided(objective, serviceOf(objective.service), measurement, decision);
          table.add(measurement);
          evaluations.push({
            objective,
            dataState: measurement.dataState,
            incidentState: decision.state.incident?.state ?? null,
            isDataNews: decision.dataChange !== null && decision.transitions.length === 0,
          });
        }
        if (isComplete) {
          const kept = new Set(objectives.map(({ id }) => id));
          for (const [id, { state }] of standings) {
            if (state !== null && !kept.has(id) && !isForeignSubject(id)) draft.removed(id);
          }
        }
        await write({ commit: draft.commit(), standings: draft.standings, changes: draft.changes });
        return { evaluatedAtMs: clockMs, endMs, evaluations, measurements: table, statuses, clockSkewsMs };
      });
    },

    rule: (words, clockMs) =>
      inTurn(async () => {
        await settle();
        const draft = createCycleDraft(clockMs, (id) => standings.get(id) ?? null);
        const heard = draftRuled(draft, words, clockMs);
        if (draft.standings.size === 0 && heard.length === 0) return;
        const commit = { ...draft.commit(), evaluatedAtMs: null, heard };
        await write({ commit, standings: draft.standings, changes: draft.changes });
      }),

    ruled() {
      const found = new Map<string, Severity>();
      for (const [id, { state }] of standings) if (state?.ruled !== undefined) found.set(id, state.ruled);
      return found;
    },

    openIncidents: () => [...standings.values()].flatMap(({ incident }) => incident ?? []),
  };
}

/** All objectives are evaluated together, so a state that was not written since has the time of the last evaluation. */
function stateOf(objectiveId: string, stored: unknown, evaluatedAtMs: number | null): AlertState {
  const state = readAlertState(stored);
  if (state === null) {
    throw new MeshlensError(
      "MESHLENS_ERR_STORE_CORRUPT",
      `The store holds a state of objective ${objectiveId} that no version of Meshlens wrote: restore a backup, or delete its row of objective_state and lose what is known of its open incident.`,
    );
  }
  return state.evaluatedAtMs === null || evaluatedAtMs === null ? state : { ...state, evaluatedAtMs };
}
