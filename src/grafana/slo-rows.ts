/** Objectives, their history and their burn tiers as flat rows. Pure; called by the resolvers of the `grafana` root. */
import type { ObjectiveStatus } from "../alerting/alert-board.js";
import { formatDuration } from "../slo/format-duration.js";
import type { ObjectiveHistory } from "../slo/objective-history.js";
import { nominalPeriodMs } from "../slo/period.js";
import { names } from "./service-rows.js";

const dayMs = 86_400_000;

/** What an objective's status column says: the state of its data where that is not whole. */
function dataStatus({ dataState }: Pick<ObjectiveStatus, "dataState">): string {
  return dataState === "OK" || dataState === "IDLE" ? "OK" : dataState;
}

/** The row of an objective. */
export function sloRow(status: ObjectiveStatus) {
  const { objective, service, measurement, budget, burnConditions } = status;
  const { goodCount = null, totalCount = null } = measurement?.period ?? {};
  const met = (burnConditions ?? []).flatMap(({ met, long }) => (met ? (long.value ?? []) : []));
  return {
    ...names(service),
    slo: objective.name,
    sli: objective.sli.kind,
    target: objective.target.ratio,
    windowDays: nominalPeriodMs(objective.period) / dayMs,
    state: status.state,
    dataState: status.dataState,
    goodCount,
    totalCount,
    goodRatio: goodCount === null || totalCount === null || totalCount <= 0 ? null : goodCount / totalCount,
    budgetRemaining: budget?.remainingRatio ?? null,
    exhaustedAt: budget?.exhaustedAtMs ?? null,
    burning: met.length === 0 ? null : Math.max(...met),
    evaluatedAt: status.evaluatedAtMs,
    status: dataStatus(status),
  };
}

/** One row per point, oldest first. */
export function sloPointRows(status: ObjectiveStatus, history: ObjectiveHistory) {
  const { service, objective } = status;
  return history.timestampsMs.map((time, i) => ({
    time,
    namespace: service.namespace,
    service: service.name,
    slo: objective.name,
    burnRate: history.burnRates[i] ?? null,
    budgetRemaining: history.budgetRemaining[i] ?? null,
    status: dataStatus(status),
  }));
}

/** One row per tier; none before the first evaluation. */
export function burnRows(status: ObjectiveStatus) {
  const { service, objective } = status;
  return (status.burnConditions ?? []).map(({ tier, severity, threshold, long, short, met }) => ({
    namespace: service.namespace,
    service: service.name,
    slo: objective.name,
    tier,
    severity,
    threshold,
    longWindow: formatDuration(long.windowMs),
    long: long.value,
    shortWindow: formatDuration(short.windowMs),
    short: short.value,
    met,
    status: dataStatus(status),
  }));
}
