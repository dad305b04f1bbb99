/** What alerting tells → what a message is made of. Pure; called with every event. */
import type { IncidentEvent } from "../../alerting/incident-news.js";
import type { IncidentSnapshot } from "../../alerting/incident-snapshot.js";
import type { IncidentMessageInput, MessageIncident } from "./message-incident.js";

/** What the event does not know. */
export interface MessageTerms extends Pick<IncidentMessageInput, "links" | "mentions" | "isInteractive"> {
  /** For silences that are over. */
  readonly nowMs: number;
}

/** The input; null for an incident that is only pending. */
export function messageOfEvent(
  { snapshot, evidence }: Pick<IncidentEvent, "snapshot" | "evidence">,
  { nowMs, ...terms }: MessageTerms,
): IncidentMessageInput | null {
  const incident = messageIncident(snapshot, nowMs);
  return incident && { incident, evidence, ...terms };
}

/** The incident as messages show it; null while it is pending. */
export function messageIncident(snapshot: IncidentSnapshot, nowMs: number): MessageIncident | null {
  const { incident, state, severity, objective, summary, firedAtMs } = snapshot;
  if (state === "PENDING") return null;
  const { silence, acknowledged } = incident;
  const isSilenced = silence !== null && (silence.untilMs === null || silence.untilMs > nowMs);
  return {
    id: incident.id,
    state,
    severity,
    service: incident.service,
    objective,
    summary,
    startedAtMs: incident.startedAtMs,
    firedAtMs,
    recoveredAtMs: incident.recoveredAtMs,
    resolvedAtMs: incident.resolvedAtMs,
    burnConditions: snapshot.burnConditions,
    goodCount: snapshot.goodCount,
    totalCount: snapshot.totalCount,
    budget: snapshot.budget,
    budgetSpentRatio: null,
    acknowledgedBy: acknowledged?.by ?? null,
    silence: isSilenced ? { by: silence.by, untilMs: silence.untilMs } : null,
  };
}
