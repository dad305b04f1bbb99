/** Edges of the whole mesh as counted by both proxies. Called by window-evidence.ts and gather-incident.ts. */
import type { ConnectionMeasure, EdgeEnd, EdgeMeasure } from "../../diagnosis/incident-evidence.js";
import type { MeshEdge, MeshNode, Pillar, RequestOutcome, View } from "../../mesh/mesh.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type DiagnosisReader, missingOf } from "./diagnosis-question.js";

const everything = { clusters: null, namespaces: null, nameContains: null, meshes: null };
/** The heaviest. */
const mostEdges = 2_000;

/** By the queries of one graph and one of durations; null when no source answered. @param isDeniedFailed whether denied calls are counted among the failed */
export async function edgeMeasures(
  window: TimeWindow,
  isDeniedFailed: boolean,
  reader: Pick<DiagnosisReader, "graph">,
) {
  const graph = await reader.graph(window, everything, mostEdges);
  const measured = await Promise.all((graph.value?.edges ?? []).map((edge) => measuresOf(edge, isDeniedFailed)));
  const missing = [...missingOf("METRICS", graph)];
  if (graph.value?.isTruncated === true)
    missing.push({ pillar: "METRICS", message: `Only the ${mostEdges} busiest edges of the mesh were looked at.` });
  const seconds = (window.toMs - window.fromMs) / 1000;
  const connections = (graph.value?.edges ?? []).flatMap((edge) => connectionsOf(edge, seconds));
  return { edges: graph.value === null ? null : measured.flat(), connections, missing };
}

/** Each edge once: its callers' word where they report, else the server's. @param edges of one answer of edgeMeasures */
export function asCallersSaw(edges: readonly EdgeMeasure[]): readonly EdgeMeasure[] {
  // Both rows of an edge share their end; the callers' row comes first.
  const first = new Map<EdgeEnd, EdgeMeasure>();
  for (const edge of edges) if (!first.has(edge.destination)) first.set(edge.destination, edge);
  return [...first.values()];
}

/** Those of the rows that count calls into a service. */
export function callsInto(service: ServiceRef, edges: readonly EdgeMeasure[]): readonly EdgeMeasure[] {
  const key = serviceKey(service);
  return edges.filter(({ destination }) => destination.kind === "SERVICE" && serviceKey(destination.service) === key);
}

/** Whether proxies counted no call of a service: there are no traces to search for. Not so where it is not known what they counted. */
export function isSilent(service: ServiceRef, { edges, missing }: Awaited<ReturnType<typeof edgeMeasures>>): boolean {
  return edges !== null && missing.length === 0 && callsInto(service, edges).length === 0;
}

async function measuresOf(edge: MeshEdge, isDeniedFailed: boolean): Promise<readonly EdgeMeasure[]> {
  const { reporter, golden } = edge;
  const destination = endOf(edge.destination);
  if (destination === null || reporter === "TRACES") return [];
  const seen = async (view: View, by: EdgeMeasure["reporter"]): Promise<readonly EdgeMeasure[]> => {
    // Asked for together, so that all edges share one question; a source that does not tell durations has been named by its counts.
    const [{ value }, durations]: [Pillar<RequestOutcome>, Pillar<number>] = await Promise.all([
      golden.outcome(view),
      golden.durationSumMs(view),
    ]);
    if (value === null || value.requestCount <= 0) return [];
    const { requestCount, responseFlags, clientErrors } = value;
    const denied = clientErrors.find(({ cause }) => cause === "DENIED")?.count ?? 0;
    const failedCount = value.failedCount + (isDeniedFailed ? denied : 0);
    return [
      {
        source: edge.source.service,
        destination,
        reporter: by,
        destinationVersion: null,
        destinationPod: null,
        requestCount,
        failedCount,
        durationSumMs: durations.value,
        flags: responseFlags.map(({ flag, share }) => ({ flag, count: share * requestCount })),
        parts: [],
      },
    ];
  };
  const [callers, server] = await Promise.all([
    seen("callers", reporter),
    reporter === "DESTINATION" ? [] : seen("server", "DESTINATION"),
  ]);
  return [...callers, ...server];
}

function connectionsOf(
  { protocol, source, destination, traffic }: MeshEdge,
  seconds: number,
): readonly ConnectionMeasure[] {
  const { connectionsPerSecond, connectionErrorRatio } = traffic;
  const end = endOf(destination);
  if (protocol !== "TCP" || end === null || source.service === null || connectionsPerSecond === null) return [];
  const openedCount = connectionsPerSecond * seconds;
  return [
    { source: source.service, destination: end, openedCount, failedCount: openedCount * (connectionErrorRatio ?? 0) },
  ];
}

function endOf({ kind, service, label }: MeshNode): EdgeEnd | null {
  if (service !== null) return { kind: "SERVICE", service };
  const isOutside = kind === "EXTERNAL" || kind === "BLACK_HOLE" || kind === "PASSTHROUGH";
  return isOutside ? { kind: "EXTERNAL", host: label } : null;
}
