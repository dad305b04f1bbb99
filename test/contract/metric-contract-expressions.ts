/** Expressions that the contract suites of metric sources ask for. */
import type { LabelMatcher, MetricExpression, PreferredViews } from "../../src/telemetry/metric-source.js";

/** A label with one value. */
export const eq = (label: string, value: string): LabelMatcher => ({ label, op: "eq", value });
/** Series of a metric. */
export const select = (metric: string, matchers: readonly LabelMatcher[] = []) => ({ metric, matchers });

/** One view, which proves itself. */
export function one(metric: string, matchers: readonly LabelMatcher[] = []): PreferredViews {
  return { views: [{ select: select(metric, matchers), seen: select(metric, matchers) }], edgeLabels: [], stickyMs: 0 };
}

/** Counted over a window. */
export function increase(of: PreferredViews | string, ...groupBy: string[]): MetricExpression {
  return { kind: "increase", of: typeof of === "string" ? one(of) : of, groupBy };
}
