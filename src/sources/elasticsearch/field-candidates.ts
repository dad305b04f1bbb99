/**
 * Where each piece of a log record may stand, over the document shapes in use, best first: Fluentd's and Fluent Bit's Kubernetes
 * filters, Filebeat and Elastic Agent (ECS), the OpenTelemetry exporter (native and older), OpenShift (ViaQ). Only these names are
 * asked for, never `*`: merged JSON lines can bring thousands of fields.
 */
import { accessLogKeys } from "../../telemetry/access-log-line.js";
import type { LogFieldNames } from "./elasticsearch-config.js";

/** Pieces of a record that are compared as a whole. */
export type FieldRole = "namespace" | "pod" | "container" | "service" | "traceId" | "spanId" | "requestId";

/** Names per piece. */
export interface FieldCandidates {
  readonly timestamp: string;
  readonly exact: Readonly<Record<FieldRole, readonly string[]>>;
  readonly message: readonly string[];
  readonly level: readonly string[];
  readonly severityNumber: readonly string[];
  /** Objects in which the keys of an access line may stand; "" is the document itself. */
  readonly accessPrefixes: readonly string[];
}

/** A label in the spellings shippers give its dots: kept, `_` for dots, `_` for dots and slash. */
function labelSpellings(label: string): readonly string[] {
  return [...new Set([label, label.replaceAll(".", "_"), label.replaceAll(/[./]/g, "_")])].map(
    (spelling) => `kubernetes.labels.${spelling}`,
  );
}

const parsed = ["log_processed", "structured"];
const otel = ["resource.attributes", "Resource"];
const under = (objects: readonly string[], ...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => objects.map((object) => `${object}.${name}`));

const known: FieldCandidates = {
  timestamp: "@timestamp",
  exact: {
    namespace: ["kubernetes.namespace_name", "kubernetes.namespace", ...under(otel, "k8s.namespace.name")],
    pod: ["kubernetes.pod_name", "kubernetes.pod.name", ...under(otel, "k8s.pod.name")],
    container: ["kubernetes.container_name", "kubernetes.container.name", ...under(otel, "k8s.container.name")],
    service: [
      ...labelSpellings("service.istio.io/canonical-name"),
      ...labelSpellings("app.kubernetes.io/name"),
      ...labelSpellings("app"),
      "kubernetes.deployment.name",
      ...under(otel, "k8s.deployment.name"),
      "service.name",
      ...under(otel, "service.name"),
    ],
    traceId: ["trace_id", "traceId", "traceID", "trace.id", ...under(parsed, "trace_id", "traceId"), "TraceId"],
    spanId: ["span_id", "spanId", "spanID", "span.id", ...under(parsed, "span_id", "spanId"), "SpanId"],
    requestId: [
      "request_id",
      "requestId",
      "x_request_id",
      "x-request-id",
      ...under(parsed, "request_id"),
      "http.request.id",
    ],
  },
  message: ["message", "msg", ...under(parsed, "message", "msg"), "body.text", "body_text", "Body", "log"],
  level: [
    "level",
    "log.level",
    "severity",
    "severity_text",
    "lvl",
    "levelname",
    "loglevel",
    ...under(parsed, "level", "severity"),
    "SeverityText",
  ],
  severityNumber: ["severity_number", "SeverityNumber"],
  accessPrefixes: ["", "log_processed.", "structured.", "attributes."],
};

/** The names to look for: those known, with the configured ones in place of theirs. */
export function fieldCandidates(names: LogFieldNames = {}): FieldCandidates {
  const one = (name: string | undefined, all: readonly string[]) => (name === undefined ? all : [name]);
  return {
    ...known,
    timestamp: names.timestamp ?? known.timestamp,
    message: one(names.message, known.message),
    level: one(names.level, known.level),
    severityNumber: names.level === undefined ? known.severityNumber : [],
    exact: {
      namespace: one(names.namespace, known.exact.namespace),
      pod: one(names.pod, known.exact.pod),
      container: one(names.container, known.exact.container),
      service: names.service === undefined ? known.exact.service : [names.service].flat(),
      traceId: one(names.traceId, known.exact.traceId),
      spanId: one(names.spanId, known.exact.spanId),
      requestId: one(names.requestId, known.exact.requestId),
    },
  };
}

/** Keys by which an access line is told from any other document. */
export const accessMarks = ["response_flags", "upstream_cluster", "response_code"] as const;

/** Every name whose value a record is made of; the `_source` that is asked for. */
export function sourceNames(candidates: FieldCandidates): readonly string[] {
  return [
    candidates.timestamp,
    ...Object.values(candidates.exact).flat(),
    ...candidates.message,
    ...candidates.level,
    ...candidates.severityNumber,
    ...candidates.accessPrefixes.flatMap((prefix) => accessLogKeys.map((key) => prefix + key)),
  ];
}

/** Every name to ask `_field_caps` for, with the sub-fields in which whole values are indexed. */
export function capsNames(candidates: FieldCandidates): readonly string[] {
  const whole = [...Object.values(candidates.exact).flat(), ...candidates.level];
  return [
    candidates.timestamp,
    ...whole.flatMap((name) => [name, `${name}.keyword`, `${name}.raw`]),
    ...candidates.message,
    ...candidates.severityNumber,
    ...candidates.accessPrefixes.flatMap((prefix) => accessMarks.map((key) => prefix + key)),
    ...shapeMarks.map(([, mark]) => mark),
  ];
}

/** A field that tells a shape; several may be true of one index pattern. Fluentd's is the plain form of what the first two add to. */
export const shapeMarks: readonly (readonly [shape: string, field: string])[] = [
  ["fluent-bit", "kubernetes.docker_id"],
  ["viaq", "viaq_msg_id"],
  ["fluentd", "docker.container_id"],
  ["fluentd", "kubernetes.namespace_name"],
  ["ecs", "kubernetes.pod.name"],
  ["otel", "resource.attributes.k8s.pod.name"],
  ["otel", "resource.attributes.service.name"],
  ["otel", "severity_number"],
];
