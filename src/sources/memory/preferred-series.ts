/** Which series answer for a measure seen in several views. Called by evaluate-expression.ts. */
import type { MetricSelector, PreferredViews } from "../../telemetry/metric-source.js";
import { labelPredicate } from "./label-match.js";
import type { MetricStore } from "./metric-store.js";
import type { StoredSeries } from "./stored-series.js";

/** Series of a selector. */
export function selectSeries(store: MetricStore, { metric, matchers }: MetricSelector): readonly StoredSeries[] {
  const matches = labelPredicate(matchers);
  return [...store.seriesOf(metric)].filter(({ labels }) => matches(labels));
}

/** A label set's key over some labels; absent is "". */
export function groupKey(labels: Readonly<Record<string, string>>, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => labels[name] ?? ""));
}

/**
 * The series of all views, each with its view's metric, without those of edges an earlier view has seen in (fromMs, toMs].
 */
export function preferredSeries(
  store: MetricStore,
  of: PreferredViews,
  fromMs: number,
  toMs: number,
): readonly { readonly metric: string; readonly series: StoredSeries }[] {
  const covered = new Set<string>();
  return of.views.flatMap(({ select, seen }) => {
    const own = selectSeries(store, select)
      .filter(({ labels }) => !covered.has(groupKey(labels, of.edgeLabels)))
      .map((series) => ({ metric: select.metric, series }));
    for (const series of selectSeries(store, seen)) {
      if (series.hasSample(fromMs, toMs)) covered.add(groupKey(series.labels, of.edgeLabels));
    }
    return own;
  });
}
