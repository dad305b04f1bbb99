/** Log record → ServiceRef: labels first, the pod's name last. */
import type { LogRecord } from "../../telemetry/log-source.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import { type ClusterNames, clusterName } from "./cluster-name.js";
import { podService } from "./pod-name.js";

/** The service whose pod wrote a record; null when the record has no namespace, or neither labels nor pod. */
export function logService(record: LogRecord, sourceCluster: string | null, clusters: ClusterNames): ServiceRef | null {
  if (record.namespace === null) return null;
  const name = record.serviceNames[0] ?? (record.pod === null ? undefined : podService(record.pod));
  if (name === undefined || name === "") return null;
  return { cluster: clusterName(undefined, sourceCluster, clusters), namespace: record.namespace, name };
}
