/** When the time just before burned as much as the incident, other days may still tell. Called by gather-incident.ts. */
import { diagnose } from "../../diagnosis/diagnose.js";
import type { Diagnosis } from "../../diagnosis/diagnosis.js";
import type { IncidentEvidence, MissingPart } from "../../diagnosis/incident-evidence.js";

const halfDayMs = 43_200_000;

const burned: MissingPart = {
  pillar: "BASELINE",
  message: "The time before it burned as much: only other days are compared with.",
};

/** The diagnosis as it is, or, where its baseline was as bad, that against the windows of other days, if it names somebody. Asks nothing. */
export function againstOtherDays(evidence: IncidentEvidence, diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.verdict.kind !== "BASELINE_AS_BAD") return diagnosis;
  const { fromMs } = evidence.incident.window;
  const baselines = evidence.baselines.filter(({ window }) => fromMs - window.toMs > halfDayMs);
  if (baselines.length === 0 || baselines.length === evidence.baselines.length) return diagnosis;
  const again = diagnose({ ...evidence, baselines, missing: [...evidence.missing, burned] });
  return again.verdict.kind === "SUSPECTS" ? again : diagnosis;
}
