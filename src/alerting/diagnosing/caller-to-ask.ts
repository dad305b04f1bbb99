/** Whose traces tell of calls that never reached the service that burns. Pure; called by gather-incident.ts. */
import type { EdgeMeasure, WindowEvidence } from "../../diagnosis/incident-evidence.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import { asCallersSaw, callsInto } from "./edge-measures.js";

/** Fewer failed calls are no incident. */
const fewestFailed = 5;
/** Of the failed calls: when its traces show less than this share, they were lost on the way. */
const leastShown = 0.5;

/**
 * Whether callers count failures that the service's own proxy does not: only then its traces may tell too little. True also where its proxy
 * counts nothing.
 */
export function mayBeLost(service: ServiceRef, edges: readonly EdgeMeasure[] | null): boolean {
  const failedCount = failedBy(callsInto(service, asCallersSaw(edges ?? [])));
  const served = callsInto(service, edges ?? []).filter(({ reporter }) => reporter === "DESTINATION");
  return failedCount >= fewestFailed && failedBy(served) < leastShown * failedCount;
}

/**
 * The caller whose calls failed most, where the callers count failures that the service's own traces do not show: a fault that is injected,
 * a connection refused, no endpoints. Null where the service's own traces tell, or nobody is known to call it.
 */
export function callerToAsk(service: ServiceRef, { traces, edges }: WindowEvidence): ServiceRef | null {
  if (traces === null || edges === null) return null;
  const key = serviceKey(service);
  const into = callsInto(service, asCallersSaw(edges));
  const failedCount = failedBy(into);
  const requestCount = into.reduce((sum, edge) => sum + edge.requestCount, 0);
  if (failedCount < fewestFailed) return null;
  const isOwnFailure = (span: { readonly service: ServiceRef | null; readonly status: string }): boolean =>
    span.status === "ERROR" && span.service !== null && serviceKey(span.service) === key;
  const weight = traces.reduce((sum, trace) => sum + trace.weight, 0);
  const shown = traces.reduce((sum, trace) => sum + (trace.spans.some(isOwnFailure) ? trace.weight : 0), 0);
  const shownRatio = weight > 0 ? shown / weight : 0;
  if (shownRatio >= (leastShown * failedCount) / requestCount) return null;
  const [worst] = [...into].sort((a, b) => b.failedCount - a.failedCount);
  return worst?.source ?? null;
}

function failedBy(rows: readonly EdgeMeasure[]): number {
  return rows.reduce((sum, { failedCount }) => sum + failedCount, 0);
}
