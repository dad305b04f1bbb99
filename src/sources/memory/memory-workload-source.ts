/** Kubernetes objects kept in this process: the workload port behind `meshlens demo` and the tests. */
import type { WorkloadSource } from "../../telemetry/workload-source.js";
import type { WatchEvent } from "../../workloads/watch-event.js";

/** What it is and how much it keeps. */
export interface MemoryWorkloadSourceConfig {
  readonly name: string;
  readonly cluster: string | null;
  /** Changes older than this are forgotten. */
  readonly maxAgeMs: number;
  /** Changes kept; the oldest make room first. */
  readonly maxChanges: number;
}

/** A workload source that can be fed. */
export interface MemoryWorkloadSource extends WorkloadSource {
  /** Takes in what happened to objects, in order of time. */
  append(events: readonly WatchEvent[]): void;
}
