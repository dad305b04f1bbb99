/** Kubernetes objects kept in this process: the workload port behind `meshlens demo` and the tests. */
import { MeshlensError } from "../../errors.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { WorkloadSource } from "../../telemetry/workload-source.js";
import { createClusterState } from "../../workloads/cluster-state.js";
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
  append(events: Iterable<WatchEvent>): void;
}

/** An empty one. */
export function createMemoryWorkloadSource(deps: {
  readonly config: MemoryWorkloadSourceConfig;
  readonly clock: Clock;
}): MemoryWorkloadSource {
  const { config, clock } = deps;
  const { name } = config;
  const state = createClusterState(config);
  let isClosed = false;

  function answer<T>(operation: string, query: string, call: CallOptions, read: () => readonly T[]) {
    check(call);
    const value = read();
    const rows = value.length;
    call.onUpstreamCall?.({ source: name, operation, query, rows, durationMs: 0, isShared: false });
    return { value, warnings: [] };
  }

  function check(call: CallOptions): void {
    if (call.signal.aborted || isClosed)
      throw new MeshlensError("MESHLENS_ERR_SOURCE_ABORTED", `The call to ${name} was given up`, { source: name });
    if (call.deadlineMs <= clock.nowMs())
      throw new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", `${name} was asked too late`, { source: name });
  }

  return {
    name,
    kind: "kubernetes",
    cluster: config.cluster,
    isShard: false,
    append(events) {
      for (const event of events) state.apply(event);
    },
    services: async (call) => answer("services", "", call, () => state.services()),
    health: async (names, call) =>
      answer("health", JSON.stringify(names), call, () => names.map((one) => state.health(one, clock.nowMs()))),
    changes: async (names, window, call) =>
      answer("changes", JSON.stringify([names, window]), call, () => state.changes(names, window)),
    async probe(call) {
      check(call);
      const found = `${state.objectCount} objects and ${state.changeCount} changes in memory`;
      return { version: null, capabilities: [], found };
    },
    async close() {
      isClosed = true;
    },
  };
}
