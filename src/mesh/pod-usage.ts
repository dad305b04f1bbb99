/** What a pod used, as the mesh tells it: read by metrics/read-pod-usage.ts, told by diagnosis as reasons. */
import type { ServiceRef } from "../telemetry/service-ref.js";

/** What a service's pod used over a window; null is not known. */
export interface PodUsage {
  readonly service: ServiceRef;
  readonly pod: string;
  /** Mean. */
  readonly cpuCores: number | null;
  /** Share of periods its most limited container was held back in, 0..1. */
  readonly cpuThrottledRatio: number | null;
  /** Newest. */
  readonly memoryBytes: number | null;
  /** Newest, of its fullest container's limit, 0..1. */
  readonly memoryLimitRatio: number | null;
}
