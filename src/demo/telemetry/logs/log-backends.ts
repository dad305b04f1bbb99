/** A mesh's log lines in the forms log backends take: the memory source's own, and Fluentd's with kubernetes_metadata for Elasticsearch. */
import type { MemoryLogInput } from "../../../sources/memory/memory-log-source.js";
import { accessLogOfFields, accessLogText } from "../../../telemetry/access-log-line.js";
import { isoTime } from "./access-line.js";
import { containerOrigin } from "./container-origin.js";
import type { MeshLogLine } from "./mesh-log-line.js";

/** A line as a memory log source takes it: the same as one that read its document back from Elasticsearch would show. */
export function memoryLogInput(line: MeshLogLine): MemoryLogInput {
  const { pod, container, atMs, fields, level, message, traceId, spanId, requestId } = line;
  const accessLog = message === null ? accessLogOfFields(fields) : null;
  return {
    atMs: Math.floor(atMs),
    message: message ?? (accessLog === null ? JSON.stringify(fields) : accessLogText(accessLog)),
    level,
    namespace: pod.workload.namespace,
    pod: pod.name,
    container,
    serviceNames: [pod.workload.app],
    traceId,
    spanId,
    requestId,
    ...(accessLog === null ? {} : { accessLog }),
  };
}

/** The document Fluentd ships: the line's own keys, the line, and where it came from. */
export function fluentdDocument({ pod, container, atMs, fields }: MeshLogLine): Readonly<Record<string, unknown>> {
  return {
    ...fields,
    "@timestamp": isoTime(atMs),
    log: JSON.stringify(fields),
    ...containerOrigin(pod, container),
  };
}

/** Body of Elasticsearch's `_bulk`: each line into the index of its day, as the Fluentd image names it. "" for no lines. */
export function bulkBody(lines: readonly MeshLogLine[]): string {
  return lines
    .map((line) => {
      const day = isoTime(line.atMs).slice(0, 10).replaceAll("-", ".");
      return `{"create":{"_index":"logstash-${day}"}}\n${JSON.stringify(fluentdDocument(line))}\n`;
    })
    .join("");
}
