/** Several views of the same calls as one vector, the best view of each edge. Called by promql.ts. */
import type { MetricView, PreferredViews } from "../../telemetry/metric-source.js";
import { selectorText } from "./promql-selector.js";
import { duration, labelList } from "./promql-text.js";

/**
 * `apply` of every view, without the series of edges that an earlier view has seen.
 * @param seenMs how far before the end of the question a series still proves its view
 * @param isSeries whether the question has many points; the choice of view is then made once, at the last
 */
export function preferredViews(
  of: PreferredViews,
  seenMs: number,
  isSeries: boolean,
  apply: (view: MetricView) => string,
): string {
  const seen = of.views.map(
    (view) => `last_over_time(${selectorText(view.seen)}[${duration(seenMs)}]${isSeries ? " @ end()" : ""})`,
  );
  const [first = "", ...rest] = of.views.map((view, i) =>
    seen
      .slice(0, i)
      .reduce((vector, better) => `(${vector}) unless on ${labelList(of.edgeLabels)} (${better})`, apply(view)),
  );
  return rest.length === 0 ? first : [first, ...rest].map((vector) => `(${vector})`).join(" or ");
}
