/** Resolvers of a diagnosis. The reader hides what the caller may not see; changes of other namespaces have no words. */
import { diagnoseIncident } from "../../alerting/diagnosing/gather-incident.js";
import { keptGraph } from "../../alerting/diagnosing/suspects-of.js";
import { redact } from "../../alerting/gathering/redact.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee } from "../../telemetry/visibility.js";
import type { GraphqlContext } from "../context.js";
import type {
  ClearedServiceResolvers,
  DiagnosedSuspectResolvers,
  DiagnosedWindowResolvers,
  DiagnosisResolvers,
  QueryDiagnosisArgs,
  SuspectReasonResolvers,
} from "../generated/resolver-types.js";
import type { DiagnosisParent } from "../parents.js";
import { windowOf } from "../window-of.js";
import { shownGraph } from "./incident-graph.js";

/** The root field; null when the service is not known or may not be seen. */
export async function diagnosisOf(context: GraphqlContext, args: QueryDiagnosisArgs): Promise<DiagnosisParent | null> {
  const window = windowOf(context, args);
  const { cluster = null, namespace, name } = args.service;
  const found = await context.reader.findService({ cluster, namespace, name }, window);
  if (found === null) return null;
  const baselines = args.baseline ? [windowOf(context, { range: args.baseline })] : null;
  const question = { service: found.ref, objective: null, isDeniedFailed: true, isBurning: false, window, baselines };
  return { diagnosis: await diagnoseIncident(question, context.reader), window };
}

export const diagnosisResolvers: DiagnosisResolvers = {
  verdict: ({ diagnosis: { verdict } }) => (verdict.kind === "NO_SUSPECT" ? verdict.reason : verdict.kind),
  sentence: ({ diagnosis }, _, { principal }) =>
    principal.visibility.namespaces === "all" ? redact(diagnosis.verdict.sentence) : null,
  suspects: ({ diagnosis, window }) => diagnosis.suspects.map((suspect) => ({ suspect, window })),
  cleared: ({ diagnosis, window }) => diagnosis.cleared.map((cleared) => ({ cleared, window })),
  missing: ({ diagnosis }) => diagnosis.missing,
  incident: ({ diagnosis }) => diagnosis.incident,
  baseline: ({ diagnosis }) => diagnosis.baseline,
  graph: ({ diagnosis }, _, { principal: { visibility } }) =>
    shownGraph(keptGraph(diagnosis.graph), {
      sentence: redact(diagnosis.verdict.sentence),
      window: diagnosis.incident.window,
      visibility,
    }),
};

export const diagnosedSuspectResolvers: DiagnosedSuspectResolvers = {
  service: ({ suspect, window }, _, context) => shownService(suspect.service, window, context),
  part: ({ suspect }) => suspect.part,
  grade: ({ suspect }) => suspect.grade,
  score: ({ suspect }) => suspect.score,
  standardError: ({ suspect }) => suspect.standardError,
  probability: ({ suspect }) => suspect.probability,
  reasons: ({ suspect }) => suspect.reasons,
  pieces: ({ suspect }) => suspect.pieces.map((piece) => ({ ...piece, name: redact(piece.name) })),
  changes: ({ suspect }) => suspect.changes.map((change) => ({ ...change, detail: null })),
};

export const suspectReasonResolvers: SuspectReasonResolvers = {
  kind: ({ kind }) => kind,
  // Patterns of log lines are in it.
  sentence: ({ sentence }) => redact(sentence),
  numbers: ({ numbers }) => Object.entries(numbers).map(([name, value]) => ({ name, value })),
};

export const clearedServiceResolvers: ClearedServiceResolvers = {
  service: ({ cleared, window }, _, context) => shownService(cleared.service, window, context),
  sentence: ({ cleared }) => cleared.sentence,
};

export const diagnosedWindowResolvers: DiagnosedWindowResolvers = {
  window: ({ window }) => window,
  windowCount: ({ windowCount }) => windowCount,
  traceCount: ({ traceCount }) => traceCount,
  requestCount: ({ requestCount }) => requestCount,
  badRatio: ({ badRatio }) => badRatio,
};

function shownService(ref: ServiceRef, window: TimeWindow, { principal }: GraphqlContext) {
  return canSee(principal.visibility, ref.namespace) ? { ref, window } : null;
}
