/** A diagnosis as an incident keeps it. Pure; called by the gatherer of evidence. */
import type { Diagnosis, Suspect } from "../../diagnosis/diagnosis.js";
import type { IncidentGraph } from "../../diagnosis/incident-graph.js";
import type { EvidenceSuspect } from "../evidence.js";
import { redact } from "../gathering/redact.js";

const shownReasons = 5;

/** Suspects, likeliest first; [] when nobody is named. */
export function suspectsOf({ suspects, incident }: Diagnosis): readonly EvidenceSuspect[] {
  // Metrics tell of bad calls below a service whose own requests are well: then the first suspect explains all there is.
  const badPer100 = Math.max(100 * (incident.badRatio ?? 0), ...suspects.map(({ score }) => score));
  return suspects.map((suspect) => ({
    service: suspect.service,
    score: badPer100 > 0 ? Math.min(1, suspect.score / badPer100) : 0,
    grade: gradeOf(suspect),
    reasons: suspect.reasons.slice(0, shownReasons).map(({ sentence }) => redact(sentence)),
  }));
}

const mostNameChars = 120;

/** The graph with what its sources spell bounded and without secrets: a dependency's name may be a statement. */
export function keptGraph(graph: IncidentGraph): IncidentGraph {
  const kept = (text: string): string => redact(text).slice(0, mostNameChars);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const { service, name, suspect } = node;
      const part = suspect?.part ?? null;
      return {
        ...node,
        name: service === null ? kept(name) : name,
        suspect: suspect && { ...suspect, part: part && { ...part, name: kept(part.name) } },
      };
    }),
  };
}

function gradeOf({ grade, reasons }: Suspect): EvidenceSuspect["grade"] {
  if (grade === "POSSIBLE") return "POSSIBLE";
  return new Set(reasons.map(({ kind }) => kind)).size > 1 ? "STRONG" : "LIKELY";
}
