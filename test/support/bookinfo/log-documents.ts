/** Container lines as the common shippers index them. Fluentd's index holds every line; the others one minute of the applications' lines. */
import { type ContainerLine, isoTime } from "./log-lines.js";
import { timeline } from "./timeline.js";
import type { Workload } from "./workloads.js";

/** A document and where it goes. Ids are fixed, so that loading twice changes nothing. */
export interface LogDocument {
  readonly index: string;
  readonly id: string;
  readonly source: Readonly<Record<string, unknown>>;
  /** The line it was made of. */
  readonly line: ContainerLine;
}

/** Index of each shape. */
export const logIndices = {
  fluentd: "logstash-2026.03.02",
  fluentBit: "fluent-bit",
  ecs: "filebeat-8.19.0-2026.03.02",
  // Not a name of the form logs-*-*: the full distribution keeps those for data streams, which take no documents with ids of their own.
  otel: "otel-logs-2026.03.02",
} as const;

/** The minute the smaller indices hold: the abort of ratings. */
const excerpt = { fromUs: timeline.abortMs * 1000, toUs: timeline.delayMs * 1000 };

/** Every document of every index. */
export function logDocuments(lines: readonly ContainerLine[]): LogDocument[] {
  const short = lines.filter(
    (line) => line.container !== "istio-proxy" && line.atUs >= excerpt.fromUs && line.atUs < excerpt.toUs,
  );
  return [
    ...documents(logIndices.fluentd, lines, fluentd),
    ...documents(logIndices.fluentBit, short, fluentBit),
    ...documents(logIndices.ecs, short, ecs),
    ...documents(logIndices.otel, short, otel),
  ];
}

type Shape = (line: ContainerLine) => Readonly<Record<string, unknown>>;

function documents(index: string, lines: readonly ContainerLine[], shape: Shape): LogDocument[] {
  return lines.map((line, at) => ({ index, id: `line-${String(at).padStart(5, "0")}`, source: shape(line), line }));
}

/** A container's id is fixed by its pod: the same hex again and again. */
function containerId(line: ContainerLine): string {
  const seed = Buffer.from(`${line.workload.pod}/${line.container}`).toString("hex");
  return seed.repeat(3).slice(0, 64);
}

function podLabels({ app, version }: Workload): Record<string, string> {
  return { app, version, "service.istio.io/canonical-name": app, "service.istio.io/canonical-revision": version };
}

/** Fluentd's image with the dedot filter: dots in label names become `_`. */
function dedotted(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name.replaceAll(".", "_"), value]));
}

/** F1: kubernetes_metadata filter, JSON lines parsed into the document. */
function fluentd(line: ContainerLine): Readonly<Record<string, unknown>> {
  const { workload, container } = line;
  const id = containerId(line);
  return {
    ...line.fields,
    "@timestamp": isoTime(line.atUs),
    log: line.text,
    stream: "stdout",
    docker: { container_id: id },
    kubernetes: {
      container_name: container,
      namespace_name: workload.namespace,
      pod_name: workload.pod,
      pod_ip: workload.ip,
      host: "node-1",
      labels: dedotted(podLabels(workload)),
      master_url: "https://10.96.0.1:443/api",
    },
    tag: `kubernetes.var.log.containers.${workload.pod}_${workload.namespace}_${container}-${id}.log`,
  };
}

/** F2: kubernetes filter, parsed keys under `log_processed`, label names with their dots. */
function fluentBit(line: ContainerLine): Readonly<Record<string, unknown>> {
  const { workload, container } = line;
  return {
    "@timestamp": isoTime(line.atUs),
    log: line.text,
    ...(line.fields ? { log_processed: line.fields } : {}),
    stream: "stdout",
    kubernetes: {
      container_name: container,
      namespace_name: workload.namespace,
      pod_name: workload.pod,
      host: "node-1",
      docker_id: containerId(line),
      container_hash: `example.com/bookinfo/${container}@sha256:${containerId(line)}`,
      labels: podLabels(workload),
    },
  };
}

/** F3: Filebeat with the applications' lines as ECS fields. */
function ecs(line: ContainerLine): Readonly<Record<string, unknown>> {
  const { workload } = line;
  return {
    "@timestamp": isoTime(line.atUs),
    message: line.message,
    log: { level: line.level.toLowerCase() },
    trace: { id: line.traceId },
    span: { id: line.spanId },
    http: { request: { id: line.requestId } },
    service: { name: workload.app },
    kubernetes: {
      namespace: workload.namespace,
      pod: { name: workload.pod },
      container: { name: line.container },
      deployment: { name: workload.name },
      labels: dedotted(podLabels(workload)),
    },
  };
}

const severityNumbers = { INFO: 9, WARN: 13, ERROR: 17, UNKNOWN: 0 };

/** F4: the OpenTelemetry collector's own mapping mode. */
function otel(line: ContainerLine): Readonly<Record<string, unknown>> {
  const { workload } = line;
  return {
    "@timestamp": isoTime(line.atUs),
    observed_timestamp: isoTime(line.atUs),
    body: { text: line.message },
    severity_text: line.level,
    severity_number: severityNumbers[line.level],
    trace_id: line.traceId,
    span_id: line.spanId,
    resource: {
      attributes: {
        "service.name": workload.app,
        "service.version": workload.version,
        "k8s.namespace.name": workload.namespace,
        "k8s.pod.name": workload.pod,
        "k8s.container.name": line.container,
        "k8s.deployment.name": workload.name,
      },
    },
    attributes: { request_id: line.requestId },
  };
}
