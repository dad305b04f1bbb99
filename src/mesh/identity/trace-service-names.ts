/** ServiceRef → the one name a trace backend has for it. Trace search asks once per backend, so the best name must be known before. */
import type { Clock } from "../../telemetry/clock.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TraceSource } from "../../telemetry/trace-source.js";

/** How long a name is taken from a backend's list without asking again, ms. */
const keptMs = 60_000;
/** How long a list counts that does not have the name: a service that has just come up, or a backend that was empty, is soon found. */
const missKeptMs = 5_000;

/** Names learned from backends; one per mesh, shared by all requests. */
export interface TraceServiceNames {
  /**
   * The name to search for, as the backend spells it; null when it knows none that fits. `workloads` are further names of the service.
   * @throws MESHLENS_ERR_SOURCE_* when the list is not known yet and the backend does not give it
   */
  nameIn(
    source: TraceSource,
    ref: ServiceRef,
    workloads: readonly string[],
    options: CallOptions,
  ): Promise<string | null>;
  /** The name in the source called `sourceName` as far as it is known without asking; null when it is not. */
  knownIn(sourceName: string, ref: ServiceRef, workloads: readonly string[]): string | null;
}

/** Keeps each backend's list for a minute, for 5 s where it lacks the name; a failed or aborted call is not kept. */
export function createTraceServiceNames(clock: Clock): TraceServiceNames {
  const lists = new Map<TraceSource, { readonly atMs: number; readonly names: readonly string[] }>();
  const underWay = new Map<TraceSource, Promise<readonly string[]>>();

  /** A list that another search is asking for serves all, unless that search is given up. */
  async function listOf(source: TraceSource, options: CallOptions): Promise<readonly string[]> {
    const before = underWay.get(source);
    if (before !== undefined) {
      const shared = await before.catch(() => null);
      if (shared !== null) return shared;
    }
    const asked = source.services(options);
    underWay.set(source, asked);
    try {
      const names = await asked;
      lists.set(source, { atMs: clock.nowMs(), names });
      return names;
    } finally {
      if (underWay.get(source) === asked) underWay.delete(source);
    }
  }

  return {
    async nameIn(source, ref, workloads, options) {
      const kept = lists.get(source);
      if (kept !== undefined) {
        const name = chooseName(ref, workloads, kept.names);
        if (clock.nowMs() - kept.atMs < (name === null ? missKeptMs : keptMs)) return name;
      }
      return chooseName(ref, workloads, await listOf(source, options));
    },
    knownIn(sourceName, ref, workloads) {
      const kept = [...lists].find(([source]) => source.name === sourceName)?.[1];
      return kept === undefined ? null : chooseName(ref, workloads, kept.names);
    },
  };
}

/**
 * The best of a backend's names for a service: with its namespace before without, its own name before its workloads'. Case is ignored,
 * because Zipkin lower-cases. Null when none fits; a name of another namespace (`reviews.other`) never does.
 */
export function chooseName(ref: ServiceRef, workloads: readonly string[], known: readonly string[]): string | null {
  const spelled = new Map(known.map((name) => [name.toLowerCase(), name]));
  const { name, namespace } = ref;
  const candidates = [
    `${name}.${namespace}`,
    `${name}.${namespace}.svc.cluster.local`,
    ...workloads.map((workload) => `${workload}.${namespace}`),
    name,
    ...workloads,
  ];
  for (const candidate of candidates) {
    const found = spelled.get(candidate.toLowerCase());
    if (found !== undefined) return found;
  }
  return null;
}
