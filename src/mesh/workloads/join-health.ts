/** Health of a service that several clusters run under one name. */
import type { HealthState, ServiceHealth } from "../../telemetry/workload-source.js";

/** One answer as it is. Of several: the state all share, else DEGRADED; what is idle or unknown in one cluster does not count then. */
export function joinHealth(parts: readonly ServiceHealth[]): ServiceHealth {
  const [first, ...others] = parts;
  if (first === undefined) {
    return { state: "UNKNOWN", reasons: ["Kubernetes has no Service of this name"], workloads: [] };
  }
  if (others.length === 0) return first;
  const states = new Set(parts.map(({ state }) => state));
  const telling = [...states].filter((state) => state !== "IDLE" && state !== "UNKNOWN");
  const [only = first.state]: readonly HealthState[] = telling;
  return {
    state: telling.length > 1 ? "DEGRADED" : only,
    reasons: parts.flatMap(({ reasons }) => reasons),
    workloads: parts.flatMap(({ workloads }) => workloads),
  };
}
