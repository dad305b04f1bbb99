/** Metric expressions over stored samples: the reference of what every metric source answers. Called by the memory metric source. */
import { normaliseBound } from "../../telemetry/bucket-bound.js";
import type {
  MetricExpression,
  MetricPart,
  MetricRequest,
  MetricRow,
  PreferredViews,
} from "../../telemetry/metric-source.js";
import { exactIncrease, extrapolatedIncrease, hasSample, lookbackMs, newestValue } from "./counter-increase.js";
import { histogramQuantile } from "./histogram-quantile.js";
import type { MetricStore, StoredSeries } from "./metric-store.js";
import { groupKey, preferredSeries } from "./preferred-series.js";

/** The rows of one part at the points of its request. */
export function evaluatePart(
  store: MetricStore,
  { id, expression }: MetricPart,
  request: MetricRequest,
  timestampsMs: readonly number[],
): readonly MetricRow[] {
  const { window, stepMs } = request;
  const lengthMs = window.toMs - window.fromMs;
  const rangeMs = stepMs === null ? lengthMs : request.rangeMs;
  const endMs = timestampsMs.at(-1) ?? window.toMs;
  const seenMs = Math.max(expression.of.stickyMs, lengthMs + (stepMs === null ? 0 : rangeMs));
  const isKnown =
    stepMs === null && expression.kind === "increase" ? knownTargets(store, expression.of, request) : () => false;

  const groups = new Map<string, { readonly labels: Record<string, string>; readonly members: StoredSeries[] }>();
  const countsFromZero = new Set<StoredSeries>();
  for (const { metric, series } of preferredSeries(store, expression.of, endMs - seenMs, endMs)) {
    const labels = groupLabels(series, expression);
    const key = groupKey(labels, expression.groupBy);
    const group = groups.get(key) ?? { labels, members: [] };
    group.members.push(series);
    groups.set(key, group);
    if (isKnown(metric, series)) countsFromZero.add(series);
  }

  const increase = (series: StoredSeries, fromMs: number, toMs: number) =>
    stepMs === null
      ? exactIncrease(series, fromMs, toMs, countsFromZero.has(series))
      : extrapolatedIncrease(series, fromMs, toMs);

  return [...groups.values()].flatMap(({ labels, members }) => {
    const values = timestampsMs.map((toMs) => finite(valueAt(members, toMs - rangeMs, toMs)));
    return values.every((value) => value === null) ? [] : [{ part: id, labels, values }];
  });

  function valueAt(members: readonly StoredSeries[], fromMs: number, toMs: number): number | null {
    switch (expression.kind) {
      case "increase":
        return sum(members.map((one) => increase(one, fromMs, toMs)));
      case "quantile":
        return expression.histogram === "native" ? null : quantileOf(expression.quantile, members, fromMs, toMs);
      case "latest":
        return sum(members.map((one) => newestValue(one, fromMs, toMs)));
      case "seen":
        return members.some((one) => hasSample(one, fromMs, toMs)) ? 1 : null;
    }
  }
}

/** Whether a series was born in the window on a target that was scraped before: series of the metric that proves its view, or `up`, tell. */
function knownTargets(
  store: MetricStore,
  { views }: PreferredViews,
  { window }: MetricRequest,
): (metric: string, series: StoredSeries) => boolean {
  const names = ["job", "instance", "pod"];
  const known = new Map<string, ReadonlySet<string>>();
  const targetsOf = (metric: string): ReadonlySet<string> => {
    const kept = known.get(metric);
    if (kept !== undefined) return kept;
    const proving = views.filter(({ select }) => select.metric === metric).map(({ seen }) => seen.metric);
    const before = (series: StoredSeries) => newestValue(series, window.fromMs - lookbackMs, window.fromMs);
    const scraped = [
      ...proving.flatMap((name) => store.seriesOf(name)).filter((series) => before(series) !== null),
      ...store.seriesOf("up").filter((series) => (before(series) ?? 0) > 0),
    ];
    const targets = new Set(scraped.map(({ labels }) => groupKey(labels, names)));
    known.set(metric, targets);
    return targets;
  };
  return (metric, series) => targetsOf(metric).has(groupKey(series.labels, names));
}

function groupLabels({ labels }: StoredSeries, { groupBy }: MetricExpression): Record<string, string> {
  const own: Record<string, string> = {};
  for (const name of groupBy) {
    const text = labels[name] ?? "";
    if (text !== "") own[name] = name === "le" ? normaliseBound(text) : text;
  }
  return own;
}

/** NaN and the infinities are no data. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Null when no member has data. */
function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (value === null ? total : (total ?? 0) + value), null);
}

function quantileOf(quantile: number, members: readonly StoredSeries[], fromMs: number, toMs: number): number | null {
  const counts = new Map<number, number>();
  for (const series of members) {
    const le = series.labels["le"] ?? "";
    const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
    const count = extrapolatedIncrease(series, fromMs, toMs);
    if (le !== "" && !Number.isNaN(bound) && count !== null) counts.set(bound, (counts.get(bound) ?? 0) + count);
  }
  return histogramQuantile(quantile, counts);
}
