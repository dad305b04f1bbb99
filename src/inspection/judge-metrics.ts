/** What the facts of a source of metrics mean for whoever installs Meshlens. Pure; inspect-metrics.ts asks for them. */
import type { SpokenDialect } from "../mesh/metrics/detect-dialects.js";
import { amiss, type Inspection, lengthWords, passed } from "../telemetry/inspection.js";
import type { NeededWindows } from "./needed-windows.js";

/** A rate needs this many scrapes in its window to bear one that is missing. */
const scrapesPerWindow = 4;
/** Beyond this a graph's questions read more samples than Prometheus' usual limit lets them. */
const mostSeries = { requests: 300_000, buckets: 1_500_000 } as const;
const staleMs = 5 * 60_000;
/** How much slower than configured scrapes may be. */
const scrapeSlack = 1.5;

/** What a server answered about one dialect's metrics; null is no answer. */
export interface MetricFacts {
  readonly requestSeries: number | null;
  readonly bucketSeries: number | null;
  /** Of the series in the middle, within the last ten minutes. */
  readonly scrapeEveryMs: number | null;
  /** Against our clock. */
  readonly newestAgeMs: number | null;
}

/** Which dialects are spoken and whether durations are there. */
export function judgeDialects(spoken: readonly SpokenDialect[]): Inspection {
  if (spoken.length === 0)
    return amiss(
      "metrics",
      "FAIL",
      "queries are answered, but no metric of Istio, Linkerd, OpenTelemetry or Envoy has a sample of the last hour",
      "let it scrape the proxies (docs/guides/connect-to-istio.md, connect-to-linkerd.md), or look at `mesh.dialect`",
    );
  const words = spoken.map(({ dialect, histogram }) => `${dialect.name} (${histogram ?? "no"} durations)`).join(", ");
  const [first] = spoken;
  if (first?.histogram === null)
    return amiss(
      "metrics",
      "WARN",
      `speaks ${words}: no latency is measured`,
      `let ${first.dialect.latency?.metric.callers ?? "a histogram of durations"} be scraped too; objectives on latency need it`,
    );
  return passed("metrics", `speaks ${words}`);
}

/** Which ends of calls have a proxy that reports. Views the dialect does not have are not missed. */
export function judgeReporters(
  { dialect }: SpokenDialect,
  seen: { readonly callers: boolean; readonly server: boolean },
): Inspection {
  const { views } = dialect.requests;
  if (views.server.length === 0 || views.callers.length === 0)
    return passed("reporters", `${dialect.name} has one view of a call`);
  if (seen.callers && seen.server) return passed("reporters", "the callers' proxies and the servers' report");
  if (seen.server)
    return amiss(
      "reporters",
      "WARN",
      "only the servers' proxies report: calls that never arrive (no endpoints, refused, timed out) are not counted",
      "scrape the proxies of callers and gateways too, and give them a sidecar or waypoint where they have none",
    );
  return amiss(
    "reporters",
    "WARN",
    "only the callers' proxies report: whether calls were encrypted and how often they were retried is not known",
    "scrape the proxies of the servers too, and look whether a Telemetry resource or metric relabelling drops theirs",
  );
}

/** Scrapes, size and age. */
export function judgeSamples(
  facts: MetricFacts,
  scrapeIntervalMs: number,
  windows: NeededWindows,
): readonly Inspection[] {
  return [judgeScrape(facts, scrapeIntervalMs, windows), judgeSize(facts), judgeAge(facts)];
}

function judgeScrape({ scrapeEveryMs }: MetricFacts, configuredMs: number, { shortestMs }: NeededWindows): Inspection {
  if (scrapeEveryMs === null)
    return amiss(
      "scrape",
      "UNKNOWN",
      "no series has two samples in the last ten minutes",
      "look at the targets of the server",
    );
  const seen = `scraped every ${Math.round(scrapeEveryMs / 1_000)} s, configured are ${Math.round(configuredMs / 1_000)} s`;
  if (shortestMs !== null && scrapeEveryMs * scrapesPerWindow > shortestMs)
    return amiss(
      "scrape",
      "FAIL",
      `${seen}: the shortest window of ${lengthWords(shortestMs)} holds fewer than ${scrapesPerWindow} scrapes`,
      "scrape more often, or give that objective longer windows",
    );
  if (scrapeEveryMs > configuredMs * scrapeSlack)
    return amiss(
      "scrape",
      "WARN",
      `${seen}: short steps of series are empty, and the newest count comes late`,
      `set scrapeInterval: ${Math.round(scrapeEveryMs / 1_000)}s for this source, and alerting.offset to no less`,
    );
  return passed("scrape", seen);
}

function judgeSize({ requestSeries, bucketSeries }: MetricFacts): Inspection {
  const words = `${requestSeries ?? 0} series of requests, ${bucketSeries ?? 0} of buckets`;
  if (requestSeries === null)
    return amiss("cardinality", "UNKNOWN", "series could not be counted", "ask again when there is traffic");
  if (requestSeries <= mostSeries.requests && (bucketSeries ?? 0) <= mostSeries.buckets)
    return passed("cardinality", words);
  return amiss(
    "cardinality",
    "WARN",
    `${words}: questions about the whole mesh are slow and may meet the server's limit of samples`,
    "drop labels that have many values (a Telemetry resource's tagOverrides), or lay down rules by `meshlens slo rules`",
  );
}

function judgeAge({ newestAgeMs }: MetricFacts): Inspection {
  if (newestAgeMs === null || newestAgeMs > staleMs)
    return amiss(
      "freshness",
      "FAIL",
      newestAgeMs === null
        ? "no sample of requests in the last 5 min"
        : `the newest sample is ${lengthWords(newestAgeMs)} old`,
      "look at the targets of the server, and at the delay of its remote write",
    );
  return passed("freshness", `the newest sample is ${lengthWords(Math.max(0, newestAgeMs))} old`);
}
