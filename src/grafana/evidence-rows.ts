/** Log lines and traces as flat rows, in the words of Grafana's panels. Pure; called by the resolvers of the `grafana` root. */
import type { Link, MeshLogRecord, MeshTrace } from "../mesh/mesh.js";
import type { LogLevel } from "../telemetry/log-source.js";
import type { ServiceRef } from "../telemetry/service-ref.js";

const levels: Readonly<Record<LogLevel, string>> = {
  FATAL: "critical",
  ERROR: "error",
  WARN: "warning",
  INFO: "info",
  DEBUG: "debug",
  TRACE: "trace",
  UNKNOWN: "unknown",
};

/** The row of a log record of a service. */
export function logRow(record: MeshLogRecord, ref: ServiceRef, status: string) {
  const { atMs, message, level, id, source, pod, container, traceId, links } = record;
  return {
    timestamp: Math.floor(atMs),
    body: message,
    level: levels[level],
    id: `${source} ${id}`,
    namespace: ref.namespace,
    service: ref.name,
    pod,
    container,
    traceId,
    kibanaUrl: urlOf(links, "KIBANA"),
    status,
  };
}

/** The row of a trace. */
export function traceRow(trace: MeshTrace, status: string) {
  const { traceId, startMs, durationMs, root, spanCount, errorCount, services, foundIn, links } = trace;
  return {
    traceId,
    startTime: Math.floor(startMs),
    durationMs,
    namespace: root.service?.namespace ?? null,
    service: root.service?.name ?? null,
    operation: root.operation,
    spanCount,
    errorCount,
    services: services.map(({ name }) => name).join(", "),
    foundIn: foundIn.join(", "),
    url: urlOf(links(), "JAEGER") ?? urlOf(links(), "ZIPKIN"),
    kibanaUrl: urlOf(links(), "KIBANA"),
    status,
  };
}

function urlOf(links: readonly Link[], kind: Link["kind"]): string | null {
  return links.find((link) => link.kind === kind)?.url ?? null;
}
