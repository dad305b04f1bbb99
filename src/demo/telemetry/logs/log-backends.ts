/** A mesh's log lines in the forms log backends take: the memory source's own, and Fluentd's with kubernetes_metadata for Elasticsearch. */
import { createHash } from "node:crypto";
import type { MemoryLogInput } from "../../../sources/memory/memory-log-source.js";
import { accessLogOfFields } from "../../../telemetry/access-log-line.js";
import type { MeshPod } from "../../simulation/mesh-model.js";
import { isGateway } from "../proxy-facts.js";
import type { MeshLogLine } from "./mesh-log-line.js";

/** A line as a memory log source takes it: the same as one that read its document back from Elasticsearch would show. */
export function memoryLogInput(line: MeshLogLine): MemoryLogInput {
  const { pod, container, atMs, fields, level, message, traceId, spanId, requestId } = line;
  return {
    atMs: Math.floor(atMs),
    message: message ?? JSON.stringify(fields),
    level,
    namespace: pod.workload.namespace,
    pod: pod.name,
    container,
    serviceNames: [pod.workload.app],
    traceId,
    spanId,
    requestId,
    ...(message === null ? { accessLog: accessLogOfFields(fields) } : {}),
  };
}

/** The document Fluentd ships: the line's own keys, the line, and where it came from. Dots in label names are `_`. */
export function fluentdDocument(line: MeshLogLine): Readonly<Record<string, unknown>> {
  const { pod, container, atMs, fields } = line;
  const { namespace } = pod.workload;
  const id = containerId(pod, container);
  return {
    ...fields,
    "@timestamp": new Date(Math.floor(atMs)).toISOString(),
    log: JSON.stringify(fields),
    stream: "stdout",
    docker: { container_id: id },
    kubernetes: {
      container_name: container,
      namespace_name: namespace,
      pod_name: pod.name,
      pod_id: podId(pod),
      pod_ip: pod.ip,
      host: pod.node,
      labels: podLabels(pod),
      master_url: "https://10.96.0.1:443/api",
    },
    tag: `kubernetes.var.log.containers.${pod.name}_${namespace}_${container}-${id}.log`,
  };
}

/** Body of Elasticsearch's `_bulk`: each line into the index of its day, as the Fluentd image names it. "" for no lines. */
export function bulkBody(lines: readonly MeshLogLine[]): string {
  return lines
    .map((line) => {
      const day = new Date(Math.floor(line.atMs)).toISOString().slice(0, 10).replaceAll("-", ".");
      return `{"create":{"_index":"logstash-${day}"}}\n${JSON.stringify(fluentdDocument(line))}\n`;
    })
    .join("");
}

function podLabels(pod: MeshPod): Readonly<Record<string, string>> {
  const { app, version } = pod.workload;
  return {
    app,
    ...(isGateway(pod) ? {} : { version }),
    "pod-template-hash": pod.name.split("-").at(-2) ?? "",
    "security_istio_io/tlsMode": "istio",
    "service_istio_io/canonical-name": app,
    "service_istio_io/canonical-revision": version,
  };
}

function containerId(pod: MeshPod, container: string): string {
  return hexOf(`${pod.workload.namespace}/${pod.name}/${container}`);
}

/** A UID made from the pod's name, so that the same pod always has the same. */
function podId(pod: MeshPod): string {
  const hex = hexOf(`${pod.workload.namespace}/${pod.name}`);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

function hexOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
