/** Objectives on users' own metrics that are kept by steps like the mesh's: counters, gauges, and ratios that have a value at every instant. Pure. */
import type { MetricExpression, MetricPart, MetricSelector } from "../../telemetry/metric-source.js";
import type { Objective } from "../objective.js";
import type { AskedQuery } from "../user-query.js";

/** Counters of every scope of a user's own: what is asked about, and all there is. */
export const ownCounters = ["part", "total"] as const;

/** An objective's counts and the parts that fill them. */
export interface UserCounts {
  readonly scope: string;
  readonly parts: readonly { readonly part: MetricPart; readonly counter: number; readonly weight: 1 | -1 }[];
}

/** A ratio that is evaluated at every step: `part` is the sum of its values, `total` how many there are. */
export interface SteppedRatio {
  readonly scope: string;
  readonly promql: string;
}

/** Scope of an objective's own counts; null for objectives on calls and for queries that are asked over whole windows. */
export function ownScope({ id, sli }: Pick<Objective, "id" | "sli">): string | null {
  if (sli.kind === "EVENTS" || sli.kind === "GAUGE") return `${sli.kind.toLowerCase()}|${id}`;
  return sli.kind === "RATIO" && sli.ratio.instant !== null ? `ratio|${id}` : null;
}

/** Whether `part` of an objective's own counts is the good one. */
export function isPartGood({ sli }: Pick<Objective, "sli">): boolean {
  return (
    (sli.kind === "EVENTS" && sli.partIs === "good") ||
    (sli.kind === "RATIO" && sli.ratioIs === "good") ||
    sli.kind === "GAUGE"
  );
}

/** What to count for an objective; null where nothing of its is counted. */
export function countedQuery(objective: Objective): UserCounts | null {
  const { sli } = objective;
  const scope = ownScope(objective);
  if (scope === null) return null;
  if (sli.kind === "EVENTS") {
    const parts = [sli.part.terms, sli.total.terms].flatMap((terms, counter) =>
      terms.map(({ sign, selector }) => partOf(counter, { kind: "count", of: viewOf(selector), groupBy: [] }, sign)),
    );
    return { scope, parts };
  }
  if (sli.kind !== "GAUGE") return null;
  const parts = (["true", "all"] as const).map((count, counter) =>
    partOf(counter, { kind: "samples", count, of: viewOf(sli.gauge), groupBy: [] }),
  );
  return { scope, parts };
}

/** The ratio of an objective that is evaluated at every step; null for others. */
export function steppedRatio(objective: Objective): SteppedRatio | null {
  const { sli } = objective;
  const scope = ownScope(objective);
  return sli.kind === "RATIO" && sli.ratio.instant !== null && scope !== null
    ? { scope, promql: sli.ratio.instant }
    : null;
}

function partOf(counter: number, expression: MetricExpression, weight: 1 | -1 = 1): UserCounts["parts"][number] {
  return { counter, weight, part: { id: "", expression } };
}

function viewOf(selector: MetricSelector) {
  return { views: [{ select: selector, seen: selector }], edgeLabels: [], stickyMs: 0 };
}

/** The query of an objective that must be asked over whole windows; null for others. */
export function askedQuery({ sli }: Pick<Objective, "sli">): AskedQuery | null {
  return sli.kind === "RATIO" && sli.ratio.instant === null ? sli.ratio : null;
}
