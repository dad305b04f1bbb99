/** Resolvers of an incident's graph. Who may not see all namespaces gets what lies in those that are theirs. */
import type { GraphNode, IncidentGraph } from "../../diagnosis/incident-graph.js";
import { drawIncident } from "../../picture/draw-incident.js";
import { incidentWords } from "../../picture/incident-words.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type {
  IncidentCallResolvers,
  IncidentGraphResolvers,
  IncidentNodeResolvers,
  IncidentRestResolvers,
} from "../generated/resolver-types.js";
import type { IncidentGraphParent } from "../parents.js";

/** The graph as a caller may see it. @param sentence below the title of its picture; null, or for who does not see all: the time */
export function shownGraph(
  graph: IncidentGraph,
  { sentence, window, visibility }: { sentence: string | null; window: TimeWindow; visibility: Visibility },
): IncidentGraphParent {
  const visible = visibleGraph(graph, visibility);
  const service = visible.nodes.find(({ isAlerting }) => isAlerting)?.service ?? null;
  const title = service === null ? "The mesh" : `${service.name}.${service.namespace}`;
  const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const told = visibility.namespaces === "all" ? sentence : null;
  return { graph: visible, title, subtitle: told ?? `${instant(window.fromMs)} to ${instant(window.toMs)}`, window };
}

/** What lies in the namespaces of the caller, without what could name others: parts, hosts outside, counts of the rest. */
function visibleGraph(graph: IncidentGraph, visibility: Visibility): IncidentGraph {
  if (visibility.namespaces === "all") return graph;
  const isShown = ({ service }: GraphNode): boolean => service !== null && canSee(visibility, service.namespace);
  const places = graph.nodes.flatMap((node, place) => (isShown(node) ? [place] : []));
  const edges = graph.edges.flatMap((edge) => {
    const [source, destination] = [places.indexOf(edge.source), places.indexOf(edge.destination)];
    return source < 0 || destination < 0 ? [] : [{ ...edge, source, destination }];
  });
  const nodes = graph.nodes.filter(isShown).map((node) => ({
    ...node,
    suspect: node.suspect && { ...node.suspect, part: null },
  }));
  return { ...graph, nodes, edges, rest: { nodeCount: 0, edgeCount: 0, excessRatio: 0 } };
}

export const incidentGraphResolvers: IncidentGraphResolvers = {
  measure: ({ graph }) => graph.measure,
  basis: ({ graph }) => graph.basis,
  nodes: ({ graph, window }) => graph.nodes.map((node, place) => ({ node, place, window })),
  calls: ({ graph }) => graph.edges,
  rest: ({ graph }) => graph.rest,
  svg: (picture) => drawIncident(picture),
  words: (picture) => incidentWords(picture),
};

export const incidentNodeResolvers: IncidentNodeResolvers = {
  place: ({ place }) => place,
  service: ({ node: { service }, window }) => service && { ref: service, window },
  name: ({ node }) => node.name,
  isSuffering: ({ node }) => node.isAlerting,
  suspectRank: ({ node }) => node.suspect?.rank ?? null,
};

export const incidentCallResolvers: IncidentCallResolvers = {
  source: ({ source }) => source,
  destination: ({ destination }) => destination,
  callsPer100: ({ callsPer100 }) => callsPer100,
  failedRatio: ({ failedRatio }) => failedRatio.incident,
  failedRatioBefore: ({ failedRatio }) => failedRatio.before,
  callMs: ({ callMs }) => callMs?.incident ?? null,
  callMsBefore: ({ callMs }) => callMs?.before ?? null,
  excessFailedPer100: ({ excessFailedPer100 }) => excessFailedPer100,
  excessMs: ({ excessMs }) => excessMs,
  weight: ({ weight }) => weight,
};

export const incidentRestResolvers: IncidentRestResolvers = {
  nodeCount: ({ nodeCount }) => nodeCount,
  callCount: ({ edgeCount }) => edgeCount,
  excessRatio: ({ excessRatio }) => excessRatio,
};
