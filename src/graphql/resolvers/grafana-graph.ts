/** Rows of the node graph: two questions of one panel that must agree, so both cut the same graph the same way. */
import type { GraphQLResolveInfo } from "graphql";
import { drawnGraph, edgeRows, type Measured, type MeasuredEdge, nodeRows } from "../../grafana/graph-rows.js";
import { statusText } from "../../grafana/status-text.js";
import type { AnnouncedMeasure, GoldenSignals, MeshEdge, MeshGraph, Pillar } from "../../mesh/mesh.js";
import { mergeStatuses } from "../../mesh/pillar.js";
import { type Eventually, whenAllHere, whenHere } from "../../telemetry/eventually.js";
import { windowSeconds } from "../../telemetry/time-window.js";
import { type GraphqlContext, take } from "../context.js";
import type { GrafanaResolvers } from "../generated/resolver-types.js";
import { type GrafanaScope, selectionOfScope } from "../grafana-scope.js";
import { fieldsBelow, selects } from "../selection.js";

const mostEdges = 10_000;
const nothing: Measured = { outcome: null, p95Ms: null, traffic: null };

export const grafanaGraphResolvers: Pick<GrafanaResolvers, "nodes" | "edges"> = {
  nodes: async (scope, args, context, info) => {
    const maxNodes = args.maxNodes ?? 500;
    const withLatency = selects(fieldsBelow(info), "detail__p95ms");
    const graph = await graphOf(context, scope, measures("services", withLatency));
    if (graph.value === null) return dead(context, info, graph);
    const { nodes, edges, isTruncated } = graph.value;
    const isCut = nodes.length > maxNodes;
    const drawn = drawnGraph(
      nodes,
      isCut ? await measuredEdges(edges, false) : edges.map(unmeasured),
      maxNodes,
      isTruncated,
    );
    const golden = graph.value.golden;
    const statuses = [graph.sources];
    const measured = await Promise.all(
      drawn.nodes.map(async (node) => {
        const signals = golden(node);
        if (signals === null) return [node, nothing] as const;
        const { value, sources } = await measure(signals, withLatency);
        statuses.push(sources);
        return [node, { ...nothing, ...value }] as const;
      }),
    );
    const of = new Map(measured);
    const status = statusText(mergeStatuses(...new Set(statuses)));
    return nodeRows(drawn, (node) => of.get(node) ?? nothing, windowSeconds(scope.window), status);
  },

  edges: async (scope, args, context, info) => {
    const maxNodes = args.maxNodes ?? 500;
    const withLatency = selects(fieldsBelow(info), "detail__p95ms");
    const graph = await graphOf(context, scope, [
      ...measures("edges", withLatency),
      { of: "edges", measure: "traffic" },
    ]);
    if (graph.value === null) return dead(context, info, graph);
    const { nodes, edges, isTruncated } = graph.value;
    const measured = await measuredEdges(edges, withLatency);
    const drawn = drawnGraph(nodes, measured, maxNodes, isTruncated);
    return edgeRows(drawn, windowSeconds(scope.window), statusText(graph.sources));
  },
};

function graphOf(
  { reader }: GraphqlContext,
  scope: GrafanaScope,
  announced: readonly AnnouncedMeasure[],
): Promise<Pillar<MeshGraph>> {
  reader.announce(announced, null, scope.window);
  return reader.graph(scope.window, selectionOfScope(scope), mostEdges);
}

function measures(of: "services" | "edges", withLatency: boolean): readonly AnnouncedMeasure[] {
  return [
    { of, measure: "outcome", view: "callers" },
    ...(withLatency ? [{ of, measure: "latency", view: "callers", quantile: 0.95 } as const] : []),
  ];
}

function measure(
  signals: GoldenSignals,
  withLatency: boolean,
): Eventually<{ readonly value: Pick<Measured, "outcome" | "p95Ms">; readonly sources: Pillar<unknown>["sources"] }> {
  const asked = [signals.outcome("callers"), withLatency ? signals.latencyMs("callers", 0.95) : null] as const;
  return whenHere(asked[0], (outcome) =>
    whenHere(asked[1], (latency) => ({
      value: { outcome: outcome.value, p95Ms: latency?.value ?? null },
      sources: outcome.sources,
    })),
  );
}

function measuredEdges(edges: readonly MeshEdge[], withLatency: boolean): Eventually<readonly MeasuredEdge[]> {
  return whenAllHere(
    edges.map((edge) =>
      whenHere(
        measure(edge.golden, withLatency),
        ({ value }): MeasuredEdge => ({ edge, ...value, traffic: edge.traffic }),
      ),
    ),
  );
}

function unmeasured(edge: MeshEdge): MeasuredEdge {
  return { ...nothing, edge };
}

function dead(context: GraphqlContext, info: GraphQLResolveInfo, pillar: Pillar<unknown>): [] {
  take(context, info, pillar);
  return [];
}
