/** Resolvers of what was known when an incident fired. What is of namespaces the caller may not see is there without its names. */
import type { EvidenceChange } from "../../alerting/evidence.js";
import { strikeNames } from "../../telemetry/strike-names.js";
import { canSee } from "../../telemetry/visibility.js";
import type { GraphqlContext } from "../context.js";
import type {
  EvidenceBurnResolvers,
  EvidenceHealthResolvers,
  EvidenceResolvers,
  EvidenceTraceResolvers,
  SuspectResolvers,
} from "../generated/resolver-types.js";
import { shownGraph } from "./incident-graph.js";
import { burnConditionOf } from "./slo.js";

const hourMs = 3_600_000;

export const evidenceResolvers: EvidenceResolvers = {
  takenAt: ({ evidence }) => evidence.takenAtMs,
  isGathered: ({ evidence }) => evidence.isGathered,
  burnConditions: ({ evidence }) => evidence.burnConditions.map(burnConditionOf),
  goodCount: ({ evidence }) => evidence.goodCount,
  totalCount: ({ evidence }) => evidence.totalCount,
  budgetRemaining: ({ evidence }) => evidence.budget?.remainingRatio ?? null,
  chart: ({ evidence }) => evidence.chart,
  verdict: ({ evidence }, _, { principal }) => (principal.visibility.namespaces === "all" ? evidence.verdict : null),
  suspects: ({ evidence, window }) => evidence.suspects?.map((suspect) => ({ suspect, window })) ?? null,
  graph: ({ evidence }, _, { principal: { visibility } }) =>
    evidence.graph && shownGraph(evidence.graph, { sentence: evidence.verdict, window: evidence.window, visibility }),
  traces: ({ evidence }) => evidence.traces,
  // Lines of callers are among them.
  logPatterns: ({ evidence }, _, { principal: { visibility } }) =>
    evidence.logPatterns
      ?.filter(({ namespace }) => canSee(visibility, namespace ?? ""))
      .map((one) => ({
        ...one,
        pattern: strikeNames(one.pattern, visibility),
        sample: strikeNames(one.sample, visibility),
      })) ?? null,
  changes: ({ evidence }, _, context) => evidence.changes?.map((change) => shownChange(change, context)) ?? null,
  health: ({ evidence, window }) => evidence.health?.map((health) => ({ health, window })) ?? null,
  links: ({ evidence, incident }, _, context) => {
    if (evidence.links.length > 0) return evidence.links;
    const window = { fromMs: incident.startedAtMs - hourMs, toMs: evidence.takenAtMs };
    return context.reader.serviceLinks(incident.service, window);
  },
  missing: ({ evidence }) => evidence.missing,
};

export const evidenceTraceResolvers: EvidenceTraceResolvers = {
  traceId: ({ traceId }) => traceId,
  startedAt: ({ startMs }) => startMs,
  summary: ({ summary }, _, { principal }) => (principal.visibility.namespaces === "all" ? summary : null),
  durationMs: ({ durationMs }) => durationMs,
  errorCount: ({ errorCount }) => errorCount,
  links: ({ links }) => links,
};

export const evidenceBurnResolvers: EvidenceBurnResolvers = {
  window: ({ windowMs }) => windowMs,
  values: ({ values }) => values,
};

export const suspectResolvers: SuspectResolvers = {
  service: ({ suspect: { service }, window }, _, { principal }) =>
    canSee(principal.visibility, service.namespace) ? { ref: service, window } : null,
  score: ({ suspect }) => suspect.score,
  grade: ({ suspect }) => suspect.grade,
  // They were found by who sees everything, and a sentence may name any service beside this one.
  reasons: ({ suspect: { reasons } }, _, { principal }) => (principal.visibility.namespaces === "all" ? reasons : []),
};

export const evidenceHealthResolvers: EvidenceHealthResolvers = {
  service: ({ health: { service }, window }, _, { principal }) =>
    canSee(principal.visibility, service.namespace) ? { ref: service, window } : null,
  state: ({ health }) => health.state,
  reasons: ({ health: { service, reasons } }, _, { principal }) =>
    canSee(principal.visibility, service.namespace) ? reasons : [],
};

function shownChange(
  change: EvidenceChange,
  { principal: { visibility } }: GraphqlContext,
): EvidenceChange & { readonly id: string } {
  const id = `${change.kind} ${change.atMs}`;
  if (canSee(visibility, change.namespace ?? "")) {
    const detail = change.detail === null ? null : strikeNames(change.detail, visibility);
    return { ...change, id, summary: strikeNames(change.summary, visibility), detail };
  }
  const summary = "changed in a namespace you may not see";
  return { ...change, id, namespace: null, name: "hidden", summary, detail: null };
}
