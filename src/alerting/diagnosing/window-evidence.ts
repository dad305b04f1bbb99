/** One window's evidence: about a dozen upstream calls, whatever the traffic. Called by gather-incident.ts. */
import type { EdgeMeasure, MissingPart, WeightedTrace, WindowEvidence } from "../../diagnosis/incident-evidence.js";
import type { MeshSpan, MeshTrace } from "../../mesh/mesh.js";
import { once } from "../../telemetry/once.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { DiagnosisQuestion, DiagnosisReader } from "./diagnosis-question.js";
import { asCallersSaw, callsInto, edgeMeasures, isSilent } from "./edge-measures.js";
import { errorLines, linesOfTraces } from "./log-evidence.js";
import { oneSpelling } from "./one-spelling.js";
import { sampleTraces } from "./sample-traces.js";
import { weighTraces } from "./weigh-traces.js";

/** What was found, and who took part in its traces, the most frequent first. */
export interface GatheredWindow {
  readonly evidence: WindowEvidence;
  readonly services: readonly ServiceRef[];
  readonly missing: readonly MissingPart[];
}

/** What is alike for all windows of a diagnosis. */
export interface WindowTerms extends Pick<DiagnosisQuestion, "service" | "isDeniedFailed"> {
  /** From here on a request is searched for as slow, ms; null when not known. */
  readonly slowMs: number | null;
  /** Whether proxies count the service's calls: then a window in which they counted none has no traces to search for. */
  readonly isCounted: boolean;
}

/** Gathers; sources that fail leave nulls and rows of `missing`. */
export async function gatherWindow(
  { service, isDeniedFailed, slowMs, isCounted }: WindowTerms,
  window: TimeWindow,
  reader: DiagnosisReader,
): Promise<GatheredWindow> {
  const measuring = edgeMeasures(window, isDeniedFailed, reader);
  if (isCounted) {
    const counted = await measuring;
    const { edges, connections, missing } = counted;
    if (isSilent(service, counted))
      return { evidence: { ...nothingIn(window), edges, connections }, services: [service], missing };
  }
  const [sample, { edges, connections, missing: noEdges }] = await Promise.all([
    sampleTraces(service, window, slowMs, reader),
    measuring,
  ]);
  const spell = oneSpelling([service, ...(edges ?? []).flatMap(endsOf)]);
  const respelt = (trace: MeshTrace): MeshTrace => respell(trace, spell, isDeniedFailed);
  const weighed =
    sample.found === null
      ? null
      : weighTraces(service, {
          any: sample.found.any.map(respelt),
          chosen: sample.found.chosen.map(respelt),
          slowMs,
          totals: edges === null ? null : totalsInto(service, edges),
        });
  const services = byFrequency((weighed ?? []).map(({ trace }) => trace.services.map(spell)));
  const asked = services.length > 0 ? services : [service, ...calleesOf(service, edges ?? [])];
  const [errors, lines] = await Promise.all([
    errorLines(asked, window, reader),
    linesOfTraces(
      (weighed ?? []).map(({ trace }) => trace),
      spell,
      reader,
    ),
  ]);
  return {
    evidence: {
      window,
      traces: weighed?.map(({ trace, weight }) => weightedTrace(trace, weight)) ?? null,
      edges,
      connections,
      errorLogs: errors.value,
      traceLines: lines,
      workloads: null,
    },
    services: asked,
    missing: [...sample.missing, ...noEdges, ...errors.missing],
  };
}

/** A trace as evidence of so many requests. */
export function weightedTrace(trace: MeshTrace, weight: number): WeightedTrace {
  return { traceId: trace.traceId, weight, spans: trace.spans(), isComplete: trace.isComplete };
}

/** The trace with every service spelt in one way, and what a policy denied among the failed where that is asked for. */
export function respell(trace: MeshTrace, spell: (ref: ServiceRef) => ServiceRef, isDeniedFailed: boolean): MeshTrace {
  return {
    ...trace,
    spans: once(() =>
      trace.spans().map((span) => {
        const owner = span.service === null ? null : spell(span.service);
        const status = isDeniedFailed && isDenied(span) ? "ERROR" : span.status;
        return owner === span.service && status === span.status ? span : { ...span, service: owner, status };
      }),
    ),
  };
}

/** Calls into a service; null when nobody counted any. */
function totalsInto(service: ServiceRef, edges: readonly EdgeMeasure[]) {
  const into = callsInto(service, asCallersSaw(edges));
  if (into.length === 0) return null;
  return {
    requestCount: into.reduce((sum, { requestCount }) => sum + requestCount, 0),
    failedCount: into.reduce((sum, { failedCount }) => sum + failedCount, 0),
  };
}

function nothingIn(window: TimeWindow): WindowEvidence {
  return { window, traces: [], edges: [], errorLogs: null, traceLines: null, workloads: null };
}

function isDenied({ tags }: MeshSpan): boolean {
  return (tags["http.status_code"] ?? tags["http.response.status_code"]) === "403";
}

/** Services at the ends of an edge. */
export function endsOf({ source, destination }: EdgeMeasure): readonly ServiceRef[] {
  return [...(source === null ? [] : [source]), ...(destination.kind === "SERVICE" ? [destination.service] : [])];
}

function calleesOf(service: ServiceRef, edges: readonly EdgeMeasure[]): readonly ServiceRef[] {
  const key = serviceKey(service);
  const own = edges.filter(({ source }) => source !== null && serviceKey(source) === key);
  const found = own.flatMap(({ destination }) => (destination.kind === "SERVICE" ? [destination.service] : []));
  return [...new Map(found.map((ref) => [serviceKey(ref), ref])).values()];
}

function byFrequency(lists: readonly (readonly ServiceRef[])[]): readonly ServiceRef[] {
  const found = new Map<string, { readonly ref: ServiceRef; count: number }>();
  for (const ref of lists.flat()) {
    const known = found.get(serviceKey(ref));
    if (known === undefined) found.set(serviceKey(ref), { ref, count: 1 });
    else known.count += 1;
  }
  return [...found.values()].sort((a, b) => b.count - a.count).map(({ ref }) => ref);
}
