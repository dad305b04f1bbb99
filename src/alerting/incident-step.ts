/** How the one incident of an objective moves on by one evaluation: opens, fires, recovers, resolves, moves between severities. Pure; called by decide. */
import { burnRate, isBurningAt, type JudgedTier } from "../slo/burn-rate.js";
import type { Severity } from "../slo/burn-tier.js";
import { formatDuration } from "../slo/format-duration.js";
import type { AlertTransition, DecisionInput, IncidentState, OpenIncident, SeverityState } from "./alert-state.js";

/** The incident after an evaluation and what happened to it. */
export interface IncidentStep {
  readonly open: OpenIncident | null;
  readonly transitions: readonly AlertTransition[];
  readonly incidentCount: number;
  /** Why it is as it is. */
  readonly reason: string;
}

/** An evaluation whose severities have moved on already. */
export interface IncidentInput extends DecisionInput {
  readonly judged: readonly JudgedTier[];
  /** After this evaluation, with what Alertmanager says laid over: that fires at once. */
  readonly severities: Readonly<Record<Severity, SeverityState>>;
  /** The same as the evaluations alone have it. */
  readonly ownSeverities: Readonly<Record<Severity, SeverityState>>;
  /** Whether it is Alertmanager that has something new to say, not an evaluation. */
  readonly isRulersWord?: boolean;
  readonly watchedMs: number;
}

/** Moves the incident on. At most one transition, except where an incident opens and fires at once (`for` 0), which is one too: to FIRING. */
export function stepIncident(input: IncidentInput): IncidentStep {
  const { state, severities } = input;
  const before = state.incident;
  const severity = highest(severities, ({ isActive }) => isActive);
  if (severity !== null) {
    if (before === null || before.state === "PENDING") return fire(input, severity);
    return goOn(input, before, severity);
  }
  const pending = highest(severities, ({ metMs }) => metMs !== null);
  if (pending !== null) return wait(input, pending);
  return before === null ? stay(input, null, "no tier is met") : close(input, before);
}

function highest(severities: IncidentInput["severities"], test: (state: SeverityState) => boolean): Severity | null {
  if (test(severities.PAGE)) return "PAGE";
  return test(severities.TICKET) ? "TICKET" : null;
}

/** The open incident with a quicker tier taken into account, or a new one. */
function opened({ objective, state, clockMs, judged }: IncidentInput, severity: Severity): OpenIncident {
  const shorts = metTiers(judged).map(({ tier }) => tier.shortMs);
  if (state.incident !== null) {
    const quickestShortMs = Math.min(state.incident.quickestShortMs, ...shorts);
    return { ...state.incident, severity, quickestShortMs };
  }
  return {
    id: `${objective.id}-${state.incidentCount + 1}-${clockMs.toString(36)}`,
    state: "PENDING",
    severity,
    startedAtMs: clockMs,
    firedAtMs: null,
    recoveredAtMs: null,
    quickestShortMs: Math.min(...(shorts.length > 0 ? shorts : [usualShortMs])),
    turningMs: null,
    transitionCount: 0,
  };
}

/** Of an incident that began by Alertmanager's word, with no tier met. */
const usualShortMs = 300_000;

function wait(input: IncidentInput, severity: Severity): IncidentStep {
  const incident = opened(input, severity);
  const { forMs } = input.objective.alerting.hold[severity];
  const words = `${burning(input.judged)}; ${severity.toLowerCase()} after ${formatDuration(forMs)}`;
  const isNew = input.state.incident === null || input.state.incident.severity !== severity;
  return isNew ? move(input, incident, "PENDING", words) : stay(input, incident, words);
}

function fire(input: IncidentInput, severity: Severity): IncidentStep {
  const incident = { ...opened(input, severity), firedAtMs: input.clockMs };
  const { forMs } = input.objective.alerting.hold[severity];
  const words = input.ownSeverities[severity].isActive
    ? `${burning(input.judged)}, for ${formatDuration(forMs)}`
    : withRuler(input.judged);
  return move(input, incident, "FIRING", words);
}

function goOn(input: IncidentInput, before: OpenIncident, severity: Severity): IncidentStep {
  const incident = opened(input, severity);
  const isWorse = before.severity === "TICKET" && severity === "PAGE";
  if (isWorse) return turnTo(input, incident, "FIRING", `${withRuler(input.judged, input)}: page now`);
  const isMilder = before.severity === "PAGE" && severity === "TICKET";
  const ladder = !isMilder
    ? ""
    : input.isRulersWord === true
      ? "its page is resolved in Alertmanager: a ticket is left; "
      : "every page tier was clear for its keep-firing time: a ticket is left; ";
  const { forMs, keepFiringMs } = input.objective.alerting.hold[severity];
  const sign = signOfNow(input, incident.quickestShortMs);
  const isAgainst = before.state === "FIRING" ? sign === "STOPPED" || sign === "SILENT" : sign === "BURNING";
  const turningMs = isAgainst ? (before.turningMs === null ? 0 : before.turningMs + input.watchedMs) : null;
  const neededMs = sign === "STOPPED" ? 0 : sign === "SILENT" ? keepFiringMs : forMs;
  if (turningMs !== null && turningMs >= neededMs) {
    return before.state === "FIRING"
      ? turnTo(input, incident, "RECOVERING", `${ladder}${stopped(input, incident)}`)
      : turnTo(input, incident, "FIRING", `${ladder}${burning(input.judged)} again, for ${formatDuration(forMs)}`);
  }
  const kept = sign === null ? incident : { ...incident, turningMs };
  const held =
    input.state.ruled === undefined
      ? "what is known does not tell whether it burns: it is held"
      : "its alert fires in Alertmanager";
  const words = ladder + (sign === null ? held : burning(input.judged));
  return isMilder ? move(input, kept, before.state, words) : stay(input, kept, words);
}

function turnTo(input: IncidentInput, incident: OpenIncident, to: "FIRING" | "RECOVERING", reason: string) {
  const recoveredAtMs = to === "FIRING" ? null : input.clockMs;
  return move(input, { ...incident, recoveredAtMs, turningMs: null }, to, reason);
}

function close(input: IncidentInput, before: OpenIncident): IncidentStep {
  const isIdle = input.measurement.dataState === "IDLE";
  const why = isIdle ? "no traffic" : "every tier is clear";
  const { keepFiringMs } = input.objective.alerting.hold[before.severity];
  const ended = before.state === "PENDING" ? `${why} before it fired` : `${why}, for ${formatDuration(keepFiringMs)}`;
  const words = input.isRulersWord === true ? "its alert is resolved in Alertmanager" : ended;
  const incident = { ...before, recoveredAtMs: before.recoveredAtMs ?? input.clockMs };
  return { ...move(input, incident, "RESOLVED", words), open: null };
}

function stay({ state }: IncidentInput, open: OpenIncident | null, reason: string): IncidentStep {
  return { open, transitions: [], incidentCount: state.incidentCount, reason };
}

function move(input: IncidentInput, incident: OpenIncident, to: IncidentState, reason: string): IncidentStep {
  const before = input.state.incident;
  const sequence = incident.transitionCount + 1;
  const deciding = decidingWindow(input.judged);
  const transition: AlertTransition = {
    incidentId: incident.id,
    sequence,
    objectiveId: input.objective.id,
    atMs: input.clockMs,
    from: before === null ? null : before.state,
    to,
    severity: incident.severity,
    reason,
    burnConditions: input.judged.map(({ condition }) => condition),
    goodCount: deciding?.goodCount ?? null,
    totalCount: deciding?.totalCount ?? null,
  };
  return {
    open: to === "RESOLVED" ? null : { ...incident, state: to, transitionCount: sequence },
    transitions: [transition],
    incidentCount: input.state.incidentCount + (before === null ? 1 : 0),
    reason,
  };
}

function metTiers(judged: readonly JudgedTier[]): readonly JudgedTier[] {
  return judged.filter(({ verdict }) => verdict === "MET");
}

/** The longest window of a met tier, else the shortest long one. */
function decidingWindow(judged: readonly JudgedTier[]) {
  const byLength = judged.toSorted((a, b) => a.tier.longMs - b.tier.longMs);
  return (metTiers(byLength).at(-1) ?? byLength[0])?.long ?? null;
}

/**
 * What this moment says. BURNING: a tier is met and the window that turns first is at that tier's factor too; long after an outage the
 * slow tiers are still met, but that window is not: STOPPED. SILENT: it had no calls while a tier is met, which at low traffic is no
 * sign of health before it has lasted. Null: cannot be told.
 */
function signOfNow(
  { objective, measurement, judged, state, ownSeverities }: IncidentInput,
  quickestShortMs: number,
): "BURNING" | "STOPPED" | "SILENT" | null {
  const { dataState } = measurement;
  if (dataState === "UNKNOWN" || dataState === "NO_DATA") return null;
  const met = metTiers(judged);
  if (met.length === 0) {
    // What only Alertmanager says goes on until it says otherwise.
    if (state.ruled !== undefined && !ownSeverities.PAGE.isActive && !ownSeverities.TICKET.isActive) return null;
    return judged.some(({ verdict }) => verdict === "UNSURE") ? null : "STOPPED";
  }
  const fresh = measurement.windows.find(({ windowMs }) => windowMs === quickestShortMs);
  if (fresh === undefined || fresh.dataState === "UNKNOWN" || fresh.dataState === "NO_DATA") return null;
  const burn = burnRate(fresh.errorRatio, objective.target);
  if (burn === null) return "SILENT";
  return met.some(({ tier }) => isBurningAt(burn, tier.factor)) ? "BURNING" : "STOPPED";
}

function burning(judged: readonly JudgedTier[]): string {
  const met = metTiers(judged).map(({ condition, tier }) => {
    const [long, short] = [condition.long.value, condition.short.value].map(figure);
    return `${tier.name} burns at ${long} and ${short} (threshold ${figure(tier.factor)})`;
  });
  return met.length === 0 ? "no tier is met" : met.join(", ");
}

/** The same of an incident that Alertmanager's word opened or raised. */
function withRuler(judged: readonly JudgedTier[], input?: IncidentInput): string {
  if (input?.ownSeverities.PAGE.isActive === true) return burning(judged);
  return metTiers(judged).length === 0
    ? "its alert fires in Alertmanager"
    : `${burning(judged)}; its alert fires in Alertmanager`;
}

function stopped({ measurement, objective }: IncidentInput, { quickestShortMs }: OpenIncident): string {
  const fresh = measurement.windows.find(({ windowMs }) => windowMs === quickestShortMs);
  const burn = burnRate(fresh?.errorRatio ?? null, objective.target);
  const words = formatDuration(quickestShortMs);
  return burn === null ? `no traffic in the last ${words}` : `the last ${words} burn at ${figure(burn)}`;
}

function figure(value: number | null): string {
  return value === null ? "nothing" : String(Number(value.toPrecision(3)));
}
