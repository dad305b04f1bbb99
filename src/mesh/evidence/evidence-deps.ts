/** What the evidence reader is made of, and what its parts share within one request. */
import type { Clock } from "../../telemetry/clock.js";
import type { LogSource } from "../../telemetry/log-source.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TraceSource } from "../../telemetry/trace-source.js";
import type { ClusterNames } from "../identity/cluster-name.js";
import type { TraceServiceNames } from "../identity/trace-service-names.js";
import type { LinkTargets } from "../links/link-targets.js";
import type { ReadContext } from "../mesh.js";

/** Made once per mesh; `names` keeps what was learned between requests. */
export interface EvidenceDeps {
  readonly traceSources: readonly TraceSource[];
  readonly logSources: readonly LogSource[];
  readonly clock: Clock;
  readonly clusters: ClusterNames;
  readonly names: TraceServiceNames;
  readonly links: LinkTargets;
  /** Names of the workloads behind a service as far as they are known without asking; [] is fine. */
  readonly workloadsOf: (ref: ServiceRef) => readonly string[];
}

/** The terms of upstream calls of one request. */
export function callOptions(context: ReadContext): CallOptions {
  const { signal, deadlineMs, isUrgent = false, onUpstreamCall } = context;
  const terms = { signal, deadlineMs, isUrgent };
  return onUpstreamCall === undefined ? terms : { ...terms, onUpstreamCall };
}

/** Whether two references mean one service where only one of them may know its cluster's name. */
export function isSameService(wanted: ServiceRef, found: ServiceRef, clusters: ClusterNames): boolean {
  if (wanted.namespace !== found.namespace || wanted.name !== found.name) return false;
  // `Kubernetes` is what Istio calls any cluster that nobody named.
  return (
    wanted.cluster === found.cluster ||
    [wanted.cluster, found.cluster].includes(clusters.fallback) ||
    found.cluster === "Kubernetes"
  );
}
