/** A diagnosis as an incident keeps it. Pure; called by the gatherer of evidence. */
import type { Diagnosis, Suspect } from "../../diagnosis/diagnosis.js";
import type { EvidenceSuspect } from "../evidence.js";
import { redact } from "../gathering/redact.js";

const shownReasons = 5;

/** Suspects, likeliest first; [] when nobody is named. */
export function suspectsOf({ suspects, incident }: Diagnosis): readonly EvidenceSuspect[] {
  const badPer100 = 100 * (incident.badRatio ?? 1);
  return suspects.map((suspect) => ({
    service: suspect.service,
    score: badPer100 > 0 ? Math.min(1, suspect.score / badPer100) : 0,
    grade: gradeOf(suspect),
    reasons: suspect.reasons.slice(0, shownReasons).map(({ sentence }) => redact(sentence)),
  }));
}

function gradeOf({ grade, reasons }: Suspect): EvidenceSuspect["grade"] {
  if (grade === "POSSIBLE") return "POSSIBLE";
  return new Set(reasons.map(({ kind }) => kind)).size > 1 ? "STRONG" : "LIKELY";
}
