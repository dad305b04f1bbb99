import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { drawnGraph, edgeRows, type MeasuredEdge, nodeRows } from "../../src/grafana/graph-rows.js";
import type { MeshNode, RequestOutcome } from "../../src/mesh/mesh.js";

const kinds = ["SERVICE", "WORKLOAD", "GATEWAY", "EXTERNAL", "PASSTHROUGH", "BLACK_HOLE", "UNKNOWN"] as const;

const arbitraryNode: fc.Arbitrary<MeshNode> = fc
  .record({ key: fc.integer({ min: 0, max: 30 }), kind: fc.constantFrom(...kinds), name: fc.string({ maxLength: 12 }) })
  .map(({ key, kind, name }) => ({
    key: `n${key}`,
    kind,
    label: name,
    service: kind === "SERVICE" ? { cluster: "east", namespace: "shop", name } : null,
  }));

const arbitraryOutcome: fc.Arbitrary<RequestOutcome> = fc
  .record({ request: fc.nat(1000), left: fc.nat(1000), failed: fc.nat(1000), client: fc.nat(1000) })
  .map(({ request, left, failed, client }) => ({
    requestCount: request,
    leftCount: Math.min(left, request),
    failedCount: failed,
    clientErrorCount: client,
    errorRatio: request === 0 ? null : Math.min(1, failed / request),
    clientErrorRatio: null,
    failures: [],
    clientErrors: [],
    responseFlags: [],
  }));

const measures = {
  outcome: fc.option(arbitraryOutcome),
  p95Ms: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true })),
  traffic: fc.constant(null),
};

const arbitraryEdge: fc.Arbitrary<MeasuredEdge> = fc.record({
  edge: fc.record({
    source: arbitraryNode,
    destination: arbitraryNode,
    protocol: fc.constantFrom("HTTP" as const, "GRPC" as const, "TCP" as const),
    reporter: fc.constantFrom("SOURCE" as const, "DESTINATION" as const, "WAYPOINT" as const),
  }),
  ...measures,
});

const arbitraryGraph = fc.record({
  nodes: fc.uniqueArray(arbitraryNode, { selector: ({ key }) => key, maxLength: 20 }),
  edges: fc.array(arbitraryEdge, { maxLength: 40 }),
  maxNodes: fc.integer({ min: 1, max: 40 }),
  ofNode: fc.record(measures),
});

describe("the frames of the node graph", () => {
  test("every end of every edge is a node, ids are unique, and the cap holds and is told", () => {
    fc.assert(
      fc.property(arbitraryGraph, ({ nodes, edges, maxNodes, ofNode }) => {
        const drawn = drawnGraph(nodes, edges, maxNodes, false);
        const nodeFrame = nodeRows(drawn, () => ofNode, 600, "OK");
        const edgeFrame = edgeRows(drawn, 600, "OK");
        const ids = new Set(nodeFrame.map(({ id }) => id));
        expect(ids.size).toBe(nodeFrame.length);
        for (const { source, target } of edgeFrame) expect(ids.has(source) && ids.has(target)).toBe(true);
        expect(nodeFrame.length).toBeLessThanOrEqual(maxNodes);
        const all = new Set(
          [...nodes, ...edges.flatMap(({ edge }) => [edge.source, edge.destination])].map((n) => n.key),
        );
        for (const { truncated } of [...nodeFrame, ...edgeFrame]) expect(truncated).toBe(all.size > maxNodes);
      }),
    );
  });

  test("the arcs of each node sum to 1, and silence is neither green nor red", () => {
    fc.assert(
      fc.property(arbitraryGraph, ({ nodes, edges, ofNode }) => {
        for (const row of nodeRows(drawnGraph(nodes, edges, 100, false), () => ofNode, 600, "OK")) {
          const arcs = [row.arc__ok, row.arc__client, row.arc__failed, row.arc__nodata];
          expect(arcs.reduce((sum, arc) => sum + arc, 0)).toBeCloseTo(1, 9);
          for (const arc of arcs) expect(arc >= 0 && arc <= 1).toBe(true);
          if (ofNode.outcome === null) expect(row).toMatchObject({ arc__nodata: 1, mainstat: "no data" });
        }
      }),
    );
  });

  test("the nodes that stay under the cap are those with the most traffic", () => {
    const node = (key: string): MeshNode => ({ key, kind: "WORKLOAD", label: key, service: null });
    const outcome = (requestCount: number): RequestOutcome => ({
      requestCount,
      leftCount: 0,
      failedCount: 0,
      clientErrorCount: 0,
      errorRatio: 0,
      clientErrorRatio: 0,
      failures: [],
      clientErrors: [],
      responseFlags: [],
    });
    const edge = (source: string, destination: string, count: number): MeasuredEdge => ({
      edge: { source: node(source), destination: node(destination), protocol: "HTTP", reporter: "SOURCE" },
      outcome: outcome(count),
      p95Ms: null,
      traffic: null,
    });
    const drawn = drawnGraph([], [edge("a", "b", 1), edge("c", "d", 100), edge("d", "e", 50)], 3, false);
    expect(drawn.nodes.map(({ key }) => key).sort()).toEqual(["c", "d", "e"]);
    expect(drawn.edges).toHaveLength(2);
    expect(edgeRows(drawn, 10, "OK").map(({ mainstat, thickness }) => [mainstat, thickness])).toEqual([
      ["10 req/s", 8],
      ["5 req/s", 5],
    ]);
  });
});
