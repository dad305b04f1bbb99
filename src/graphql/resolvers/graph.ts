/** Resolvers of edges: the whole graph and the edges of one service. */
import type { GraphQLResolveInfo } from "graphql";
import type { EdgeTraffic, GoldenSignals, MeshNode } from "../../mesh/mesh.js";
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
    return graph?.edges.map((edge) => ({ edge, window: parent.window })) ?? null;
  },
};

export const dependenciesResolvers: DependenciesResolvers = {
  sources: async (parent) => (await parent.edges()).sources,
  edges: async (parent, _, context, info) => {
    const edges = take(context, info, await parent.edges());
    return edges?.map((edge) => ({ edge, window: parent.window })) ?? null;
  },
};

export const edgeResolvers: EdgeResolvers = {
  source: ({ edge, window }, _, context) => endOf(edge.source, window, context),
  destination: ({ edge, window }, _, context) => endOf(edge.destination, window, context),
  protocol: ({ edge }) => edge.protocol,
  reporter: ({ edge }) => edge.reporter,
  golden: ({ edge, window }, _, context, info) => ({
    signals: edge.golden,
    view: "callers",
    window,
    measures: measuresBelow.callers(context, info),
  }),
  responseFlags: ({ edge }, _, context, info) =>
    whenHere(edge.golden.outcome("callers"), (pillar) => take(context, info, pillar)?.responseFlags ?? null),
  retryRatio: trafficField("retryRatio"),
  connectionRate: trafficField("connectionsPerSecond"),
  connectionErrorRatio: trafficField("connectionErrorRatio"),
  sentBytesPerSecond: trafficField("sentBytesPerSecond"),
  receivedBytesPerSecond: trafficField("receivedBytesPerSecond"),
  mutualTlsRatio: trafficField("mutualTlsRatio"),
};

export const graphNodeResolvers: GraphNodeResolvers = {
  id: ({ node }) => idOf(node),
  kind: ({ node }) => node.kind,
  label: ({ node }) => node.label,
  service: ({ node, window }) => node.service && { ref: node.service, window },
  golden: (parent, _, context, info) => {
    const signals = parent.golden();
    const measures = measuresBelow.callers(context, info);
    return signals && { signals, view: "callers", window: parent.window, measures };
  },
};

const ids = new WeakMap<MeshNode, string>();

/** A node stands at the end of many edges; its id is written once. */
function idOf(node: MeshNode): string {
  const known = ids.get(node);
  if (known !== undefined) return known;
  const id = node.kind === "SERVICE" && node.service ? serviceId(node.service) : graphNodeId(node.key);
  ids.set(node, id);
  return id;
}

function trafficField(name: keyof EdgeTraffic) {
  return ({ edge }: EdgeParent, _: unknown, context: GraphqlContext, info: GraphQLResolveInfo) =>
    whenHere(edge.traffic(), (pillar) => take(context, info, pillar)?.[name] ?? null);
}

function endOf(node: MeshNode, window: TimeWindow, context: GraphqlContext): GraphNodeParent {
  return nodeParent(node, window, () =>
    node.kind === "SERVICE" && node.service ? context.reader.golden(node.service, window) : null,
  );
}

function nodeParent(node: MeshNode, window: TimeWindow, golden: () => GoldenSignals | null): GraphNodeParent {
  return { node, window, golden };
}
