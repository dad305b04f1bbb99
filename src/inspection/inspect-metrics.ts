/** Asks one source of metrics what an installation depends on. Called by inspect-sources.ts. */

import { isMeshlensError } from "../errors.js";
import type { Preference } from "../mesh/dialects/dialect.js";
import type { DetectDialects, SpokenDialect } from "../mesh/metrics/detect-dialects.js";
import { amiss, type Inspection } from "../telemetry/inspection.js";
import type { MetricSource } from "../telemetry/metric-source.js";
import type { CallOptions } from "../telemetry/source.js";
import { judgeDialects, judgeReporters, judgeSamples, type MetricFacts } from "./judge-metrics.js";
import type { NeededWindows } from "./needed-windows.js";
import { findReach, judgeRetention, metricNeeds } from "./retention.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A server that has just begun has few samples in the long one, a slow scrape few in the short one. */
const scrapesWithinMs = [2 * minuteMs, 10 * minuteMs] as const;
const [, seenWithinMs] = scrapesWithinMs;
const fewestScrapes = 4;
/** What the server looks back by itself for the newest sample. */
const lookBackMs = 5 * minuteMs;

/** What is asked with. */
export interface MetricInspectionDeps {
  readonly detect: DetectDialects;
  readonly windows: NeededWindows;
  readonly nowMs: number;
}

/** Some six to ten queries, all cheap by themselves. @throws MESHLENS_ERR_SOURCE_* */
export async function inspectMetrics(
  source: MetricSource,
  { detect, windows, nowMs }: MetricInspectionDeps,
  options: CallOptions,
): Promise<readonly Inspection[]> {
  const spoken = await detect(source, { fromMs: nowMs - hourMs, toMs: nowMs }, options);
  const [first] = spoken;
  if (first === undefined) return [judgeDialects(spoken)];
  const [reporters, samples, retention] = await Promise.all([
    reportersOf(source, first, nowMs, options),
    samplesOf(source, first, { windows, nowMs }, options),
    retentionOf(source, first, { windows, nowMs }, options),
  ]);
  return [judgeDialects(spoken), reporters, ...samples, retention];
}

async function reportersOf(
  source: MetricSource,
  spoken: SpokenDialect,
  nowMs: number,
  options: CallOptions,
): Promise<Inspection> {
  const { views, counters } = spoken.dialect.requests;
  const metric = counters[0]?.metric ?? "";
  const reportsOf = (preferences: readonly Preference[]) => preferences.flatMap(({ reports }) => reports);
  // Reports of servers stand in for callers without a proxy: they say nothing about the callers' own.
  const server = reportsOf(views.server);
  const keysOfServer = server.flatMap(({ matchers }) => matchers.map((matcher) => JSON.stringify(matcher)));
  const callers = reportsOf(views.callers).filter(
    ({ matchers }) => !matchers.some((matcher) => keysOfServer.includes(JSON.stringify(matcher))),
  );
  const parts = [
    ...callers.map((report) => ["callers", report] as const),
    ...server.map((report) => ["server", report] as const),
  ].map(([view, { matchers }], index) => {
    const select = { metric, matchers };
    const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };
    return { id: `${view} ${index}`, expression: { kind: "seen" as const, of, groupBy: [] } };
  });
  const window = { fromMs: nowMs - seenWithinMs, toMs: nowMs };
  const { rows } = await source.query({ parts, window, stepMs: null, rangeMs: seenWithinMs }, options);
  const isSeen = (view: string) => rows.some(({ part }) => part.startsWith(view));
  return judgeReporters(spoken, { callers: isSeen("callers"), server: isSeen("server") });
}

/** Names of metrics are the dialect's own, so the queries hold nothing a user wrote. */
async function samplesOf(
  source: MetricSource,
  { dialect, histogram }: SpokenDialect,
  { windows, nowMs }: { readonly windows: NeededWindows; readonly nowMs: number },
  options: CallOptions,
): Promise<readonly Inspection[]> {
  const requests = dialect.requests.counters[0]?.metric ?? "";
  const durations = dialect.latency?.metric.callers ?? requests;
  const queries = [
    { id: "requestSeries", promql: `count(${requests})` },
    { id: "bucketSeries", promql: `count(${histogram === "classic" ? `${durations}_bucket` : durations})` },
    ...scrapesWithinMs.map((ms) => ({
      id: `scrapes ${ms}`,
      promql: `quantile(0.5, count_over_time(${requests}[${ms / minuteMs}m]))`,
    })),
    { id: "newest", promql: `max(timestamp(${requests}))` },
  ];
  try {
    const window = { fromMs: nowMs - lookBackMs, toMs: nowMs };
    const { series } = await source.evaluate({ queries, window, stepMs: null }, options);
    const numberOf = (id: string): number | null => {
      const value = series.find((one) => one.id === id)?.values.at(-1);
      return typeof value === "number" ? value : null;
    };
    const everyMs = scrapesWithinMs.map((ms) => ({ ms, scrapes: numberOf(`scrapes ${ms}`) ?? 0 }));
    const counted = everyMs.find(({ scrapes }) => scrapes >= fewestScrapes) ?? everyMs.at(-1);
    const newest = numberOf("newest");
    const facts: MetricFacts = {
      requestSeries: numberOf("requestSeries"),
      bucketSeries: numberOf("bucketSeries"),
      scrapeEveryMs: counted === undefined || counted.scrapes < 2 ? null : counted.ms / counted.scrapes,
      newestAgeMs: newest === null ? null : nowMs - newest * 1_000,
    };
    return judgeSamples(facts, source.scrapeIntervalMs(), windows);
  } catch (error) {
    if (!isMeshlensError(error) || error.code !== "MESHLENS_ERR_SOURCE_UNSUPPORTED") throw error;
    return [amiss("scrape", "UNKNOWN", "this source evaluates no PromQL", "look at the scrape interval by hand")];
  }
}

async function retentionOf(
  source: MetricSource,
  { dialect }: SpokenDialect,
  { windows, nowMs }: { readonly windows: NeededWindows; readonly nowMs: number },
  options: CallOptions,
): Promise<Inspection> {
  const needs = metricNeeds(windows);
  const reach = await findReach(needs, nowMs, async (window) => {
    return (await source.presentMetrics(dialect.detect.slice(0, 1), window, options)).size > 0;
  });
  return judgeRetention(
    needs,
    reach,
    "keep metrics longer (--storage.tsdb.retention.time), or ask a long-term store such as Thanos or Mimir",
  );
}
