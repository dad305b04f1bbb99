/** An incident's graph for tests: ratings fails behind reviews, with what a test says differently. */
import type { GraphEdge, GraphNode, IncidentGraph } from "../../src/diagnosis/incident-graph.js";

const node = (name: string, differently: Partial<GraphNode> = {}): GraphNode => ({
  service: { cluster: "east", namespace: "bookinfo", name },
  name,
  isAlerting: false,
  suspect: null,
  ...differently,
});
const edge = (source: number, destination: number, differently: Partial<GraphEdge>): GraphEdge => ({
  source,
  destination,
  callsPer100: 100,
  failedRatio: { incident: 0, before: 0 },
  callMs: null,
  excessFailedPer100: 0,
  excessMs: null,
  weight: 0,
  ...differently,
});

/** The graph. */
export function makeGraph(differently: Partial<IncidentGraph> = {}): IncidentGraph {
  return {
    measure: "FAILED",
    basis: "TRACES",
    nodes: [
      node("reviews", { isAlerting: true }),
      node("ratings", {
        suspect: { rank: 1, grade: "LIKELY", score: 94.2, part: { kind: "RULE", name: "VirtualService ratings" } },
      }),
      node("productpage"),
      node("details"),
    ],
    edges: [
      edge(0, 1, {
        failedRatio: { incident: 0.94, before: 0 },
        callMs: { incident: 7_010, before: 4 },
        excessFailedPer100: 94,
        excessMs: 7_006,
        weight: 1,
      }),
      edge(2, 0, { failedRatio: { incident: 0.8, before: 0 }, excessFailedPer100: 80, weight: 0.85 }),
      edge(2, 3, { callMs: { incident: 2, before: 2 }, excessMs: 0 }),
    ],
    rest: { nodeCount: 212, edgeCount: 480, excessRatio: 0.03 },
    ...differently,
  };
}
