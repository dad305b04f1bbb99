/** Rows of the node graph: two questions of one panel, sent in the same moment and answered from one drawing, so that they agree. */
import type { GraphQLResolveInfo } from "graphql";
import {
  drawnGraph,
  type EdgeRow,
  edgeRows,
  type Measured,
  type MeasuredEdge,
  type NodeRow,
  nodeRows,
} from "../../grafana/graph-rows.js";
import { statusText } from "../../grafana/status-text.js";
import type { AnnouncedMeasure, GoldenSignals, MeshEdge, MeshNode, Pillar } from "../../mesh/mesh.js";
import { mergeStatuses } from "../../mesh/pillar.js";
import { type Eventually, whenAllHere, whenHere } from "../../telemetry/eventually.js";
import { windowSeconds } from "../../telemetry/time-window.js";
import { type GraphqlContext, take } from "../context.js";
import type { GrafanaResolvers } from "../generated/resolver-types.js";
import { type GrafanaScope, selectionOfScope } from "../grafana-scope.js";
import { fieldsBelow, selects } from "../selection.js";

/** Both halves of the panel. */
interface GraphRows {
  readonly nodes: readonly NodeRow[];
  readonly edges: readonly EdgeRow[];
}

const mostEdges = 10_000;
const nothing: Measured = { outcome: null, p95Ms: null, traffic: null };

export const grafanaGraphResolvers: Pick<GrafanaResolvers, "nodes" | "edges"> = {
  nodes: async (scope, args, context, info) => (await rowsOf(scope, args.maxNodes, context, info)).nodes,
  edges: async (scope, args, context, info) => (await rowsOf(scope, args.maxNodes, context, info)).edges,
};

function rowsOf(
  scope: GrafanaScope,
  asked: number | null | undefined,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<GraphRows> {
  const maxNodes = asked ?? 500;
  const withLatency = selects(fieldsBelow(info), "detail__p95ms");
  return context.sharedRows.ask(
    context,
    ["graph", scope, maxNodes, withLatency],
    (own) => draw(scope, maxNodes, withLatency, own, info),
    ({ nodes, edges }) => [...nodes, ...edges],
  );
}

async function draw(
  scope: GrafanaScope,
  maxNodes: number,
  withLatency: boolean,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<GraphRows> {
  const { reader } = context;
  reader.announce(measures(withLatency), null, scope.window);
  const graph = await reader.graph(scope.window, selectionOfScope(scope), mostEdges);
  if (graph.value === null) {
    take(context, info, graph);
    return { nodes: [], edges: [] };
  }
  const { nodes, edges, isTruncated, golden } = graph.value;
  // Cut by counts, which come first: quantiles are looked up of what is drawn.
  const cut = drawnGraph(nodes, await counted(edges), maxNodes, isTruncated);
  const drawn = withLatency ? { ...cut, edges: await timed(cut.edges) } : cut;
  const statuses = [graph.sources];
  const ofNode = async (node: MeshNode): Promise<readonly [MeshNode, Measured]> => {
    const signals = golden(node);
    if (signals === null) return [node, nothing];
    const { value, sources } = await measure(signals, withLatency);
    statuses.push(sources);
    return [node, { ...nothing, ...value }];
  };
  const measured = new Map(await Promise.all(drawn.nodes.map(ofNode)));
  const seconds = windowSeconds(scope.window);
  return {
    nodes: nodeRows(
      drawn,
      (node) => measured.get(node) ?? nothing,
      seconds,
      statusText(mergeStatuses(...new Set(statuses))),
    ),
    edges: edgeRows(drawn, seconds, statusText(graph.sources)),
  };
}

function measures(withLatency: boolean): readonly AnnouncedMeasure[] {
  return (["services", "edges"] as const).flatMap((of): readonly AnnouncedMeasure[] => [
    { of, measure: "outcome", view: "callers" },
    ...(withLatency ? [{ of, measure: "latency", view: "callers", quantile: 0.95 } as const] : []),
    ...(of === "edges" ? [{ of, measure: "traffic" } as const] : []),
  ]);
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

type CountedEdge = MeasuredEdge & { readonly edge: MeshEdge };

function counted(edges: readonly MeshEdge[]): Eventually<readonly CountedEdge[]> {
  return whenAllHere(
    edges.map((edge) =>
      whenHere(
        edge.golden.outcome("callers"),
        ({ value }): CountedEdge => ({ edge, outcome: value, p95Ms: null, traffic: edge.traffic }),
      ),
    ),
  );
}

async function timed(edges: readonly CountedEdge[]): Promise<readonly MeasuredEdge[]> {
  const latencyOf = ({ edge }: CountedEdge) => edge.golden.latencyMs("callers", 0.95);
  // Of the first it is waited for; then all the others are here.
  if (edges[0] !== undefined) await latencyOf(edges[0]);
  return whenAllHere(edges.map((one) => whenHere(latencyOf(one), ({ value }) => ({ ...one, p95Ms: value }))));
}
