/** Istio's labels of one series, and those of the scrape that found it. Called once for each series, not for each request. */
import type { TcpExchange } from "../../simulation/exchange.js";
import type { MeshPod, MeshService, MeshWorkload } from "../../simulation/mesh-model.js";
import { flagText } from "../proxy-facts.js";

type Labels = Readonly<Record<string, string>>;

/** What the proxy that counted saw of a request. */
export interface IstioRequestRow {
  readonly reporter: "source" | "destination";
  /** Whose proxy counted. */
  readonly pod: MeshPod;
  readonly source: MeshWorkload;
  readonly target: MeshService;
  /** Null where no endpoint was chosen: then only the called host is known. */
  readonly destination: MeshWorkload | null;
  readonly status: number;
  readonly flags: readonly string[];
}

/** Labels of a request's series. `grpc_response_status` is empty for HTTP, and an empty label is none. */
export function istioRequestLabels(row: IstioRequestRow): Labels {
  const { reporter, pod, source, target, destination, status, flags } = row;
  return {
    ...istioTargetLabels(pod),
    ...peerLabels("source", source, destination !== null),
    ...peerLabels("destination", destination, true),
    destination_service: target.host,
    destination_service_name: target.name,
    destination_service_namespace: destination?.namespace ?? "unknown",
    reporter,
    request_protocol: "http",
    response_code: String(status),
    response_flags: flagText(flags),
    // Only the server's proxy knows how the call came in.
    connection_security_policy: reporter === "destination" ? "mutual_tls" : "unknown",
  };
}

/** Labels of a connection's series. The hosts lie outside the mesh, so only the source reports. */
export function istioTcpLabels({ source, target, flags }: Pick<TcpExchange, "source" | "target" | "flags">): Labels {
  const name = typeof target === "string" ? target : target.host;
  return {
    ...istioTargetLabels(source),
    ...peerLabels("source", source.workload, false),
    ...peerLabels("destination", null, false),
    destination_service: typeof target === "string" ? "unknown" : name,
    destination_service_name: name,
    destination_service_namespace: "unknown",
    reporter: "source",
    request_protocol: "tcp",
    response_flags: flagText(flags),
    connection_security_policy: "unknown",
  };
}

/** Labels the scrape gives every series of a pod. */
export function istioTargetLabels(pod: MeshPod): Labels {
  const { namespace, app, version } = pod.workload;
  return { job: "envoy-stats", instance: `${pod.ip}:15020`, namespace, pod: pod.name, app, version };
}

function peerLabels(end: "source" | "destination", workload: MeshWorkload | null, hasPrincipal: boolean): Labels {
  const app = workload?.app ?? "unknown";
  const version = workload?.version ?? "unknown";
  return {
    [`${end}_app`]: app,
    [`${end}_canonical_service`]: app,
    [`${end}_canonical_revision`]: version,
    [`${end}_version`]: version,
    [`${end}_cluster`]: workload === null ? "unknown" : "Kubernetes",
    [`${end}_principal`]: hasPrincipal && workload !== null ? principalOf(workload) : "unknown",
    [`${end}_workload`]: workload?.name ?? "unknown",
    [`${end}_workload_namespace`]: workload?.namespace ?? "unknown",
  };
}

function principalOf({ namespace, serviceAccount }: MeshWorkload): string {
  return `spiffe://cluster.local/ns/${namespace}/sa/${serviceAccount}`;
}
