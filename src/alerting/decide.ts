/**
 * The decision: what was known, what was measured and what time it is → what is known now, which transitions happened and why. Pure and
 * the same in `serve` and in `backtest`; the evaluation loop calls it and stores what it returns.
 */
import { type JudgedTier, judgeTiers } from "../slo/burn-rate.js";
import type { Severity } from "../slo/burn-tier.js";
import type { Measurement } from "../slo/measurement.js";
import type { AlertState, DataChange, Decision, DecisionInput, SeverityState } from "./alert-state.js";
import { type IncidentStep, stepIncident } from "./incident-step.js";
import { ruledOver } from "./ruler/decide-ruled.js";
import { stepSeverity, verdictOfTiers } from "./severity-step.js";

const mostUnwatchedIntervals = 4;

/**
 * Decides. The same instant twice decides nothing the second time, so that a repeated evaluation repeats no transition. A clock that
 * jumped back is followed, with no time counted as watched. At most one incident is open; missing data (NO_DATA, UNKNOWN, too little
 * coverage) opens, moves and resolves nothing.
 */
export function decide(input: DecisionInput): Decision {
  const { objective, state, measurement, clockMs } = input;
  const judged = judgeTiers(objective, measurement);
  const burnConditions = judged.map(({ condition }) => condition);
  if (state.evaluatedAtMs === clockMs) {
    return {
      state,
      transitions: [],
      dataChange: null,
      burnConditions,
      reasons: ["was evaluated at this instant before"],
    };
  }
  const watched = watchedTime(input);
  const stepped = stepSeverities(input, judged, watched.ms);
  const severities = settle(state.severities, stepped);
  const ruled = state.ruled === undefined ? {} : { ruled: state.ruled };
  const incident = stepIncident({
    ...input,
    judged,
    severities: ruledOver(severities, state.ruled),
    ownSeverities: severities,
    watchedMs: watched.ms,
  });
  const dataChange = changeOfData(state, measurement, clockMs);
  return {
    state: {
      version: 1,
      objectiveId: objective.id,
      evaluatedAtMs: clockMs,
      dataState: measurement.dataState,
      dataSinceMs: dataChange === null ? state.dataSinceMs : clockMs,
      severities,
      incident: incident.open,
      incidentCount: incident.incidentCount,
      ...ruled,
    },
    transitions: incident.transitions,
    dataChange,
    burnConditions,
    reasons: reasonsOf(judged, watched.note, incident),
  };
}

function watchedTime({ state, clockMs, intervalMs }: DecisionInput): {
  readonly ms: number;
  readonly note: string | null;
} {
  if (state.evaluatedAtMs === null) return { ms: 0, note: null };
  const elapsedMs = clockMs - state.evaluatedAtMs;
  if (elapsedMs < 0)
    return { ms: 0, note: `the clock went back by ${Math.round(-elapsedMs / 1000)} s: no time is counted as watched` };
  if (elapsedMs > mostUnwatchedIntervals * intervalMs) {
    return {
      ms: 0,
      note: `nothing was evaluated for ${Math.round(elapsedMs / 1000)} s: that time is not counted as watched`,
    };
  }
  return { ms: elapsedMs, note: null };
}

type Severities = Readonly<Record<Severity, SeverityState>>;

function stepSeverities(
  { objective, state }: DecisionInput,
  judged: readonly JudgedTier[],
  watchedMs: number,
): Severities {
  const step = (severity: Severity) =>
    stepSeverity(
      state.severities[severity],
      verdictOfTiers(judged.filter(({ tier }) => tier.severity === severity)),
      objective.alerting.hold[severity],
      watchedMs,
    );
  return { PAGE: step("PAGE"), TICKET: step("TICKET") };
}

/**
 * One incident, not two: where the last active severity ends while the other one is on its way, a ticket takes over at once (it wakes
 * nobody), and a page is waited for.
 */
function settle(before: Severities, { PAGE, TICKET }: Severities): Severities {
  if (before.PAGE.isActive && !PAGE.isActive && !TICKET.isActive && TICKET.metMs !== null) {
    return { PAGE, TICKET: { ...TICKET, isActive: true } };
  }
  if (before.TICKET.isActive && !TICKET.isActive && !PAGE.isActive && PAGE.metMs !== null) {
    return { PAGE, TICKET: before.TICKET };
  }
  return { PAGE, TICKET };
}

function changeOfData(state: AlertState, { dataState, dataReason }: Measurement, clockMs: number): DataChange | null {
  const from = state.evaluatedAtMs === null ? null : state.dataState;
  if (from === dataState) return null;
  return { atMs: clockMs, from, to: dataState, reason: dataReason ?? dataWords[dataState] };
}

const dataWords = {
  OK: "counts came",
  IDLE: "there is no traffic",
  NO_DATA: "the source has no series of it",
  UNKNOWN: "the source did not answer, or only in part",
} as const;

function reasonsOf(
  judged: readonly JudgedTier[],
  timeNote: string | null,
  { reason }: IncidentStep,
): readonly string[] {
  const notes = judged.flatMap(({ condition, tier }) =>
    condition.note === null ? [] : [`${tier.name}: ${condition.note}`],
  );
  return [reason, timeNote, ...notes].filter((text) => text !== null);
}
