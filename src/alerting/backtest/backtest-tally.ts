/** What a backtest found, added up while it runs. Called by run-backtest.ts; shown by the command line. */
import { type ErrorBudget, errorBudget } from "../../slo/error-budget.js";
import type { DataState } from "../../slo/measurement.js";
import type { Objective } from "../../slo/objective.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { OpenIncident } from "../alert-state.js";
import type { CommittedChange } from "../cycle-draft.js";
import type { EvaluatedCycle } from "../evaluator.js";
import type { MeasurementTable } from "../measurement-table.js";

/** Where an incident can stand between two evaluations, or NONE. */
export type StandingState = OpenIncident["state"] | "NONE";

/** One objective over the whole backtest. */
export interface ObjectiveTally {
  readonly objective: Objective;
  readonly service: ServiceRef;
  /** Incidents that fired as a page at some time, and those that were tickets all along. */
  readonly pages: number;
  readonly tickets: number;
  readonly transitions: number;
  readonly incidentMs: Readonly<Record<StandingState, number>>;
  readonly dataMs: Readonly<Record<DataState, number>>;
  /** At the last evaluation; null where it could not be told. */
  readonly budget: ErrorBudget | null;
  readonly isApproximate: boolean;
  /** Why there were no counts, as of the last evaluation; null when there were. */
  readonly dataReason: string | null;
}

interface Counting {
  service: ServiceRef;
  readonly severities: Map<string, "PAGE" | "TICKET">;
  transitions: number;
  readonly incidentMs: Record<StandingState, number>;
  readonly dataMs: Record<DataState, number>;
  last: { readonly objective: Objective; readonly measurements: MeasurementTable; readonly index: number };
}

/** A tally of evaluations `stepMs` apart. */
export function createTally(stepMs: number, serviceOf: (objective: Objective) => ServiceRef) {
  const byId = new Map<string, Counting>();
  return {
    evaluated({ evaluations, measurements }: EvaluatedCycle): void {
      for (const [index, { objective, dataState, incidentState }] of evaluations.entries()) {
        let one = byId.get(objective.id);
        if (one === undefined) {
          one = {
            service: serviceOf(objective),
            severities: new Map(),
            transitions: 0,
            incidentMs: { NONE: 0, PENDING: 0, FIRING: 0, RECOVERING: 0 },
            dataMs: { OK: 0, IDLE: 0, NO_DATA: 0, UNKNOWN: 0 },
            last: { objective, measurements, index },
          };
          byId.set(objective.id, one);
        }
        one.last = { objective, measurements, index };
        one.incidentMs[incidentState ?? "NONE"] += stepMs;
        one.dataMs[dataState] += stepMs;
      }
    },
    changed(changes: readonly CommittedChange[]): void {
      for (const { transition, incident } of changes) {
        const one = byId.get(transition.objectiveId);
        if (one === undefined) continue;
        one.service = incident.service;
        one.transitions += 1;
        if (transition.to !== "FIRING") continue;
        if (one.severities.get(incident.id) !== "PAGE") one.severities.set(incident.id, transition.severity);
      }
    },
    /** The noisiest first: by incidents that fired, then by time in which they did. */
    objectives(): readonly ObjectiveTally[] {
      const tallies = [...byId.values()].map(
        ({
          service,
          severities,
          transitions,
          incidentMs,
          dataMs,
          last: { objective, measurements, index },
        }): ObjectiveTally => {
          const measurement = measurements.at(index);
          const pages = [...severities.values()].filter((severity) => severity === "PAGE").length;
          return {
            objective,
            service,
            pages,
            tickets: severities.size - pages,
            transitions,
            incidentMs,
            dataMs,
            budget: errorBudget(objective, measurement),
            isApproximate: measurement.isApproximate,
            dataReason: measurement.dataReason,
          };
        },
      );
      const fired = ({ pages, tickets }: ObjectiveTally) => pages + tickets;
      return tallies.sort(
        (a, b) => fired(b) - fired(a) || b.incidentMs.FIRING - a.incidentMs.FIRING || b.transitions - a.transitions,
      );
    },
  };
}
