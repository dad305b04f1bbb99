/** The counters of closed-form cases as an Istio mesh is scraped: every 15 s where something happens, rarely in the long quiet before. */
import { hourMs, minuteMs } from "./alert-stream.js";
import { type ClosedFormCase, historyMs, type Scraping } from "./closed-form-cases.js";
import type { MetricSample } from "./open-metrics.js";

export const closedFormNamespace = "closed-form";
export const closedFormScrapeMs = 15_000;
const quietScrapeMs = 10 * minuteMs;
const denseFromMs = -hourMs;

/** All samples of a case whose moment 0 is `zeroMs`, by series, in order of time. */
export function samplesOfCase({ service, counts, scraping, lengthMs }: ClosedFormCase, zeroMs: number): MetricSample[] {
  const labels = {
    job: "istio",
    instance: `front-of-${service}:15020`,
    pod: `front-of-${service}-0`,
  };
  const calls = {
    ...labels,
    reporter: "source",
    source_workload: `front-of-${service}`,
    source_workload_namespace: closedFormNamespace,
    source_canonical_service: `front-of-${service}`,
    destination_workload: service,
    destination_workload_namespace: closedFormNamespace,
    destination_service: `${service}.${closedFormNamespace}.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: closedFormNamespace,
    destination_canonical_service: service,
    destination_version: "v1",
    request_protocol: "http",
    response_flags: "-",
  };
  const name = "istio_requests_total";
  const times = scrapeTimes(lengthMs).filter((atMs) => isScraped(atMs, scraping));
  const born = times.filter((atMs) => atMs >= (scraping.bornMs ?? Number.NEGATIVE_INFINITY));
  const counted = (code: string, countOf: (atMs: number) => number) => {
    const [brokenMs, mendedMs] = scraping.broken ?? [0, 0];
    const values = born.map((atMs) => {
      const isBroken = atMs > brokenMs && atMs < mendedMs;
      return [atMs, isBroken ? Number.NaN : countSince(atMs, scraping, countOf)] as const;
    });
    // A proxy has no series of what never happened.
    const seen = values.slice(
      Math.max(
        0,
        values.findIndex(([, value]) => value > 0),
      ),
    );
    if (!seen.some(([, value]) => value > 0)) return [];
    return seen.map(([atMs, value]) => ({
      name,
      labels: { ...calls, response_code: code },
      value,
      atMs: zeroMs + atMs,
    }));
  };
  return [
    ...times.map((atMs) => ({ name: "up", labels, value: 1, atMs: zeroMs + atMs })),
    ...counted("200", (atMs) => counts(atMs).total - counts(atMs).failed),
    ...counted("503", (atMs) => counts(atMs).failed),
  ];
}

function scrapeTimes(lengthMs: number): readonly number[] {
  const times: number[] = [];
  for (let atMs = -historyMs; atMs < denseFromMs; atMs += quietScrapeMs) times.push(atMs);
  for (let atMs = denseFromMs; atMs <= lengthMs; atMs += closedFormScrapeMs) times.push(atMs);
  return times;
}

function isScraped(atMs: number, { gap, goneMs }: Scraping): boolean {
  if (goneMs !== undefined && atMs >= goneMs) return false;
  return gap === undefined || atMs <= gap[0] || atMs >= gap[1];
}

/** What a counter shows that started again at the last reset. What was counted between the scrape before a reset and it is lost to all. */
function countSince(atMs: number, { resetsMs = [] }: Scraping, countOf: (atMs: number) => number): number {
  const last = Math.max(-historyMs, ...resetsMs.filter((resetMs) => resetMs <= atMs));
  const whole = (count: number) => Math.floor(count + 1e-6);
  return whole(countOf(atMs)) - whole(countOf(last));
}
