/** Objectives on users' own counters, counted step by step like the mesh's. Pure; called by the measurer. */
import type { MetricPart } from "../../telemetry/metric-source.js";
import type { Objective } from "../objective.js";

/** The counters of one objective and the parts that fill them. */
export interface UserCounts {
  readonly scope: string;
  readonly counters: readonly ["part", "total"];
  readonly parts: readonly { readonly part: MetricPart; readonly counter: number; readonly weight: 1 | -1 }[];
}

/** Scope of an objective's own counts. */
export function eventsScope({ id }: Pick<Objective, "id">): string {
  return `events|${id}`;
}

/** What to count for an objective; null where its queries are no plain sums of counters. */
export function countedQuery(objective: Objective): UserCounts | null {
  const { sli } = objective;
  if (sli.kind !== "EVENTS" || sli.part.kind !== "counts" || sli.total.kind !== "counts") return null;
  const parts = [sli.part.terms, sli.total.terms].flatMap((terms, counter) =>
    terms.map(({ sign, selector }) => {
      const of = { views: [{ select: selector, seen: selector }], edgeLabels: [], stickyMs: 0 };
      return { counter, weight: sign, part: { id: "", expression: { kind: "count" as const, of, groupBy: [] } } };
    }),
  );
  return { scope: eventsScope(objective), counters: ["part", "total"], parts };
}
