/** The service graph as rows of Grafana's node graph panel: every end of an edge is a node, arcs sum to 1, the cap keeps what has most traffic. */
import type { EdgeTraffic, MeshEdge, MeshNode, RequestOutcome } from "../mesh/mesh.js";
import { rateWords, shareWords } from "./figures.js";

/** Columns of a node (reference: `NodeGraphDataFrameFieldNames` of Grafana). */
export interface NodeRow {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly mainstat: string;
  readonly secondarystat: string;
  readonly arc__ok: number;
  readonly arc__client: number;
  readonly arc__failed: number;
  readonly arc__nodata: number;
  readonly icon: string;
  readonly detail__kind: string;
  readonly detail__cluster: string;
  readonly detail__namespace: string;
  readonly detail__service: string;
  readonly detail__p95ms: number | null;
  readonly truncated: boolean;
  readonly status: string;
}

/** Columns of an edge. */
export interface EdgeRow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly mainstat: string;
  readonly secondarystat: string;
  readonly thickness: number;
  readonly color: string;
  readonly strokedasharray: string;
  readonly detail__protocol: string;
  readonly detail__reporter: string;
  readonly detail__p95ms: number | null;
  readonly detail__mtls: number | null;
  readonly truncated: boolean;
  readonly status: string;
}

/** What is measured of a node or an edge; null is no data. */
export interface Measured {
  readonly outcome: RequestOutcome | null;
  readonly p95Ms: number | null;
  readonly traffic: EdgeTraffic | null;
}

/** An edge with its measures. */
export interface MeasuredEdge extends Measured {
  readonly edge: Pick<MeshEdge, "source" | "destination" | "protocol" | "reporter">;
}

/** The part of a graph that is drawn. */
export interface DrawnGraph<E extends MeasuredEdge = MeasuredEdge> {
  readonly nodes: readonly MeshNode[];
  readonly edges: readonly E[];
  readonly isTruncated: boolean;
}

/** The `maxNodes` nodes with the most traffic in and out and the edges between them; all ends of those edges are among the nodes. */
export function drawnGraph<E extends MeasuredEdge>(
  nodes: readonly MeshNode[],
  edges: readonly E[],
  maxNodes: number,
  isCut: boolean,
): DrawnGraph<E> {
  const known = new Map(nodes.map((node) => [node.key, node]));
  const weights = new Map<string, number>();
  for (const one of edges) {
    for (const end of [one.edge.source, one.edge.destination]) {
      if (!known.has(end.key)) known.set(end.key, end);
      weights.set(end.key, (weights.get(end.key) ?? 0) + weightOf(one));
    }
  }
  if (known.size <= maxNodes) return { nodes: [...known.values()], edges, isTruncated: isCut };
  const heaviest = [...known.values()].sort((a, b) => (weights.get(b.key) ?? 0) - (weights.get(a.key) ?? 0));
  const kept = heaviest.slice(0, maxNodes);
  const keys = new Set(kept.map(({ key }) => key));
  const between = edges.filter(({ edge }) => keys.has(edge.source.key) && keys.has(edge.destination.key));
  return { nodes: kept, edges: between, isTruncated: true };
}

const icons: Readonly<Record<MeshNode["kind"], string>> = {
  SERVICE: "cube",
  WORKLOAD: "apps",
  GATEWAY: "sign-in-alt",
  EXTERNAL: "cloud",
  PASSTHROUGH: "exit-alt",
  BLACK_HOLE: "times-circle",
  UNKNOWN: "question-circle",
};

/** One row per node. `measuredOf` gives a service's own measures; what is no service has none and is drawn as such. */
export function nodeRows(
  graph: DrawnGraph,
  measuredOf: (node: MeshNode) => Measured,
  seconds: number,
  status: string,
): readonly NodeRow[] {
  return graph.nodes.map((node): NodeRow => {
    const { outcome, p95Ms } = measuredOf(node);
    return {
      id: node.key,
      title: node.label,
      subtitle: node.service?.namespace ?? node.kind.toLowerCase().replace("_", " "),
      mainstat: rateWords(outcome && outcome.requestCount / seconds, "req/s"),
      secondarystat: shareWords(outcome?.errorRatio ?? null, "failed"),
      ...arcs(outcome),
      icon: icons[node.kind],
      detail__kind: node.kind,
      detail__cluster: node.service?.cluster ?? "",
      detail__namespace: node.service?.namespace ?? "",
      detail__service: node.service?.name ?? "",
      detail__p95ms: p95Ms,
      truncated: graph.isTruncated,
      status,
    };
  });
}

/** One row per edge; the same edge by two protocols is two rows. */
export function edgeRows(graph: DrawnGraph, seconds: number, status: string): readonly EdgeRow[] {
  const most = Math.max(0, ...graph.edges.map(weightOf));
  return graph.edges.map((one): EdgeRow => {
    const { edge, outcome, p95Ms, traffic } = one;
    const isTcp = edge.protocol === "TCP";
    const failed = isTcp ? (traffic?.connectionErrorRatio ?? null) : (outcome?.errorRatio ?? null);
    const rate = isTcp ? (traffic?.connectionsPerSecond ?? null) : outcome && outcome.requestCount / seconds;
    return {
      id: `${edge.source.key} > ${edge.destination.key} ${edge.protocol}`,
      source: edge.source.key,
      target: edge.destination.key,
      mainstat: rateWords(rate, isTcp ? "conn/s" : "req/s"),
      secondarystat: shareWords(failed, "failed"),
      thickness: most === 0 ? 1 : 1 + Math.round(7 * (weightOf(one) / most)),
      color: colorOf(failed),
      strokedasharray: isTcp ? "4 2" : "",
      detail__protocol: edge.protocol,
      detail__reporter: edge.reporter,
      detail__p95ms: p95Ms,
      detail__mtls: traffic?.mutualTlsRatio ?? null,
      truncated: graph.isTruncated,
      status,
    };
  });
}

/** Calls, or connections per second where there are no calls: thickness compares, it does not measure. */
function weightOf({ outcome, traffic }: Measured): number {
  return outcome?.requestCount ?? traffic?.connectionsPerSecond ?? 0;
}

function arcs(outcome: RequestOutcome | null) {
  const counted = outcome === null ? 0 : outcome.requestCount - outcome.leftCount;
  if (outcome === null || counted <= 0) return { arc__ok: 0, arc__client: 0, arc__failed: 0, arc__nodata: 1 };
  const failed = Math.min(1, Math.max(0, outcome.failedCount / counted));
  const client = Math.min(1 - failed, Math.max(0, outcome.clientErrorCount / counted));
  return { arc__ok: 1 - failed - client, arc__client: client, arc__failed: failed, arc__nodata: 0 };
}

function colorOf(errorRatio: number | null): string {
  if (errorRatio === null) return "gray";
  return errorRatio >= 0.05 ? "red" : errorRatio >= 0.01 ? "orange" : "green";
}
