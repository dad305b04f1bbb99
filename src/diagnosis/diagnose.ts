/** The entry of the room: evidence in, suspects with reasons out. Called by whoever gathered the evidence. */
import type { Diagnosis } from "./diagnosis.js";
import type { IncidentEvidence } from "./incident-evidence.js";

/** Ranks who is to blame. Pure and deterministic; never throws for odd evidence: less evidence makes a smaller claim. */
export function diagnose(evidence: IncidentEvidence): Diagnosis {
  const { incident, missing } = evidence;
  return {
    verdict: { kind: "NO_SUSPECT", reason: "NO_EVIDENCE", sentence: "There is nothing to compare." },
    suspects: [],
    cleared: [],
    missing,
    incident: { window: incident.window, windowCount: 1, traceCount: null, requestCount: null, badRatio: null },
    baseline: null,
  };
}
