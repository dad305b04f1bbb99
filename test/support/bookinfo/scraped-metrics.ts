/** The recording as Prometheus scraped it: Istio's counters and histogram, and `up`, as OpenMetrics text. */
import { connectionEvents, type Labels, requestEvents, targetLabels } from "./counter-events.js";
import type { Recording } from "./recording.js";
import { timeline } from "./timeline.js";
import { details, reviewsV1, type Workload, workloads } from "./workloads.js";

/** Bounds of Istio's histograms, ms. */
const bucketBoundsMs = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
];

/** One event as one counter sees it: when, and by how much. */
interface Step {
  readonly proxy: Workload;
  readonly labels: Labels;
  readonly atUs: number;
  readonly by: number;
}

/** The whole exposition with times, ready for `promtool tsdb create-blocks-from openmetrics`. */
export function scrapedMetrics(recording: Recording): string {
  const requests = requestEvents(recording);
  const connections = connectionEvents(recording);
  const opened = connections.map((event) => ({ ...event, atUs: event.startUs, by: 1 }));
  const closed = connections.map((event) => ({ ...event, atUs: event.endUs, by: 1 }));
  const connected = connections.filter((event) => event.isConnected);
  const duration = "istio_request_duration_milliseconds";
  const ended = requests.map((event) => ({ ...event, atUs: event.endUs, by: 1 }));
  const buckets = [...bucketBoundsMs, Number.POSITIVE_INFINITY].flatMap((bound) => {
    const le = bound === Number.POSITIVE_INFINITY ? "+Inf" : String(bound);
    // A bucket exists from its proxy's first call on, also while it is empty.
    return ended.map((event) => ({
      ...event,
      labels: { ...event.labels, le },
      by: event.durationMs <= bound ? 1 : 0,
    }));
  });
  const lines = [
    "# TYPE up gauge",
    ...workloads.flatMap((workload) => scrapesOf(workload).map((atMs) => line("up", targetLabels(workload), 1, atMs))),
    "# TYPE istio_requests counter",
    ...counter("istio_requests_total", ended),
    `# TYPE ${duration} histogram`,
    ...counter(`${duration}_bucket`, buckets),
    ...counter(`${duration}_count`, ended),
    ...counter(
      `${duration}_sum`,
      ended.map((event) => ({ ...event, by: event.durationMs })),
    ),
    "# TYPE istio_tcp_connections_opened counter",
    ...counter("istio_tcp_connections_opened_total", opened),
    "# TYPE istio_tcp_connections_closed counter",
    ...counter("istio_tcp_connections_closed_total", closed),
    // Istio names bytes from where its server side stands: "sent" went to the client.
    "# TYPE istio_tcp_sent_bytes counter",
    ...counter(
      "istio_tcp_sent_bytes_total",
      connected.map((event) => ({ ...event, atUs: event.endUs, by: event.receivedBytes })),
    ),
    "# TYPE istio_tcp_received_bytes counter",
    ...counter(
      "istio_tcp_received_bytes_total",
      connected.map((event) => ({ ...event, atUs: event.endUs, by: event.sentBytes })),
    ),
    "# EOF",
  ];
  return `${lines.join("\n")}\n`;
}

/** Samples of one counter: a series has none before its first event in the life of its proxy. */
function counter(name: string, steps: readonly Step[]): string[] {
  const series = new Map<string, Step[]>();
  for (const step of steps) {
    const key = labelText(step.labels);
    const known = series.get(key);
    if (known) known.push(step);
    else series.set(key, [step]);
  }
  return [...series.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    return scrapesOf(first.proxy).flatMap((atMs) => {
      const bornUs = lifeAt(first.proxy, atMs) * 1000;
      const counted = own.filter((step) => step.atUs > bornUs && step.atUs <= atMs * 1000);
      const value = counted.reduce((sum, step) => sum + step.by, 0);
      return counted.length === 0 ? [] : [line(name, first.labels, value, atMs)];
    });
  });
}

/** When a proxy was scraped, epoch ms: the pod of reviews-v1 is gone after the recovery. */
function scrapesOf(workload: Workload): number[] {
  const lastMs = workload === reviewsV1 ? timeline.recoveryMs : timeline.lastScrapeMs;
  const count = (lastMs - timeline.firstScrapeMs) / timeline.scrapeIntervalMs + 1;
  return Array.from({ length: count }, (_, index) => timeline.firstScrapeMs + index * timeline.scrapeIntervalMs);
}

/** When the proxy scraped at `atMs` had started: details' proxy restarts right after the scrape at the recovery. */
function lifeAt(workload: Workload, atMs: number): number {
  return workload === details && atMs > timeline.recoveryMs ? timeline.recoveryMs : 0;
}

function line(name: string, labels: Labels, value: number, atMs: number): string {
  return `${name}{${labelText(labels)}} ${value} ${atMs / 1000}`;
}

function labelText(labels: Labels): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}="${labels[name]}"`)
    .join(",");
}
