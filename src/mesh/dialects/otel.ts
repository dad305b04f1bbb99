/**
 * OpenTelemetry's span metrics (one service, as its server spans say) and service graph (pairs of client and server). Both count the
 * spans they receive, so head sampling scales their numbers. A service graph comes first where both exist: it has edges.
 * Source: opentelemetry-collector-contrib spanmetricsconnector and servicegraphconnector; Tempo's metrics generator.
 */
import {
  type CountedRow,
  type Dialect,
  type DialectRow,
  known,
  type Labels,
  type SourceIdentity,
  statusNumber,
} from "./dialect.js";

interface SpanMetrics {
  readonly calls: string;
  readonly duration: string;
  readonly msPerUnit: number;
}

/** Names over the connector's versions: with and without namespace, ms or s, and Tempo's. */
const spanMetrics: readonly SpanMetrics[] = [
  { calls: "traces_span_metrics_calls_total", duration: "traces_span_metrics_duration_milliseconds", msPerUnit: 1 },
  { calls: "traces_span_metrics_calls_total", duration: "traces_span_metrics_duration_seconds", msPerUnit: 1000 },
  { calls: "traces_spanmetrics_calls_total", duration: "traces_spanmetrics_latency", msPerUnit: 1000 },
  { calls: "calls_total", duration: "duration_milliseconds", msPerUnit: 1 },
  { calls: "calls_total", duration: "duration_seconds", msPerUnit: 1000 },
  { calls: "calls_total", duration: "latency", msPerUnit: 1 },
];

const serviceLabels = ["service_name", "service", "service_namespace", "k8s_namespace_name"];
const statusLabels = ["status_code", "http_response_status_code", "http_status_code", "rpc_grpc_status_code"];
const nobody: SourceIdentity = { workload: null, namespace: null, canonicalService: null, cluster: null };

/** One dialect per spelling of the span metrics. */
export const otelSpanMetrics: readonly Dialect[] = spanMetrics.map(({ calls, duration, msPerUnit }) => {
  const report = {
    matchers: [{ label: "span_kind", op: "eq" as const, value: "SPAN_KIND_SERVER" }],
    destinationLabel: calls === "traces_spanmetrics_calls_total" ? "service" : "service_name",
    sourceLabel: null,
  };
  const view = [{ reports: [report], edgeLabels: [] }];
  return {
    name: `otel ${duration}`,
    kind: "OTEL",
    detect: [calls, `${duration}_bucket`],
    index: { destination: serviceLabels, source: [] },
    requests: {
      counters: [{ metric: calls, role: "calls", matchers: [] }],
      views: { callers: view, server: view },
      // Server spans are named by their route: OpenTelemetry's semantic conventions for HTTP and RPC.
      partLabels: { version: null, route: "span_name" },
      sourceLabels: [],
      destinationLabels: serviceLabels,
      outcomeLabels: statusLabels,
    },
    latency: {
      metric: { callers: duration, server: duration },
      msPerUnit,
      serviceLabels,
      edgeLabels: serviceLabels,
      clusterLabels: { source: [], destination: [] },
    },
    tcp: null,
    toRow: spanRow,
    named: (name: string) => [
      { metric: calls, matchers: [{ label: "service_name", op: "eq", value: name }] },
      { metric: calls, matchers: [{ label: "service", op: "eq", value: name }] },
    ],
  } satisfies Dialect;
});

const graphReport = { matchers: [], destinationLabel: "server", sourceLabel: "client" };
const graphView = [{ reports: [graphReport], edgeLabels: [] }];
const graphLabels = {
  source: ["client", "client_service_namespace", "client_k8s_namespace_name"],
  destination: ["server", "server_service_namespace", "server_k8s_namespace_name", "connection_type"],
};

/** The service graph. Client durations are the callers' view, server durations the server's; counts are the same in both. */
export const otelServiceGraph: Dialect = {
  name: "otel service graph",
  kind: "OTEL",
  detect: ["traces_service_graph_request_total"],
  index: { destination: graphLabels.destination, source: [...graphLabels.source, "server"] },
  requests: {
    counters: [
      { metric: "traces_service_graph_request_total", role: "all", matchers: [] },
      { metric: "traces_service_graph_request_failed_total", role: "failed", matchers: [] },
    ],
    views: { callers: graphView, server: [] },
    partLabels: { version: null, route: null },
    sourceLabels: graphLabels.source,
    destinationLabels: graphLabels.destination,
    outcomeLabels: [],
  },
  latency: {
    metric: {
      callers: "traces_service_graph_request_client_seconds",
      server: "traces_service_graph_request_server_seconds",
    },
    msPerUnit: 1000,
    serviceLabels: graphLabels.destination,
    edgeLabels: [...graphLabels.source, ...graphLabels.destination],
    clusterLabels: { source: [], destination: [] },
  },
  tcp: null,
  toRow: graphRow,
  derive: withoutFailed,
  named: (name) => [
    { metric: "traces_service_graph_request_total", matchers: [{ label: "server", op: "eq", value: name }] },
    { metric: "traces_service_graph_request_total", matchers: [{ label: "client", op: "eq", value: name }] },
  ],
};

function spanRow(labels: Labels): DialectRow | null {
  const name = known(labels["service_name"]) ?? known(labels["service"]);
  if (name === null) return null;
  const namespace = known(labels["k8s_namespace_name"]) ?? known(labels["service_namespace"]) ?? "";
  return {
    ...plainRow,
    source: nobody,
    destination: { kind: "SERVICE", name, namespace, cluster: null, workload: null },
    reporter: "DESTINATION",
    code: statusNumber(labels["http_response_status_code"]) ?? statusNumber(labels["http_status_code"]),
    grpcStatus: statusNumber(labels["rpc_grpc_status_code"]),
    protocol: known(labels["rpc_grpc_status_code"]) === null ? "HTTP" : "GRPC",
    isMarkedFailed: labels["status_code"] === "STATUS_CODE_ERROR",
  };
}

function graphRow(labels: Labels): DialectRow | null {
  const client = known(labels["client"]);
  const server = known(labels["server"]);
  if (server === null) return null;
  const isOutside = client === null || client === "user";
  const clientNamespace = known(labels["client_k8s_namespace_name"]) ?? known(labels["client_service_namespace"]) ?? "";
  const namespace = known(labels["server_k8s_namespace_name"]) ?? known(labels["server_service_namespace"]) ?? "";
  const connection = known(labels["connection_type"]);
  const isPeer = connection === "database" || connection === "messaging_system" || connection === "virtual_node";
  return {
    ...plainRow,
    source: isOutside
      ? nobody
      : { workload: client, namespace: clientNamespace, canonicalService: client, cluster: null },
    destination: isPeer
      ? { kind: "EXTERNAL", name: server, namespace: null, cluster: null, workload: null }
      : { kind: "SERVICE", name: server, namespace, cluster: null, workload: server },
    reporter: "SOURCE",
  };
}

const plainRow = {
  protocol: "HTTP",
  code: null,
  grpcStatus: null,
  flags: [],
  isMarkedFailed: false,
  isMutualTls: null,
  mayCarryRequests: false,
} as const;

/** all − failed = good; the connector counts a failed call in both. */
function withoutFailed(rows: readonly CountedRow[]): readonly CountedRow[] {
  const failed = new Map(rows.filter((row) => row.role === "failed").map((row) => [edgeKey(row.row), row]));
  return rows.flatMap((row) => {
    if (row.role !== "all") return [];
    const bad = failed.get(edgeKey(row.row));
    const good = row.values.map((value, i) => (value === null ? null : Math.max(0, value - (bad?.values[i] ?? 0))));
    const calls = [{ ...row, role: "calls", values: good }];
    return bad === undefined
      ? calls
      : [...calls, { row: { ...bad.row, isMarkedFailed: true }, role: "calls", values: bad.values }];
  });
}

function edgeKey({ source, destination }: DialectRow): string {
  return JSON.stringify([source.workload, source.namespace, destination.kind, destination.name, destination.namespace]);
}
