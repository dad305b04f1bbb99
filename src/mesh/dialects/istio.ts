/**
 * Istio's vocabulary, sidecars and ambient. Read by the metrics reader.
 * Rows are keyed by the called host (`destination_service`): where no endpoint was chosen (UH, an injected abort, egress) the callers'
 * rows name no workload. `connection_security_policy` is told by the server's proxy and by waypoints only.
 * Source: istio.io "Istio Standard Metrics"; the true rows of each kind of failure were measured on Envoy 1.40.
 */
import { parseFlags } from "../response-flags.js";
import { type DestinationIdentity, type Dialect, known, type Labels, type Report, statusNumber } from "./dialect.js";
import { isIpAddress, serviceOfHost, withoutPort } from "./kubernetes-host.js";

const requests = "istio_requests_total";
const opened = "istio_tcp_connections_opened_total";

const report = (reporter: string): Report => ({
  matchers: [{ label: "reporter", op: "eq", value: reporter }],
  destinationLabel: "destination_service",
  sourceLabel: "source_workload",
});
const pair = ["source_workload", "source_workload_namespace", "destination_service"];
const sourceLabels = ["source_workload", "source_workload_namespace", "source_canonical_service", "source_cluster"];
const destinationLabels = [
  "destination_service",
  "destination_service_name",
  "destination_service_namespace",
  "destination_workload",
  "destination_workload_namespace",
  "destination_canonical_service",
  "destination_cluster",
];
/** Without the workload, so that versions of a service do not multiply the rows of an edge. */
const calledLabels = destinationLabels.filter((label) => label !== "destination_workload");

/** The Istio dialect. */
export const istio: Dialect = {
  name: "istio",
  kind: "ISTIO",
  detect: [requests],
  index: { destination: destinationLabels, source: sourceLabels },
  requests: {
    counters: [{ metric: requests, role: "calls", matchers: [] }],
    views: {
      callers: [{ reports: [report("waypoint"), report("source"), report("destination")], edgeLabels: pair }],
      server: [{ reports: [report("destination")], edgeLabels: pair }],
    },
    // A route's label is there where a Telemetry resource classifies requests (istio.io "Classifying Metrics Based on Request").
    partLabels: { version: "destination_version", route: "request_operation" },
    sourceLabels,
    destinationLabels: calledLabels,
    outcomeLabels: [
      "reporter",
      "request_protocol",
      "response_code",
      "grpc_response_status",
      "response_flags",
      "connection_security_policy",
    ],
  },
  latency: {
    metric: {
      callers: "istio_request_duration_milliseconds",
      server: "istio_request_duration_milliseconds",
    },
    msPerUnit: 1,
    serviceLabels: ["destination_service", "destination_service_name"],
    edgeLabels: [
      "destination_service",
      "destination_service_name",
      "source_canonical_service",
      "source_workload_namespace",
      "request_protocol",
    ],
    clusterLabels: { source: ["source_cluster"], destination: ["destination_cluster"] },
  },
  tcp: {
    // Istio names bytes from the proxy's side of the client connection: "received" came from the caller (istio/istio#32399).
    counters: [
      { metric: opened, role: "opened", matchers: [] },
      { metric: "istio_tcp_connections_closed_total", role: "closed", matchers: [] },
      { metric: "istio_tcp_received_bytes_total", role: "sent", matchers: [] },
      { metric: "istio_tcp_sent_bytes_total", role: "received", matchers: [] },
    ],
    views: [{ reports: [report("source"), report("destination")], edgeLabels: pair }],
    serverView: { reports: [report("destination")], edgeLabels: pair },
    labels: [...sourceLabels, ...destinationLabels, "reporter", "app"],
    flagLabels: ["response_flags"],
    securityLabels: ["connection_security_policy"],
  },
  toRow(labels, protocol) {
    const destination = destinationOf(labels, protocol);
    if (destination === null) return null;
    if (protocol === "TCP" && (isWaypoint(labels["source_workload"]) || isWaypoint(labels["destination_workload"]))) {
      return null;
    }
    const isGrpc = labels["request_protocol"] === "grpc";
    return {
      source: {
        workload: known(labels["source_workload"]),
        namespace: known(labels["source_workload_namespace"]),
        canonicalService: known(labels["source_canonical_service"]),
        cluster: known(labels["source_cluster"]),
      },
      destination,
      protocol: protocol === "TCP" ? "TCP" : isGrpc ? "GRPC" : "HTTP",
      reporter: reporterOf(labels["reporter"]),
      code: statusNumber(labels["response_code"]),
      grpcStatus: isGrpc ? statusNumber(labels["grpc_response_status"]) : null,
      flags: parseFlags(labels["response_flags"]),
      isMarkedFailed: false,
      isMutualTls: securityOf(labels["connection_security_policy"]),
      mayCarryRequests: protocol === "TCP" && labels["app"] === "ztunnel",
    };
  },
  named: (name, namespace) => [
    {
      metric: requests,
      matchers: [
        { label: "destination_service_name", op: "eq", value: name },
        { label: "destination_service_namespace", op: "in", values: [namespace, "unknown", ""] },
      ],
    },
    {
      metric: requests,
      matchers: [
        { label: "source_canonical_service", op: "eq", value: name },
        { label: "source_workload_namespace", op: "eq", value: namespace },
      ],
    },
    {
      metric: opened,
      matchers: [
        { label: "destination_service_name", op: "eq", value: name },
        { label: "destination_service_namespace", op: "in", values: [namespace, "unknown", ""] },
      ],
    },
  ],
};

function reporterOf(reporter: string | undefined) {
  return reporter === "waypoint" ? "WAYPOINT" : reporter === "source" ? "SOURCE" : "DESTINATION";
}

function securityOf(policy: string | undefined): boolean | null {
  return policy === "mutual_tls" ? true : policy === "none" ? false : null;
}

/** Waypoints are made by `istioctl waypoint apply` with this name or ending; layer-4 rows to or from one repeat the calls it reports. */
function isWaypoint(workload: string | undefined): boolean {
  return workload !== undefined && /(^|-)waypoint$/.test(workload);
}

function destinationOf(labels: Labels, protocol: "REQUEST" | "TCP"): DestinationIdentity | null {
  const host = known(labels["destination_service"]);
  const short = known(labels["destination_service_name"]);
  const workload = known(labels["destination_workload"]);
  const workloadNamespace = known(labels["destination_workload_namespace"]);
  const namespace = known(labels["destination_service_namespace"]) ?? workloadNamespace;
  const cluster = clusterOf(labels, host);
  const hosted = host === null ? null : serviceOfHost(host);
  if (hosted !== null) return { kind: "SERVICE", ...hosted, cluster, workload };

  const special = short === null ? null : specialCluster(short);
  const canonical = known(labels["destination_canonical_service"]);
  if (special !== null) {
    // With a known endpoint the call reached a workload of the mesh after all (kiali/kiali#4488).
    if (canonical !== null && namespace !== null) {
      return { kind: "SERVICE", name: canonical, namespace, cluster, workload };
    }
    if (special !== "INBOUND") return { kind: special, name: "", namespace: null, cluster, workload: null };
  }
  const isInMesh = namespace !== null && (workload !== null || canonical !== null || workloadNamespace !== null);
  if (host !== null) {
    if (isInMesh && special === null) {
      return { kind: "SERVICE", name: short ?? withoutPort(host), namespace, cluster, workload };
    }
    // Health checks and peers called by address would make a node per pod.
    if (isIpAddress(host)) return protocol === "TCP" ? unknownDestination(cluster) : null;
    return { kind: "EXTERNAL", name: withoutPort(host), namespace: null, cluster: null, workload: null };
  }
  if (namespace !== null && canonical !== null) {
    return { kind: "SERVICE", name: canonical, namespace, cluster, workload };
  }
  if (namespace !== null && workload !== null)
    return { kind: "WORKLOAD", name: workload, namespace, cluster, workload };
  return unknownDestination(cluster);
}

/** Rows without an endpoint have no destination cluster; a service of the cluster is then taken to be the caller's (istio/istio#29373). */
function clusterOf(labels: Labels, host: string | null): string | null {
  const own = known(labels["destination_cluster"]);
  return own ?? (host === null ? null : known(labels["source_cluster"]));
}

function specialCluster(name: string): "BLACK_HOLE" | "PASSTHROUGH" | "INBOUND" | null {
  // Before Istio 1.23 the names end in Ipv4 or Ipv6.
  if (name.startsWith("BlackHoleCluster")) return "BLACK_HOLE";
  if (name.startsWith("InboundPassthroughCluster")) return "INBOUND";
  return name.startsWith("PassthroughCluster") ? "PASSTHROUGH" : null;
}

function unknownDestination(cluster: string | null): DestinationIdentity {
  return { kind: "UNKNOWN", name: "", namespace: null, cluster, workload: null };
}
