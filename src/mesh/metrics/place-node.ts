/** Nodes of the graph from identities: which kind, which key, and which namespace decides who may see it. */
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { MeshNode, NodeKind } from "../mesh.js";

/** A node with what visibility asks. `namespace` null: it belongs to no namespace (outside, unknown) and is shown beside what is shown. */
export interface PlacedNode {
  readonly node: MeshNode;
  readonly namespace: string | null;
}

const gatewayName = /^istio-(ingress|egress)gateway|-gateway-istio$/;
const gatewayNamespaces: ReadonlySet<string> = new Set([
  "istio-system",
  "istio-ingress",
  "istio-egress",
  "istio-gateways",
]);

/** Whether a workload or service of that name is a gateway of the mesh: Istio's own, or one made from the Gateway API. */
export function isGateway(name: string, namespace: string): boolean {
  return gatewayName.test(name) || (gatewayNamespaces.has(namespace) && name.includes("gateway"));
}

/** A service's node; a gateway's service is a GATEWAY. */
export function serviceNode(ref: ServiceRef): PlacedNode {
  const kind = isGateway(ref.name, ref.namespace) ? "GATEWAY" : "SERVICE";
  return { node: { key: serviceKey(ref), kind, label: ref.name, service: ref }, namespace: ref.namespace };
}

/** The node of a caller that is no service. */
export function workloadNode(cluster: string, namespace: string, workload: string): PlacedNode {
  const kind = isGateway(workload, namespace) ? "GATEWAY" : "WORKLOAD";
  const key = ["workload", cluster, namespace, workload].join("\u0000");
  return { node: { key, kind, label: workload, service: null }, namespace };
}

/** A host outside the mesh. */
export function externalNode(host: string): PlacedNode {
  return plain("EXTERNAL", ["external", host].join("\u0000"), host);
}

/** Egress that no route knows, let through or blocked, and whatever cannot be told. */
export const passthroughNode: PlacedNode = plain("PASSTHROUGH", "passthrough", "PassthroughCluster");
export const blackHoleNode: PlacedNode = plain("BLACK_HOLE", "black-hole", "BlackHoleCluster");
export const unknownNode: PlacedNode = plain("UNKNOWN", "unknown", "unknown");

const hiddenNode: PlacedNode = plain("UNKNOWN", "hidden", "not visible to you");

/** The node as a caller may see it: one of a namespace out of sight is the same nameless node as every other. */
export function asSeenBy(visibility: Visibility, placed: PlacedNode): PlacedNode {
  return placed.namespace === null || canSee(visibility, placed.namespace) ? placed : hiddenNode;
}

/** Whether an edge may be shown: at least one end lies in a namespace the caller sees; egress of nobody is for those who see all. */
export function isEdgeVisible(visibility: Visibility, source: PlacedNode, destination: PlacedNode): boolean {
  if (visibility.namespaces === "all") return true;
  return isOwn(visibility, source) || isOwn(visibility, destination);
}

function isOwn(visibility: Visibility, { namespace }: PlacedNode): boolean {
  return namespace !== null && canSee(visibility, namespace);
}

function plain(kind: NodeKind, key: string, label: string): PlacedNode {
  return { node: { key, kind, label, service: null }, namespace: null };
}
