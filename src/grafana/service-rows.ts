/** Services and their series as flat rows. Pure; called by the resolvers of the `grafana` root. */
import type { ObjectiveStatus } from "../alerting/alert-board.js";
import type { Absence, MeshService, RequestOutcome, Series } from "../mesh/mesh.js";
import type { ServiceRef } from "../telemetry/service-ref.js";

/** Columns of the service table. */
export interface ServiceRow {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  readonly mesh: string | null;
  readonly requestsPerSecond: number | null;
  readonly errorRatio: number | null;
  readonly clientErrorRatio: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly absence: string | null;
  readonly sloState: string | null;
  readonly budgetRemaining: number | null;
  readonly status: string;
}

/** What is measured of a service over the range; null is no data. */
export interface MeasuredService {
  readonly service: MeshService;
  readonly outcome: RequestOutcome | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly absence: Absence | null;
  readonly objectives: readonly Pick<ObjectiveStatus, "state" | "budget">[];
}

/** One row per service. */
export function serviceRows(
  measured: readonly MeasuredService[],
  seconds: number,
  status: string,
): readonly ServiceRow[] {
  return measured.map(({ service, outcome, p50Ms, p95Ms, p99Ms, absence, objectives }) => ({
    ...names(service.ref),
    mesh: service.mesh,
    requestsPerSecond: outcome && outcome.requestCount / seconds,
    errorRatio: outcome?.errorRatio ?? null,
    clientErrorRatio: outcome?.clientErrorRatio ?? null,
    p50Ms,
    p95Ms,
    p99Ms,
    absence,
    sloState: worstState(objectives),
    budgetRemaining: leastBudget(objectives),
    status,
  }));
}

/** A point of a service. */
export interface SeriesRow {
  readonly time: number;
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  readonly value: number | null;
  readonly status: string;
}

/** One row per point, oldest first; a gap stays a row, so that a line breaks there. */
export function seriesRows(ref: ServiceRef, series: Series, status: string): readonly SeriesRow[] {
  return series.timestampsMs.map((time, i) => ({ time, ...names(ref), value: series.values[i] ?? null, status }));
}

/** The columns that name a service. */
export function names({ cluster, namespace, name }: ServiceRef) {
  return { cluster, namespace, service: name };
}

const worstFirst = ["EXHAUSTED", "BURNING", "UNKNOWN", "OK"] as const;

function worstState(objectives: MeasuredService["objectives"]): string | null {
  return worstFirst.find((state) => objectives.some((one) => one.state === state)) ?? null;
}

function leastBudget(objectives: MeasuredService["objectives"]): number | null {
  const left = objectives.flatMap(({ budget }) => budget?.remainingRatio ?? []);
  return left.length === 0 ? null : Math.min(...left);
}
