/**
 * What dashboards show and the simulated mesh does not have, as series of the shape the real programs give: gRPC, a waypoint, control
 * planes, cAdvisor. Every counter grows by its `perSecond`.
 */
import type { MetricSample } from "../support/open-metrics.js";

interface Grown {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly perSecond?: number;
  /** Of a gauge, for ever. */
  readonly value?: number;
}

const host = "quotes.shop.svc.cluster.local";
const grpc = (status: string, perSecond: number, reporter: string): Grown => ({
  name: "istio_requests_total",
  labels: {
    reporter,
    request_protocol: "grpc",
    response_code: "200",
    grpc_response_status: status,
    response_flags: "-",
    source_workload: "basket",
    source_workload_namespace: "shop",
    source_canonical_service: "basket",
    source_cluster: "Kubernetes",
    destination_service: host,
    destination_service_name: "quotes",
    destination_service_namespace: "shop",
    destination_workload: "quotes",
    destination_workload_namespace: "shop",
    destination_canonical_service: "quotes",
    destination_cluster: "Kubernetes",
    connection_security_policy: reporter === "destination" ? "mutual_tls" : "unknown",
  },
  perSecond,
});
const linkerdGrpc = (grpc_status: string, classification: string, perSecond: number): Grown => ({
  name: "response_total",
  labels: {
    direction: "outbound",
    authority: `${host}:7000`,
    namespace: "shop",
    deployment: "basket",
    dst_namespace: "shop",
    dst_service: "quotes",
    dst_deployment: "quotes",
    tls: "true",
    status_code: "200",
    grpc_status,
    classification,
  },
  perSecond,
});
const buckets = (name: string, labels: Readonly<Record<string, string>>): readonly Grown[] =>
  ["0.1", "0.5", "1", "+Inf"].map((le, i) => ({
    name: `${name}_bucket`,
    labels: { ...labels, le },
    perSecond: 0.1 * (i + 1),
  }));
const proxy = (container: string, pod: string): readonly Grown[] => [
  { name: "container_cpu_usage_seconds_total", labels: { container, pod, namespace: "bookinfo" }, perSecond: 0.02 },
  { name: "container_memory_working_set_bytes", labels: { container, pod, namespace: "bookinfo" }, value: 60_000_000 },
];

/** Waypoint, sidecar and server count the same calls of one edge, 4 a second of which 1 fails by its gRPC status. */
const series: readonly Grown[] = [
  ...["waypoint", "source", "destination"].flatMap((reporter) => [grpc("0", 3, reporter), grpc("14", 1, reporter)]),
  linkerdGrpc("0", "success", 3),
  linkerdGrpc("14", "failure", 1),
  ...proxy("istio-proxy", "reviews-v1-6f6cfc45b-h5m2n"),
  ...proxy("linkerd-proxy", "ratings-v1-6f6cfc45b-abcde"),
  { name: "citadel_server_root_cert_expiry_timestamp", labels: { app: "istiod" }, value: 2_000_000_000 },
  { name: "pilot_xds", labels: { app: "istiod", version: "1.29" }, value: 12 },
  { name: "pilot_total_xds_rejects", labels: { app: "istiod", type: "cds" }, perSecond: 0 },
  { name: "pilot_xds_push_errors", labels: { app: "istiod", type: "cds" }, perSecond: 0 },
  { name: "pilot_xds_pushes", labels: { app: "istiod", type: "cds" }, perSecond: 0.1 },
  ...buckets("pilot_proxy_convergence_time", { app: "istiod" }),
  {
    name: "identity_cert_expiration_timestamp_seconds",
    labels: { job: "linkerd-proxy", pod: "x" },
    value: 2_000_000_000,
  },
  {
    name: "response_total",
    labels: {
      namespace: "linkerd",
      deployment: "linkerd-destination",
      direction: "inbound",
      classification: "success",
    },
    perSecond: 1,
  },
];

/** Samples every 15 s from one instant to another. */
export function seriesBesideDemo(fromMs: number, toMs: number): readonly MetricSample[] {
  const samples: MetricSample[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += 15_000) {
    for (const { name, labels, perSecond = 0, value } of series) {
      samples.push({ name, labels: { ...labels }, atMs, value: value ?? (perSecond * (atMs - fromMs)) / 1000 });
    }
  }
  return samples;
}

/** An exposition of a program as samples of one instant; counts are multiplied by `grown`, so that they grow. */
export function samplesOfText(
  text: string,
  atMs: number,
  labels: Readonly<Record<string, string>>,
  grown: number,
): readonly MetricSample[] {
  return text.split("\n").flatMap((line): readonly MetricSample[] => {
    const match = /^([a-z_][\w:]*)(?:\{(.*)\})? (\S+)$/i.exec(line);
    if (match === null || line.startsWith("#")) return [];
    const [, name = "", pairs = "", value] = match;
    const own = [...pairs.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text = ""]) => [
      key,
      text.replace(/\\(.)/g, "$1"),
    ]);
    return Number.isFinite(Number(value))
      ? [
          {
            name,
            labels: { ...labels, ...Object.fromEntries(own) },
            atMs,
            value: Number(value) * (/_(bucket|count|sum|total)$/.test(name) ? grown : 1),
          },
        ]
      : [];
  });
}
