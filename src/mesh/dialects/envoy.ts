/**
 * Plain Envoy's own counters, for proxies without a mesh's vocabulary. Only the client side names the called service (the cluster); the
 * caller is the scraped proxy. `upstream_rq` has calls by code, `upstream_rq_total` attempts: what is neither a code nor a retry is a
 * caller that went away (DC). Injected aborts are in none of these counters. Two label sets exist: Envoy's own and Istio's bootstrap.
 */
import { type CountedRow, type Dialect, type DialectRow, known, type Labels, statusNumber } from "./dialect.js";
import { serviceOfHost, withoutPort } from "./kubernetes-host.js";

interface LabelSet {
  readonly name: string;
  readonly cluster: string;
  readonly code: string;
}

const callerLabels = ["namespace", "app", "job"];
/** Clusters of the proxy's own affairs. */
const ownClusters =
  /^(inbound\||agent$|prometheus_stats$|sds-grpc$|xds[-_]|zipkin$|jaeger$|otel|admin$|self$|.*_access_log)/;

/** Envoy's default labels. */
export const envoy: Dialect = createEnvoy({
  name: "envoy",
  cluster: "envoy_cluster_name",
  code: "envoy_response_code",
});

/** The same counters under the labels that Istio's bootstrap gives them. */
export const envoyUnderIstio: Dialect = createEnvoy({
  name: "envoy-istio-labels",
  cluster: "cluster_name",
  code: "response_code",
});

function createEnvoy(set: LabelSet): Dialect {
  const report = {
    matchers: [{ label: set.cluster, op: "neq" as const, value: "" }],
    destinationLabel: set.cluster,
    sourceLabel: "app",
  };
  const view = [{ reports: [report], edgeLabels: [] }];
  return {
    name: set.name,
    kind: "ENVOY",
    detect: ["envoy_cluster_upstream_rq", "envoy_cluster_upstream_rq_total"],
    index: { destination: [set.cluster, "namespace"], source: [set.cluster, ...callerLabels] },
    requests: {
      counters: [
        {
          metric: "envoy_cluster_upstream_rq",
          role: "answered",
          matchers: [{ label: set.code, op: "neq", value: "" }],
        },
        { metric: "envoy_cluster_upstream_rq_total", role: "attempts", matchers: [] },
        { metric: "envoy_cluster_upstream_rq_retry", role: "retries", matchers: [] },
      ],
      views: { callers: view, server: [] },
      partLabels: { version: null, route: null },
      sourceLabels: callerLabels,
      destinationLabels: [set.cluster],
      outcomeLabels: [set.code],
    },
    latency: {
      metric: { callers: "envoy_cluster_upstream_rq_time", server: "envoy_cluster_upstream_rq_time" },
      msPerUnit: 1,
      serviceLabels: [set.cluster],
      edgeLabels: [set.cluster, ...callerLabels],
      clusterLabels: { source: [], destination: [] },
    },
    tcp: null,
    toRow: (labels) => toRow(labels, set),
    derive,
    named: (name, namespace) => [
      {
        metric: "envoy_cluster_upstream_rq_total",
        matchers: [
          { label: "app", op: "eq", value: name },
          { label: "namespace", op: "eq", value: namespace },
        ],
      },
    ],
  };
}

function toRow(labels: Labels, set: LabelSet): DialectRow | null {
  const cluster = known(labels[set.cluster]);
  if (cluster === null || ownClusters.test(cluster)) return null;
  const namespace = known(labels["namespace"]);
  const app = known(labels["app"]) ?? known(labels["job"]);
  return {
    source: { workload: app, namespace, canonicalService: known(labels["app"]), cluster: null },
    destination: destinationOf(cluster, namespace),
    protocol: "HTTP",
    reporter: "SOURCE",
    code: statusNumber(labels[set.code]),
    grpcStatus: null,
    flags: [],
    isMarkedFailed: false,
    isMutualTls: null,
    mayCarryRequests: false,
  };
}

/** `outbound|9080|v2|reviews.bookinfo.svc.cluster.local`, or any name a hand-written configuration gave its cluster. */
function destinationOf(cluster: string, callerNamespace: string | null) {
  const nothing = { name: "", namespace: null, cluster: null, workload: null };
  if (cluster.startsWith("BlackHoleCluster")) return { ...nothing, kind: "BLACK_HOLE" as const };
  if (cluster.startsWith("PassthroughCluster")) return { ...nothing, kind: "PASSTHROUGH" as const };
  const host = cluster.startsWith("outbound|") ? (cluster.split("|")[3] ?? cluster) : cluster;
  const hosted = serviceOfHost(host);
  if (hosted !== null) return { kind: "SERVICE" as const, ...hosted, cluster: null, workload: null };
  if (host.includes(".")) return { ...nothing, kind: "EXTERNAL" as const, name: withoutPort(host) };
  return { kind: "SERVICE" as const, name: host, namespace: callerNamespace ?? "", cluster: null, workload: null };
}

/** attempts − retries − answered = callers that went away; never below zero, because a call without endpoints makes no attempt. */
function derive(rows: readonly CountedRow[]): readonly CountedRow[] {
  const edges = new Map<string, { attempts: CountedRow; left: (number | null)[] }>();
  for (const row of rows) {
    if (row.role === "attempts") edges.set(edgeKey(row.row), { attempts: row, left: [...row.values] });
  }
  for (const row of rows) {
    const edge = row.role === "attempts" ? undefined : edges.get(edgeKey(row.row));
    row.values.forEach((value, i) => {
      const left = edge?.left[i];
      if (edge !== undefined && left !== undefined && left !== null) edge.left[i] = left - (value ?? 0);
    });
  }
  const answered = rows.filter((row) => row.role === "answered").map((row) => ({ ...row, role: "calls" }));
  const gone = [...edges.values()].flatMap(({ attempts, left }) => {
    const values = left.map((value) => (value === null ? null : Math.max(0, value)));
    if (!values.some((value) => value !== null && value > 0)) return [];
    return [{ row: { ...attempts.row, code: 0, flags: ["DC"] }, role: "calls", values }];
  });
  return [...answered, ...gone];
}

function edgeKey({ source, destination }: DialectRow): string {
  return JSON.stringify([source.workload, source.namespace, destination.kind, destination.name, destination.namespace]);
}
