/**
 * Port to a metrics backend: typed grouped questions; query text only where a user wrote it into an objective. Adapters: prometheus, memory.
 * One request is one upstream call whatever the number of its parts, services or edges; one with steps counted may be two, where series
 * came or went.
 */
import type { CallOptions, Source } from "./source.js";
import type { TimeWindow } from "./time-window.js";

/** A condition on one label. Values are data: adapters escape them, also `in` lists, which are never patterns. An absent label is "". */
export type LabelMatcher =
  | { readonly label: string; readonly op: "eq" | "neq"; readonly value: string }
  | { readonly label: string; readonly op: "in" | "notIn"; readonly values: readonly string[] }
  /** `pattern` is an anchored RE2 expression written in our code (dialects), never user text. */
  | { readonly label: string; readonly op: "matches" | "notMatches"; readonly pattern: string };

/** Series of one metric: all matchers hold. */
export interface MetricSelector {
  readonly metric: string;
  readonly matchers: readonly LabelMatcher[];
}

/**
 * One way of seeing the same calls. Views stand in order of preference: a series of a later view is left out where an earlier
 * view has any series (seen within `stickyMs` before the window's end) with the same values of all `edgeLabels`.
 * The choice is per edge, so a call seen by two proxies is counted once.
 */
export interface MetricView {
  readonly select: MetricSelector;
  /**
   * Series that prove that this view covers an edge (the request counter even when `select` is a histogram bucket or failures only),
   * and, at a window's start, that their target was scraped then.
   */
  readonly seen: MetricSelector;
}

/** The views of one measure; a single view needs no edgeLabels. */
export interface PreferredViews {
  readonly views: readonly MetricView[];
  readonly edgeLabels: readonly string[];
  readonly stickyMs: number;
}

/** What to compute per group of `groupBy` labels. Groups without data have no row; an adapter never returns NaN or Infinity. */
export type MetricExpression =
  /**
   * Sum of counter increases. Over a window (stepMs null): the exact count in (from, to]: resets are counted, a series born inside the
   * window on a target already scraped counts from 0, a series that vanished counts until it vanished, nothing is extrapolated where
   * samples lie at both ends. With a step: the increase in the `rangeMs` before each point.
   */
  | { readonly kind: "increase"; readonly of: PreferredViews; readonly groupBy: readonly string[] }
  /**
   * Sum of exact counts of equal steps: at each point, of the `stepMs` before it (without a step: of the whole window as one). The counts
   * of adjacent steps telescope to the raw differences of the counters. A series' value is its newest sample, remembered for an hour,
   * so that what was counted during a gap comes with the first sample after it, once. A reset counts the new value. A series without a
   * sample in the hour before counts from 0 where its target was scraped before (`seen`, or `up`), else its first value is history.
   * Groups without a sample in the step, or shortly before it, have no value there: a gap is not zero.
   */
  | { readonly kind: "count"; readonly of: PreferredViews; readonly groupBy: readonly string[] }
  /**
   * Observations of native histograms of at most `bound`, in the histogram's own unit, counted by steps as `count` counts; interpolated
   * within the bucket that holds the bound. A source without native histograms has no rows.
   */
  | {
      readonly kind: "under";
      readonly bound: number;
      readonly of: PreferredViews;
      readonly groupBy: readonly string[];
    }
  /**
   * Quantile (0..1) of a histogram over the window, or over `rangeMs` before each point, in the histogram's own unit.
   * `classic`: `select` names the `_bucket` series; `native`: the histogram itself. A quantile in the +Inf bucket is the highest
   * finite bound. Groups without observations have no row.
   */
  | {
      readonly kind: "quantile";
      readonly quantile: number;
      readonly histogram: "classic" | "native";
      readonly of: PreferredViews;
      readonly groupBy: readonly string[];
    }
  /**
   * Quantile of classic histograms whose buckets a ruler counted by steps: `select` names gauges with `le`, a sample of which holds the
   * observations of the step that ended `lateMs` before it. Of whole windows; in the histogram's own unit.
   */
  | {
      readonly kind: "recordedQuantile";
      readonly quantile: number;
      readonly lateMs: number;
      readonly of: PreferredViews;
      readonly groupBy: readonly string[];
    }
  /**
   * Samples of gauges that are 1 when good and 0 when not, in the `stepMs` before each point (without a step: in the whole window):
   * how many there are (`all`), or the sum of their values (`true`). A series whose samples there are NaN or lie beyond 0 and 1 in the
   * mean counts in neither.
   */
  | {
      readonly kind: "samples";
      readonly count: "all" | "true";
      readonly of: PreferredViews;
      readonly groupBy: readonly string[];
    }
  /** Sum of the newest values within the window (gauges). */
  | { readonly kind: "latest"; readonly of: PreferredViews; readonly groupBy: readonly string[] }
  /** Which groups had any sample in the window; value 1. */
  | { readonly kind: "seen"; readonly of: PreferredViews; readonly groupBy: readonly string[] };

/** A named expression within a request. */
export interface MetricPart {
  readonly id: string;
  readonly expression: MetricExpression;
}

/** One upstream call. With `stepMs` null each row has one value, for the whole window; else one per step. */
export interface MetricRequest {
  readonly parts: readonly MetricPart[];
  readonly window: TimeWindow;
  readonly stepMs: number | null;
  /** Range looked back over at each point of a series, ms; at least four scrape intervals. Ignored when stepMs is null. */
  readonly rangeMs: number;
}

/** One group of one part. `values[i]` belongs to `timestampsMs[i]` of the result; null is no data. */
export interface MetricRow {
  readonly part: string;
  /** Labels of `groupBy` with a value other than "". */
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

/** Columns of one request: the points (one, the window's end, when stepMs is null), and the rows in no promised order. */
export interface MetricResult {
  readonly timestampsMs: readonly number[];
  readonly rows: readonly MetricRow[];
  /** Said by the backend beside the answer (partial response, truncation): the source is DEGRADED. */
  readonly warnings: readonly string[];
}

/** PromQL that a user wrote, checked by our parser before it comes here. */
export interface RawQuery {
  readonly id: string;
  readonly promql: string;
}

/** Queries of users: evaluated at the window's end, or at each `from + k · step` in (from, to]. */
export interface RawRequest {
  readonly queries: readonly RawQuery[];
  readonly window: TimeWindow;
  readonly stepMs: number | null;
}

/** One series of one query; a query without series has none. */
export interface RawSeries {
  readonly id: string;
  /** As in MetricRow; "NaN" where the series is there and is no finite number, such as 0/0. */
  readonly values: readonly (number | "NaN" | null)[];
}

/** Columns of raw queries. */
export interface RawResult {
  readonly timestampsMs: readonly number[];
  readonly series: readonly RawSeries[];
  readonly warnings: readonly string[];
}

/** A trace id stored beside a histogram sample. */
export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly traceId: string;
  readonly value: number;
  readonly atMs: number;
}

/** What a metrics backend must be able to do. All methods throw MESHLENS_ERR_SOURCE_*. */
export interface MetricSource extends Source {
  query(request: MetricRequest, options: CallOptions): Promise<MetricResult>;
  /**
   * Queries of users as one upstream call; one that the backend refuses makes it refuse all of them.
   * @throws MESHLENS_ERR_SOURCE_UNSUPPORTED by a backend that evaluates no PromQL · MESHLENS_ERR_SOURCE_QUERY_REFUSED
   */
  evaluate(request: RawRequest, options: CallOptions): Promise<RawResult>;
  /** The backend's own clock, epoch ms, taken between question and answer; null where it has none but ours. */
  readClock(options: CallOptions): Promise<number | null>;
  /** Which of the given metrics (full names) have series in the window: how a dialect is recognised. */
  presentMetrics(names: readonly string[], window: TimeWindow, options: CallOptions): Promise<ReadonlySet<string>>;
  /** Exemplars of a selector, newest first, at most `limit`; [] when the backend has none or cannot store them. */
  exemplars(
    selector: MetricSelector,
    window: TimeWindow,
    limit: number,
    options: CallOptions,
  ): Promise<readonly Exemplar[]>;
  /** Scrape interval in ms as configured or learned; the least sensible step. */
  scrapeIntervalMs(): number;
}
