/** Resolvers of edges: the whole graph and the edges of one service. */
import type { GoldenSignals, MeshEdge, MeshNode } from "../../mesh/mesh.js";
import { whenHere } from "../../telemetry/eventually.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type GraphqlContext, take } from "../context.js";
import type {
  DependenciesResolvers,
  EdgeResolvers,
  GraphNodeResolvers,
  ServiceGraphResolvers,
} from "../generated/resolver-types.js";
import { measuresBelow } from "../golden-plan.js";
import { graphNodeId, serviceId } from "../ids.js";
import type { EdgeParent, GraphNodeParent } from "../parents.js";

export const serviceGraphResolvers: ServiceGraphResolvers = {
  window: ({ window }) => window,
  sources: async (parent) => (await parent.graph()).sources,
  truncated: async (parent) => (await parent.graph()).value?.isTruncated ?? false,
  nodes: async (parent, _, context, info) => {
    const graph = take(context, info, await parent.graph());
    return graph?.nodes.map((node) => nodeParent(node, parent.window, () => graph.golden(node))) ?? null;
  },
  edges: async (parent, _, context, info) => {
    const graph = take(context, info, await parent.graph());
    return graph === null ? null : edgeParents(graph.edges, parent.window, context);
  },
};

export const dependenciesResolvers: DependenciesResolvers = {
  sources: async (parent) => (await parent.edges()).sources,
  edges: async (parent, _, context, info) => {
    const edges = take(context, info, await parent.edges());
    return edges === null ? null : edgeParents(edges, parent.window, context);
  },
};

/** The other fields are properties of the parent. */
export const edgeResolvers: EdgeResolvers = {
  golden: ({ edge, window }, _, context, info) => ({
    signals: edge.golden,
    view: "callers",
    window,
    measures: measuresBelow.callers(context, info),
  }),
  responseFlags: ({ edge }, _, context, info) =>
    whenHere(edge.golden.outcome("callers"), (pillar) => take(context, info, pillar)?.responseFlags ?? null),
};

/** The other fields are properties of the parent. */
export const graphNodeResolvers: GraphNodeResolvers = {
  golden: (parent, _, context, info) => {
    const signals = parent.signals();
    const measures = measuresBelow.callers(context, info);
    return signals && { signals, view: "callers", window: parent.window, measures };
  },
};

/** A node stands at the end of many edges and is one parent for all of them. */
function edgeParents(
  edges: readonly MeshEdge[],
  window: TimeWindow,
  { reader }: GraphqlContext,
): readonly EdgeParent[] {
  const ends = new Map<MeshNode, GraphNodeParent>();
  function endOf(node: MeshNode): GraphNodeParent {
    const known = ends.get(node);
    if (known !== undefined) return known;
    const { kind, service } = node;
    const isService = kind === "SERVICE" && service !== null;
    const end = nodeParent(node, window, () => (isService ? reader.golden(service, window) : null));
    ends.set(node, end);
    return end;
  }
  return edges.map((edge) => {
    const { source, destination, protocol, reporter, traffic } = edge;
    return {
      edge,
      window,
      source: endOf(source),
      destination: endOf(destination),
      protocol,
      reporter,
      connectionRate: traffic.connectionsPerSecond,
      connectionErrorRatio: traffic.connectionErrorRatio,
      sentBytesPerSecond: traffic.sentBytesPerSecond,
      receivedBytesPerSecond: traffic.receivedBytesPerSecond,
      mutualTlsRatio: traffic.mutualTlsRatio,
      retryRatio: traffic.retryRatio,
    };
  });
}

function nodeParent(node: MeshNode, window: TimeWindow, signals: () => GoldenSignals | null): GraphNodeParent {
  const { key, kind, label, service } = node;
  const id = kind === "SERVICE" && service ? serviceId(service) : graphNodeId(key);
  return { id, kind, label, service: service && { ref: service, window }, window, signals };
}
