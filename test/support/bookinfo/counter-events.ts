/** The recording as what each proxy counts: one event per call and reporter, one per connection, with Istio's labels. */
import type { Call, Connection, ProxyView, Recording } from "./recording.js";
import { hostOf, type Workload } from "./workloads.js";

/** Labels of one series. */
export type Labels = Readonly<Record<string, string>>;

/** A call that ended, counted by one proxy. */
export interface RequestEvent {
  readonly proxy: Workload;
  readonly labels: Labels;
  readonly endUs: number;
  /** Whole milliseconds, as Envoy counts them. */
  readonly durationMs: number;
}

/** A TCP connection, counted by its caller's proxy: opened, then closed with its bytes. */
export interface ConnectionEvent {
  readonly proxy: Workload;
  readonly labels: Labels;
  readonly startUs: number;
  readonly endUs: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Envoy has no byte series for connections that never reached anything. */
  readonly isConnected: boolean;
}

/** Every call of the recording, twice where both proxies saw it. */
export function requestEvents(recording: Recording): RequestEvent[] {
  return recording.calls.flatMap((call) => {
    const seen = [requestEvent(call, call.client, "source", call.source)];
    if (call.server && call.destination) seen.push(requestEvent(call, call.server, "destination", call.destination));
    return seen;
  });
}

/** Every TCP connection of the recording. */
export function connectionEvents(recording: Recording): ConnectionEvent[] {
  return recording.connections.map((connection) => ({
    proxy: connection.source,
    labels: {
      ...targetLabels(connection.source),
      ...peerLabels("source", connection.source),
      ...peerLabels("destination", null),
      ...connectionService(connection),
      reporter: "source",
      request_protocol: "tcp",
      response_flags: connection.host === null ? "UH" : "-",
      connection_security_policy: "unknown",
    },
    startUs: connection.startUs,
    endUs: connection.startUs + connection.durationUs,
    sentBytes: connection.sentBytes,
    receivedBytes: connection.receivedBytes,
    isConnected: connection.host !== null,
  }));
}

/** Labels Prometheus gives every series of a pod. */
export function targetLabels(workload: Workload): Labels {
  return {
    job: "envoy-stats",
    instance: `${workload.ip}:15020`,
    namespace: workload.namespace,
    pod: workload.pod,
    app: workload.app,
    version: workload.version,
  };
}

function requestEvent(call: Call, view: ProxyView, reporter: "source" | "destination", proxy: Workload): RequestEvent {
  const isMutualTls = call.destination !== null;
  return {
    proxy,
    labels: {
      ...targetLabels(proxy),
      ...peerLabels("source", call.source, isMutualTls),
      ...peerLabels("destination", call.destination, isMutualTls),
      ...service(call.service === null ? "unknown" : hostOf(call.service), call.service ?? "unknown", call.destination),
      reporter,
      request_protocol: "http",
      response_code: String(view.code),
      response_flags: view.flags,
      // Only the server's proxy knows how the call came in.
      connection_security_policy: reporter === "destination" ? "mutual_tls" : "unknown",
    },
    endUs: view.startUs + view.durationUs,
    durationMs: Math.floor(view.durationUs / 1000),
  };
}

function connectionService({ host }: Connection): Labels {
  return host === null ? service("unknown", "BlackHoleCluster", null) : service(host, host, null);
}

function service(host: string, name: string, destination: Workload | null): Labels {
  return {
    destination_service: host,
    destination_service_name: name,
    destination_service_namespace: destination?.namespace ?? "unknown",
  };
}

function peerLabels(end: "source" | "destination", workload: Workload | null, hasPrincipal = false): Labels {
  const principal =
    hasPrincipal && workload
      ? `spiffe://cluster.local/ns/${workload.namespace}/sa/${workload.serviceAccount}`
      : "unknown";
  return {
    [`${end}_app`]: workload?.app ?? "unknown",
    [`${end}_canonical_service`]: workload?.app ?? "unknown",
    [`${end}_canonical_revision`]: workload?.version ?? "unknown",
    [`${end}_version`]: workload?.version ?? "unknown",
    [`${end}_cluster`]: workload ? "Kubernetes" : "unknown",
    [`${end}_principal`]: principal,
    [`${end}_workload`]: workload?.name ?? "unknown",
    [`${end}_workload_namespace`]: workload?.namespace ?? "unknown",
  };
}
