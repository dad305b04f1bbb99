/** A small mesh's metrics in memory: tests say what each proxy counted, and get the source that holds it and a reader over it. */
import { createMesh, type MeshDeps } from "../../src/mesh/create-mesh.js";
import { noLinkTargets } from "../../src/mesh/links/link-targets.js";
import type { MeshEdge, MeshReader, ReadContext } from "../../src/mesh/mesh.js";
import { createMemoryMetricSource } from "../../src/sources/memory/memory-metric-source.js";
import { createMetricStore, type MetricStore } from "../../src/sources/memory/metric-store.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import type { UpstreamCall } from "../../src/telemetry/source.js";
import { seeAll } from "../../src/telemetry/visibility.js";

/** The window every count below falls into: ten minutes. */
export const testWindow = { fromMs: 1_700_000_100_000, toMs: 1_700_000_700_000 };
export const everything = { clusters: null, namespaces: null, nameContains: null, meshes: null };

const steps = 4;
const bounds = [1, 5, 25, 50, 1000, 2500, 5000, 10000];

/** A store with ways to say what was counted in testWindow. */
export interface TestMetrics {
  readonly store: MetricStore;
  /** A counter that grows evenly by `count`. */
  counted(metric: string, labels: Readonly<Record<string, string>>, count: number): void;
  /** A histogram (name without `_bucket`) of `count` observations of one value. */
  observed(histogram: string, labels: Readonly<Record<string, string>>, count: number, value: number): void;
}

export function createTestMetrics(): TestMetrics {
  const store = createMetricStore({ maxAgeMs: 86_400_000 });
  const { fromMs, toMs } = testWindow;
  function counted(metric: string, labels: Readonly<Record<string, string>>, count: number): void {
    for (let i = 0; i <= steps; i++) {
      const value = Math.round((count * i) / steps);
      store.add({ ...labels, __name__: metric }, fromMs + ((toMs - fromMs) * i) / steps, value);
    }
  }
  return {
    store,
    counted,
    observed(histogram, labels, count, value) {
      for (const bound of bounds) {
        counted(`${histogram}_bucket`, { ...labels, le: String(bound) }, value <= bound ? count : 0);
      }
      counted(`${histogram}_bucket`, { ...labels, le: "+Inf" }, count);
    },
  };
}

/** One proxy's count of calls as Istio labels it. */
export interface IstioCalls {
  readonly reporter: "source" | "destination" | "waypoint";
  readonly source: string;
  readonly service: string;
  /** Workload that answered; null where no endpoint was chosen. */
  readonly workload: string | null;
  readonly count: number;
  readonly code?: string;
  readonly flags?: string;
  readonly ms?: number;
  readonly grpcStatus?: string;
  readonly isMutualTls?: boolean;
  readonly namespace?: string;
}

/** Labels of the source: `reviews-v2` is workload of canonical service `reviews`; `unknown` is outside the mesh. */
export function istioSource(workload: string, namespace = "bookinfo"): Record<string, string> {
  const isGateway = workload === "istio-ingressgateway";
  const isUnknown = workload === "unknown";
  return {
    source_workload: workload,
    source_workload_namespace: isUnknown ? "unknown" : isGateway ? "istio-system" : namespace,
    source_canonical_service: workload.replace(/-v\d+$/, ""),
    source_cluster: isUnknown ? "unknown" : "Kubernetes",
  };
}

/** Labels of the destination; without a workload only the host is known. */
export function istioDestination(
  service: string,
  workload: string | null,
  namespace = "bookinfo",
): Record<string, string> {
  const isKnown = workload !== null;
  return {
    destination_service: service.includes(".") ? service : `${service}.${namespace}.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: isKnown ? namespace : "unknown",
    destination_workload: workload ?? "unknown",
    destination_workload_namespace: isKnown ? namespace : "unknown",
    destination_canonical_service: isKnown ? service : "unknown",
    destination_cluster: isKnown ? "Kubernetes" : "unknown",
  };
}

/** Adds calls with their durations. */
export function addIstioCalls(metrics: TestMetrics, calls: IstioCalls): void {
  const { reporter, source, service, workload, count, code = "200", flags = "-", ms = 5, namespace } = calls;
  const isServer = reporter !== "source";
  const labels = {
    ...istioSource(source, namespace),
    ...istioDestination(service, workload, namespace),
    reporter,
    request_protocol: calls.grpcStatus === undefined ? "http" : "grpc",
    response_code: code,
    response_flags: flags,
    connection_security_policy: !isServer ? "unknown" : calls.isMutualTls === false ? "none" : "mutual_tls",
    ...(calls.grpcStatus === undefined ? {} : { grpc_response_status: calls.grpcStatus }),
  };
  metrics.counted("istio_requests_total", labels, count);
  metrics.observed("istio_request_duration_milliseconds", labels, count, ms);
}

/** The same calls as both proxies saw them. */
export function addIstioPair(metrics: TestMetrics, calls: Omit<IstioCalls, "reporter">): void {
  addIstioCalls(metrics, { ...calls, reporter: "source" });
  addIstioCalls(metrics, { ...calls, reporter: "destination" });
}

/** A memory source over the metrics. */
export function memorySource(metrics: TestMetrics, name = "prometheus", cluster: string | null = null): MetricSource {
  return createMemoryMetricSource({ config: { name, cluster, scrapeIntervalMs: 15_000 }, store: metrics.store });
}

/** Builds a mesh of metrics sources only. */
export function metricsMesh(sources: readonly MetricSource[], more: Partial<MeshDeps> = {}) {
  return createMesh({
    metricSources: sources,
    traceSources: [],
    logSources: [],
    workloadSources: [],
    clock: { nowMs: () => Date.now() },
    clusters: { aliases: {}, fallback: "default" },
    links: noLinkTargets,
    dialect: null,
    ...more,
  });
}

/** A reader and the upstream calls it made. */
export function readerOf(
  sources: readonly MetricSource[],
  context: Partial<ReadContext> = {},
  more: Partial<MeshDeps> = {},
): { readonly reader: MeshReader; readonly calls: UpstreamCall[] } {
  const calls: UpstreamCall[] = [];
  const reader = metricsMesh(sources, more).reader({
    visibility: seeAll,
    signal: new AbortController().signal,
    deadlineMs: Date.now() + 30_000,
    onUpstreamCall: (call) => calls.push(call),
    ...context,
  });
  return { reader, calls };
}

/** The edge between two labels; fails loudly when it is not there once. */
export function edgeBetween(edges: readonly MeshEdge[] | null, source: string, destination: string): MeshEdge {
  const found = (edges ?? []).filter((edge) => edge.source.label === source && edge.destination.label === destination);
  if (found.length !== 1 || found[0] === undefined) {
    const drawn = (edges ?? []).map((edge) => `${edge.source.label}->${edge.destination.label} ${edge.protocol}`);
    throw new Error(`${found.length} edges ${source}->${destination} among: ${drawn.join(", ")}`);
  }
  return found[0];
}
