/**
 * Linkerd's vocabulary. The client's proxy (direction outbound) names both ends, the server's (inbound) names itself by its scrape labels
 * and the called host by `authority`; it knows its caller only by TLS identity, so an edge is told apart by the authority.
 * There are no response flags: `error` stands in for them. Source: linkerd2-proxy metrics, linkerd-viz queries.
 */
import { type Dialect, known, type Labels, type Report, statusNumber } from "./dialect.js";
import { serviceOfHost, withoutPort } from "./kubernetes-host.js";

const responses = "response_total";
const opened = "tcp_open_total";

const outbound: Report = {
  matchers: [{ label: "direction", op: "eq", value: "outbound" }],
  destinationLabel: "authority",
  sourceLabel: "deployment",
};
const inboundMeshed: Report = {
  matchers: [
    { label: "direction", op: "eq", value: "inbound" },
    { label: "tls", op: "eq", value: "true" },
  ],
  destinationLabel: "authority",
  sourceLabel: null,
};
/** Callers without a proxy: only the server's proxy sees them. */
const inboundPlain: Report = {
  matchers: [
    { label: "direction", op: "eq", value: "inbound" },
    { label: "tls", op: "neq", value: "true" },
  ],
  destinationLabel: "authority",
  sourceLabel: null,
};
const inbound: Report = {
  matchers: [{ label: "direction", op: "eq", value: "inbound" }],
  destinationLabel: "authority",
  sourceLabel: null,
};

const ownLabels = ["direction", "namespace", "deployment", "client_id"];
const calledLabels = ["authority", "dst_namespace", "dst_service"];

/** The Linkerd dialect. */
export const linkerd: Dialect = {
  name: "linkerd",
  kind: "LINKERD",
  detect: [responses, "response_latency_ms_bucket"],
  index: { destination: [...ownLabels, ...calledLabels, "dst_deployment"], source: ownLabels },
  requests: {
    counters: [{ metric: responses, role: "calls", matchers: [] }],
    views: {
      callers: [
        { reports: [outbound, inboundMeshed], edgeLabels: ["authority"] },
        { reports: [inboundPlain], edgeLabels: [] },
      ],
      server: [{ reports: [inbound], edgeLabels: [] }],
    },
    partLabels: { version: null, route: null },
    sourceLabels: ownLabels,
    destinationLabels: calledLabels,
    outcomeLabels: ["status_code", "grpc_status", "classification", "error", "tls"],
  },
  latency: {
    metric: { callers: "response_latency_ms", server: "response_latency_ms" },
    msPerUnit: 1,
    serviceLabels: ["authority"],
    edgeLabels: ["authority", "direction", "namespace", "deployment"],
    clusterLabels: { source: [], destination: [] },
  },
  tcp: {
    counters: [
      { metric: opened, role: "opened", matchers: [{ label: "peer", op: "eq", value: "dst" }] },
      { metric: "tcp_close_total", role: "closed", matchers: [{ label: "peer", op: "eq", value: "dst" }] },
      { metric: "tcp_write_bytes_total", role: "sent", matchers: [{ label: "peer", op: "eq", value: "dst" }] },
      { metric: "tcp_read_bytes_total", role: "received", matchers: [{ label: "peer", op: "eq", value: "dst" }] },
    ],
    views: [{ reports: [outbound], edgeLabels: [] }],
    serverView: null,
    labels: [...ownLabels, ...calledLabels, "dst_deployment"],
    flagLabels: ["errno"],
    securityLabels: [],
  },
  toRow(labels, protocol) {
    const isOutbound = labels["direction"] === "outbound";
    const destination = destinationOf(labels, isOutbound);
    const isTcp = protocol === "TCP";
    const code = statusNumber(labels["status_code"]);
    const error = known(labels["error"]);
    const isFailure = labels["classification"] === "failure";
    return {
      source: isOutbound ? ownSource(labels) : peerSource(labels),
      destination,
      protocol: isTcp ? "TCP" : known(labels["grpc_status"]) === null ? "HTTP" : "GRPC",
      reporter: isOutbound ? "SOURCE" : "DESTINATION",
      // A failure with an error and no status got no answer at all.
      code: isTcp ? null : (code ?? (error !== null && isFailure ? 0 : null)),
      grpcStatus: statusNumber(labels["grpc_status"]),
      flags: flagsOf(labels, isTcp),
      isMarkedFailed: false,
      isMutualTls: isOutbound ? null : labels["tls"] === "true",
      // The transport's counters see the connections that carry the requests too.
      mayCarryRequests: isTcp,
      isSourceAccount: !isOutbound,
    };
  },
  named: (name, namespace) => [
    {
      metric: responses,
      matchers: [
        { label: "dst_service", op: "eq", value: name },
        { label: "dst_namespace", op: "eq", value: namespace },
      ],
    },
    {
      metric: responses,
      matchers: [
        { label: "deployment", op: "eq", value: name },
        { label: "namespace", op: "eq", value: namespace },
      ],
    },
  ],
};

/** Flags in Envoy's words, so that one rule classifies both meshes. */
function flagsOf(labels: Labels, isTcp: boolean): readonly string[] {
  if (isTcp) return known(labels["errno"]) === null ? [] : ["UF"];
  const error = (labels["error"] ?? "").toLowerCase();
  if (error.includes("timeout")) return ["UT"];
  if (error.includes("connect") || error.includes("refused") || error.includes("reset")) return ["UF"];
  return error.includes("fail") || error.includes("shed") ? ["UO"] : [];
}

function ownSource(labels: Labels) {
  const workload = known(labels["deployment"]);
  return { workload, namespace: known(labels["namespace"]), canonicalService: null, cluster: null };
}

/** `<service account>.<namespace>.serviceaccount.identity...`: all the server knows of its caller. */
function peerSource(labels: Labels) {
  const [account, namespace, kind] = (known(labels["client_id"]) ?? "").split(".");
  if (account === undefined || namespace === undefined || kind !== "serviceaccount") {
    return { workload: null, namespace: null, canonicalService: null, cluster: null };
  }
  return { workload: account, namespace, canonicalService: null, cluster: null };
}

function destinationOf(labels: Labels, isOutbound: boolean) {
  const authority = known(labels["authority"]);
  const hosted = authority === null ? null : serviceOfHost(authority);
  const workload = isOutbound ? known(labels["dst_deployment"]) : known(labels["deployment"]);
  if (hosted !== null) return { kind: "SERVICE" as const, ...hosted, cluster: null, workload };
  const name = known(labels["dst_service"]);
  const namespace = known(isOutbound ? labels["dst_namespace"] : labels["namespace"]);
  if (isOutbound && name !== null && namespace !== null) {
    return { kind: "SERVICE" as const, name, namespace, cluster: null, workload };
  }
  if (workload !== null && namespace !== null) {
    return { kind: "WORKLOAD" as const, name: workload, namespace, cluster: null, workload };
  }
  if (authority !== null && isOutbound) {
    return { kind: "EXTERNAL" as const, name: withoutPort(authority), namespace: null, cluster: null, workload: null };
  }
  return { kind: "UNKNOWN" as const, name: "", namespace: null, cluster: null, workload: null };
}
