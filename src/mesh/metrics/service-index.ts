/**
 * Who is who in one metrics source: which services exist, which workloads stand behind them, which dialect speaks for each, and under
 * which label values a question is scoped to one. Built from one grouped query (index-request.ts) and kept for a minute.
 */
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { DestinationIdentity, Dialect, SourceIdentity } from "../dialects/dialect.js";
import type { SpokenDialect } from "./detect-dialects.js";
import {
  blackHoleNode,
  externalNode,
  isGateway,
  type PlacedNode,
  passthroughNode,
  serviceNode,
  unknownNode,
  workloadNode,
} from "./place-node.js";

/** A service as the metrics know it. */
export interface IndexedService {
  readonly ref: ServiceRef;
  /** The dialect whose rows are its measures; null for one that is known as a caller only. */
  readonly dialect: Dialect | null;
  readonly hasRequests: boolean;
  readonly hasTcp: boolean;
}

/** One row of the index query in our terms. */
export interface IndexRow {
  readonly dialect: Dialect;
  readonly protocol: "REQUEST" | "TCP";
  readonly source: SourceIdentity | null;
  readonly destination: DestinationIdentity | null;
  /** Values of the labels by which a question about the end is scoped; null where the dialect has none. */
  readonly rawDestination: string | null;
  readonly rawSource: string | null;
}

/** How clusters are named where labels say nothing or something else. */
export interface ClusterNames {
  readonly ofSource: string | null;
  readonly aliases: Readonly<Record<string, string>>;
}

/** Label values that scope a question to one service. */
export interface ServiceScope {
  readonly destinations: readonly string[];
  readonly sources: readonly string[];
}

/** Lookups of one source's index. */
export interface ServiceIndex {
  readonly spoken: readonly SpokenDialect[];
  /** By serviceKey. */
  readonly services: ReadonlyMap<string, IndexedService>;
  /** Several clusters report into this source, so that quantiles must be told apart by cluster. */
  readonly isMultiCluster: boolean;
  placeSource(source: SourceIdentity): PlacedNode;
  placeDestination(destination: DestinationIdentity): PlacedNode;
  /** Where rows have only a raw value and no namespace: the one destination it named in the index; null when none or several. */
  destinationNamed(dialect: Dialect, raw: string): DestinationIdentity | null;
  /** The services whose workloads a canonical service names; the caller's node where there are none. */
  placeCanonical(source: SourceIdentity): readonly PlacedNode[];
  scopeOf(dialect: Dialect, key: string): ServiceScope;
  /** Names of the workloads that served a service's calls. */
  workloadsBehind(key: string): readonly string[];
}

/** Builds the index; rows of a dialect that comes earlier in `spoken` decide where two name one service. */
export function createServiceIndex(
  spoken: readonly SpokenDialect[],
  rows: readonly IndexRow[],
  clusters: ClusterNames,
): ServiceIndex {
  const services = new Map<string, { -readonly [K in keyof IndexedService]: IndexedService[K] }>();
  const servedBy = new Map<string, Map<string, ServiceRef>>();
  const workloads = new Map<string, Set<string>>();
  const canonicalOf = new Map<string, Map<string, PlacedNode>>();
  const rawDestinations = new Map<string, Set<string>>();
  const rawSources = new Map<string, Set<string>>();
  const named = new Map<string, Map<string, DestinationIdentity>>();
  const clusterLabels = new Set<string>();
  const clustersOfName = new Map<string, Set<string>>();
  const order = new Map(spoken.map(({ dialect }, i) => [dialect.name, i]));

  for (const { source, destination } of rows) {
    for (const end of [source, destination]) if (end?.cluster != null) clusterLabels.add(end.cluster);
    if (destination?.kind === "SERVICE" && destination.cluster !== null) {
      addTo(clustersOfName, pathOf(destination.namespace ?? "", destination.name), destination.cluster);
    }
  }
  const onlyCluster = clusterLabels.size === 1 ? [...clusterLabels][0] : undefined;

  function clusterNamed(label: string | null, path: string | null): string {
    const ofName = path === null ? undefined : clustersOfName.get(path);
    const raw = label ?? (ofName?.size === 1 ? [...ofName][0] : onlyCluster) ?? clusters.ofSource ?? "default";
    return Object.hasOwn(clusters.aliases, raw) ? (clusters.aliases[raw] ?? raw) : raw;
  }

  function refOf(destination: DestinationIdentity): ServiceRef {
    const namespace = destination.namespace ?? "";
    const { name } = destination;
    if (namespace === "") {
      // A vocabulary without namespaces means the mesh's service of that name, where there is just one.
      const sameName = [...services.values()].filter(({ ref }) => ref.name === name && ref.namespace !== "");
      if (sameName.length === 1 && sameName[0] !== undefined) return sameName[0].ref;
    }
    return { cluster: clusterNamed(destination.cluster, pathOf(namespace, name)), namespace, name };
  }

  function servicesBehind(source: SourceIdentity): readonly ServiceRef[] {
    if (source.workload === null || source.namespace === null) return [];
    const cluster = clusterNamed(source.cluster, null);
    return [...(servedBy.get(pathOf(cluster, source.namespace, source.workload))?.values() ?? [])];
  }

  function placeSource(source: SourceIdentity): PlacedNode {
    const behind = servicesBehind(source);
    const ref =
      behind.find(({ name }) => name === source.canonicalService) ??
      [...behind].sort((a, b) => (serviceKey(a) < serviceKey(b) ? -1 : 1))[0];
    if (ref !== undefined) return serviceNode(ref);
    if (source.namespace === null) return unknownNode;
    const cluster = clusterNamed(source.cluster, null);
    const gateway = source.workload ?? source.canonicalService;
    if (gateway !== null && isGateway(gateway, source.namespace)) {
      return workloadNode(cluster, source.namespace, gateway);
    }
    if (source.canonicalService !== null) {
      return serviceNode(refOf({ ...source, kind: "SERVICE", name: source.canonicalService }));
    }
    return source.workload === null ? unknownNode : workloadNode(cluster, source.namespace, source.workload);
  }

  function placeDestination(destination: DestinationIdentity): PlacedNode {
    switch (destination.kind) {
      case "SERVICE":
        return serviceNode(refOf(destination));
      case "WORKLOAD":
        return placeSource({ ...destination, canonicalService: null });
      case "EXTERNAL":
        return externalNode(destination.name);
      case "PASSTHROUGH":
        return passthroughNode;
      case "BLACK_HOLE":
        return blackHoleNode;
      case "UNKNOWN":
        return unknownNode;
    }
  }

  function noteDestination({ dialect, protocol, destination, rawDestination }: IndexRow): void {
    if (destination === null) return;
    const placed = placeDestination(destination);
    const { service } = placed.node;
    if (rawDestination !== null) {
      addTo(rawDestinations, pathOf(dialect.name, placed.node.key), rawDestination);
      putIn(named, pathOf(dialect.name, rawDestination), placed.node.key, destination);
    }
    if (service === null) return;
    const key = serviceKey(service);
    const known = services.get(key);
    if (known === undefined) {
      const isRequest = protocol === "REQUEST";
      services.set(key, { ref: service, dialect, hasRequests: isRequest, hasTcp: !isRequest });
    } else {
      if (known.dialect === null || (order.get(dialect.name) ?? 0) < (order.get(known.dialect.name) ?? 0)) {
        known.dialect = dialect;
      }
      if (protocol === "REQUEST") known.hasRequests = true;
      else known.hasTcp = true;
    }
    if (destination.workload !== null && destination.namespace !== null) {
      const cluster = clusterNamed(destination.cluster, pathOf(destination.namespace, destination.name));
      addTo(workloads, key, destination.workload);
      putIn(servedBy, pathOf(cluster, destination.namespace, destination.workload), key, service);
    }
  }

  function noteSource({ dialect, source, rawSource }: IndexRow): void {
    if (source === null) return;
    const placed = placeSource(source);
    const { node } = placed;
    if (rawSource !== null) addTo(rawSources, pathOf(dialect.name, node.key), rawSource);
    if (source.canonicalService !== null && source.namespace !== null) {
      putIn(canonicalOf, canonicalPath(source), node.key, placed);
    }
    if (node.kind === "SERVICE" && node.service !== null && !services.has(node.key)) {
      services.set(node.key, { ref: node.service, dialect: null, hasRequests: false, hasTcp: false });
    }
  }

  function canonicalPath(source: SourceIdentity): string {
    return pathOf(source.namespace ?? "", source.canonicalService ?? "");
  }

  // Services by their hosts first: workloads and namesakes are looked up in them.
  for (const row of rows) if (row.destination?.kind === "SERVICE") noteDestination(row);
  for (const row of rows) if (row.destination?.kind !== "SERVICE") noteDestination(row);
  for (const row of rows) noteSource(row);

  const placedSources = new Map<string, PlacedNode>();
  const placedDestinations = new Map<string, PlacedNode>();
  return {
    spoken,
    services,
    isMultiCluster: clusterLabels.size > 1,
    // Thousands of rows name the same few ends.
    placeSource: (source) =>
      remembered(
        placedSources,
        `${source.workload}\u0000${source.namespace}\u0000${source.canonicalService}\u0000${source.cluster}`,
        () => placeSource(source),
      ),
    placeDestination: (destination) =>
      remembered(
        placedDestinations,
        `${destination.kind}\u0000${destination.name}\u0000${destination.namespace}\u0000${destination.cluster}`,
        () => placeDestination(destination),
      ),
    destinationNamed(dialect, raw) {
      const found = named.get(pathOf(dialect.name, raw));
      return found?.size === 1 ? ([...found.values()][0] ?? null) : null;
    },
    placeCanonical(source) {
      const placed = canonicalOf.get(canonicalPath(source));
      if (source.workload !== null || placed === undefined) return [placeSource(source)];
      const here = [...placed.values()].filter(
        ({ node }) => source.cluster === null || node.service?.cluster === clusterNamed(source.cluster, null),
      );
      return here.length > 0 ? here : [...placed.values()];
    },
    scopeOf: (dialect, key) => ({
      destinations: [...(rawDestinations.get(pathOf(dialect.name, key)) ?? [])],
      sources: [...(rawSources.get(pathOf(dialect.name, key)) ?? [])],
    }),
    workloadsBehind: (key) => [...(workloads.get(key) ?? [])].sort(),
  };
}

/** Bounded, because an index is kept and rows of later questions may name ends it never saw. */
function remembered(placed: Map<string, PlacedNode>, key: string, place: () => PlacedNode): PlacedNode {
  const known = placed.get(key);
  if (known !== undefined) return known;
  if (placed.size >= 100_000) placed.clear();
  const node = place();
  placed.set(key, node);
  return node;
}

function pathOf(...parts: readonly string[]): string {
  return parts.join("\u0000");
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function putIn<T>(maps: Map<string, Map<string, T>>, key: string, inner: string, value: T): void {
  const map = maps.get(key);
  if (map === undefined) maps.set(key, new Map([[inner, value]]));
  else map.set(inner, value);
}
