/** Which series answer for a measure seen in several views. Called by evaluate-expression.ts. */
import type { MetricSelector, PreferredViews } from "../../telemetry/metric-source.js";
import { labelPredicate } from "./label-match.js";
import type { MetricStore } from "./metric-store.js";
import type { StoredSeries } from "./stored-series.js";

/** Series of a selector. */
export type SelectSeries = (selector: MetricSelector) => readonly StoredSeries[];

const mostSelectors = 1_000;

/** Selects from a store; what was found is kept until a series comes or goes, for a page asks the same of many windows. */
export function createSelectSeries(store: MetricStore): SelectSeries {
  const kept = new Map<string, readonly StoredSeries[]>();
  let version = store.seriesVersion();
  return ({ metric, matchers }) => {
    if (version !== store.seriesVersion() || kept.size >= mostSelectors) kept.clear();
    version = store.seriesVersion();
    const key = JSON.stringify([metric, matchers]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const matches = labelPredicate(matchers);
    const found = [...store.seriesOf(metric)].filter(({ labels }) => matches(labels));
    kept.set(key, found);
    return found;
  };
}

/** A label set's key over some labels; absent is "". */
export function groupKey(labels: Readonly<Record<string, string>>, names: readonly string[]): string {
  let key = "";
  for (const name of names) {
    const text = labels[name] ?? "";
    // Its length before it: no text can look like the border of two.
    key += `${text.length}:${text}`;
  }
  return key;
}

/**
 * The series of all views, each with its view's metric, without those of edges an earlier view has seen in (fromMs, toMs].
 */
export function preferredSeries(
  selectSeries: SelectSeries,
  of: PreferredViews,
  fromMs: number,
  toMs: number,
): readonly { readonly metric: string; readonly series: StoredSeries }[] {
  const covered = new Set<string>();
  return of.views.flatMap(({ select, seen }) => {
    const own = selectSeries(select)
      .filter(({ labels }) => !covered.has(groupKey(labels, of.edgeLabels)))
      .map((series) => ({ metric: select.metric, series }));
    for (const series of selectSeries(seen)) {
      if (series.hasSample(fromMs, toMs)) covered.add(groupKey(series.labels, of.edgeLabels));
    }
    return own;
  });
}
