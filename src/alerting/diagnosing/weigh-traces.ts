/** How much traffic each sampled trace stands for. Pure; called by sample-traces.ts. */
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";

/** Of a trace only what decides its group: the spans of the service itself. */
export interface SampledTrace {
  readonly traceId: string;
  spans(): readonly {
    readonly service: ServiceRef | null;
    readonly status: string;
    readonly durationMs: number;
  }[];
}

/** Counted calls of the service in the window; null when metrics do not tell. */
export interface TrueTotals {
  readonly requestCount: number;
  readonly failedCount: number;
}

/** Traces found in fair samples and by searches for what is rare. */
export interface Samples<T> {
  /** Of all traces, evenly over the window. */
  readonly any: readonly T[];
  /** Failing or slow ones, by choice; may repeat those of `any`. */
  readonly chosen: readonly T[];
  readonly slowMs: number | null;
  readonly totals: TrueTotals | null;
}

/** A share of fewer than these says little: the counted one is better. */
const fewestShown = 5;

/**
 * Each trace once, with its group's true size divided by the group's traces. Groups are failing, slow and other requests of the service;
 * their shares come from the fair sample, of failures also from the counted calls where the sample has next to none.
 */
export function weighTraces<T extends SampledTrace>(
  service: ServiceRef,
  { any, chosen, slowMs, totals }: Samples<T>,
): readonly { readonly trace: T; readonly weight: number }[] {
  const groupOf = grouping(service, slowMs);
  const distinct = [...new Map([...any, ...chosen].map((trace) => [trace.traceId, trace])).values()];
  const groups = new Map(distinct.map((trace) => [trace.traceId, groupOf(trace)]));
  const fair = new Set(any.map(({ traceId }) => traceId));
  const total = Math.max(totals?.requestCount ?? 0, fair.size, 1);
  const shareOf = (group: TraceGroup): number => {
    const shown = [...fair].filter((id) => groups.get(id) === group).length;
    const share = shown / Math.max(1, fair.size);
    if (group !== "FAILING" || totals === null || totals.requestCount === 0 || shown >= fewestShown) return share;
    return Math.max(share, totals.failedCount / totals.requestCount);
  };
  const countOf = (group: TraceGroup): number => [...groups.values()].filter((one) => one === group).length;
  const weights = new Map(
    (["FAILING", "SLOW", "OTHER"] as const).map((group) => {
      const count = countOf(group);
      // A group the fair sample never met is at least as large as what was found of it.
      const size = Math.max(shareOf(group) * total, fair.size < fewestShown ? count : Math.min(1, count));
      return [group, count === 0 ? 0 : size / count] as const;
    }),
  );
  return distinct.map((trace) => ({ trace, weight: weights.get(groups.get(trace.traceId) ?? "OTHER") ?? 1 }));
}

type TraceGroup = "FAILING" | "SLOW" | "OTHER";

function grouping(service: ServiceRef, slowMs: number | null): (trace: SampledTrace) => TraceGroup {
  const key = serviceKey(service);
  return (trace) => {
    const own = trace.spans().filter((span) => span.service !== null && serviceKey(span.service) === key);
    if (own.some(({ status }) => status === "ERROR")) return "FAILING";
    return slowMs !== null && own.some(({ durationMs }) => durationMs >= slowMs) ? "SLOW" : "OTHER";
  };
}
