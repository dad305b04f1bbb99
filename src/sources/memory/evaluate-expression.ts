/** Metric expressions over stored samples: the reference of what every metric source answers. Called by the memory metric source. */
import { normaliseBound } from "../../telemetry/bucket-bound.js";
import type {
  MetricExpression,
  MetricPart,
  MetricRequest,
  MetricRow,
  PreferredViews,
} from "../../telemetry/metric-source.js";
import { countMemoryMs } from "../../telemetry/step-count.js";
import { type CountStep, createStepCounter } from "./count-steps.js";
import {
  countSamples,
  exactIncrease,
  extrapolatedIncrease,
  lookbackMs,
  newestValue,
  sumOfSamples,
} from "./counter-increase.js";
import { histogramQuantile } from "./histogram-quantile.js";
import type { MetricStore } from "./metric-store.js";
import type { Samples } from "./packed-samples.js";
import { groupKey, preferredSeries, type SelectSeries } from "./preferred-series.js";
import type { StoredSeries } from "./stored-series.js";

/** The samples of a series that one request can need; unpacked once for all its parts. */
export type ReadSamples = (series: StoredSeries) => Samples;

/** A reader for a request's points: from a lookback before the first range to the last point. */
export function sampleReader(request: MetricRequest, timestampsMs: readonly number[]): ReadSamples {
  const { parts, window, stepMs, rangeMs } = request;
  const kept = new Map<StoredSeries, Samples>();
  const reachMs = parts.some(({ expression }) => expression.kind === "count") ? countMemoryMs + (stepMs ?? 0) : 0;
  const firstMs =
    stepMs === null
      ? window.fromMs - reachMs
      : (timestampsMs[0] ?? window.fromMs) - Math.max(rangeMs, stepMs) - reachMs;
  const lastMs = timestampsMs.at(-1) ?? window.toMs;
  return (series) => {
    const known = kept.get(series);
    if (known !== undefined) return known;
    const read = series.samples(firstMs - lookbackMs, lastMs);
    kept.set(series, read);
    return read;
  };
}

/** How a part gets at what it needs. */
export interface Readers {
  readonly read: ReadSamples;
  readonly selectSeries: SelectSeries;
}

interface Member {
  readonly samples: Samples;
  readonly labels: StoredSeries["labels"];
  /** Born in the window on a target known before. */
  readonly countsFromZero: boolean;
  /** Its counts of steps. */
  readonly countStep: (toMs: number) => number | null;
}

/** The rows of one part at the points of its request. */
export function evaluatePart(
  store: MetricStore,
  { id, expression }: MetricPart,
  request: MetricRequest,
  timestampsMs: readonly number[],
  { read, selectSeries }: Readers,
  scrapeMs: number,
): readonly MetricRow[] {
  const { window, stepMs } = request;
  const lengthMs = window.toMs - window.fromMs;
  const rangeMs = stepMs === null ? lengthMs : request.rangeMs;
  const endMs = timestampsMs.at(-1) ?? window.toMs;
  const seenMs = Math.max(expression.of.stickyMs, lengthMs + (stepMs === null ? 0 : rangeMs));
  const isKnown =
    stepMs === null && expression.kind === "increase" ? knownTargets(store, expression.of, request, read) : () => false;

  const countStep: CountStep = createStepCounter(store, expression.of, stepMs ?? lengthMs, scrapeMs, read);
  const groups = new Map<string, { readonly labels: Record<string, string>; readonly members: Member[] }>();
  for (const { metric, series } of preferredSeries(selectSeries, expression.of, endMs - seenMs, endMs)) {
    const labels = groupLabels(series, expression);
    const key = groupKey(labels, expression.groupBy);
    const group = groups.get(key) ?? { labels, members: [] };
    group.members.push({
      samples: read(series),
      labels: series.labels,
      countsFromZero: isKnown(metric, series),
      countStep: (toMs) => countStep(metric, series, toMs),
    });
    groups.set(key, group);
  }

  const increase = ({ samples, countsFromZero }: Member, fromMs: number, toMs: number) =>
    stepMs === null
      ? exactIncrease(samples, fromMs, toMs, countsFromZero)
      : extrapolatedIncrease(samples, fromMs, toMs);

  return [...groups.values()].flatMap(({ labels, members }) => {
    const values = timestampsMs.map((toMs) => finite(valueAt(members, toMs - rangeMs, toMs)));
    return values.every((value) => value === null) ? [] : [{ part: id, labels, values }];
  });

  function valueAt(members: readonly Member[], fromMs: number, toMs: number): number | null {
    switch (expression.kind) {
      case "increase":
        return sum(members.map((one) => increase(one, fromMs, toMs)));
      case "count":
        return sum(members.map((one) => one.countStep(toMs)));
      case "quantile":
        return expression.histogram === "native"
          ? null
          : quantileOf(expression.quantile, members, ({ samples }) => extrapolatedIncrease(samples, fromMs, toMs));
      case "recordedQuantile":
        return quantileOf(expression.quantile, members, ({ samples }) =>
          sumOfSamples(samples, fromMs + expression.lateMs, toMs + expression.lateMs),
        );
      case "samples":
        return sum(
          members.map((one) => countSamples(one.samples, toMs - (stepMs ?? lengthMs), toMs, expression.count)),
        );
      case "under":
        return null;
      case "latest":
        return sum(members.map((one) => newestValue(one.samples, fromMs, toMs)));
      case "seen":
        return members.some(({ samples }) => newestValue(samples, fromMs, toMs) !== null) ? 1 : null;
    }
  }
}

/** Whether a series was born in the window on a target that was scraped before: series of the metric that proves its view, or `up`, tell. */
function knownTargets(
  store: MetricStore,
  { views }: PreferredViews,
  { window }: MetricRequest,
  read: ReadSamples,
): (metric: string, series: StoredSeries) => boolean {
  const names = ["job", "instance", "pod"];
  const known = new Map<string, ReadonlySet<string>>();
  const targetsOf = (metric: string): ReadonlySet<string> => {
    const kept = known.get(metric);
    if (kept !== undefined) return kept;
    const proving = views.filter(({ select }) => select.metric === metric).map(({ seen }) => seen.metric);
    const before = (series: StoredSeries) => newestValue(read(series), window.fromMs - lookbackMs, window.fromMs);
    const scraped = [
      ...proving.flatMap((name) => [...store.seriesOf(name)]).filter((series) => before(series) !== null),
      ...[...store.seriesOf("up")].filter((series) => (before(series) ?? 0) > 0),
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

function quantileOf(
  quantile: number,
  members: readonly Member[],
  observed: (member: Member) => number | null,
): number | null {
  const counts = new Map<number, number>();
  for (const member of members) {
    const le = member.labels["le"] ?? "";
    const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
    const count = observed(member);
    if (le !== "" && !Number.isNaN(bound) && count !== null) counts.set(bound, (counts.get(bound) ?? 0) + count);
  }
  return histogramQuantile(quantile, counts);
}
