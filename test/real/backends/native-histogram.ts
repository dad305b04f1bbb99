/** Native histograms for Prometheus 3: exponential histograms by OpenTelemetry's protocol in JSON. */
import { fetchText, posting } from "./http-json.js";

/** What a native histogram had observed when it was scraped: values with how often. */
export interface HistogramSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly atMs: number;
  readonly observed: readonly (readonly [value: number, count: number])[];
}

/** Eight buckets for each doubling. */
const scale = 3;
const cumulative = 2;

/** Sends one sample. @throws Error with what the server said */
export async function feedHistogram(url: string, { name, labels, atMs, observed }: HistogramSample): Promise<void> {
  const counts = new Map<number, number>();
  for (const [value, count] of observed) {
    const bucket = Math.ceil(Math.log2(value) * 2 ** scale) - 1;
    counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  }
  const lowest = Math.min(...counts.keys());
  const length = Math.max(...counts.keys()) - lowest + 1;
  const dataPoint = {
    attributes: attributesOf(labels),
    startTimeUnixNano: "0",
    timeUnixNano: `${atMs}000000`,
    count: String(observed.reduce((sum, [, count]) => sum + count, 0)),
    sum: observed.reduce((sum, [value, count]) => sum + value * count, 0),
    scale,
    zeroCount: "0",
    positive: {
      offset: lowest,
      bucketCounts: Array.from({ length }, (_, i) => String(counts.get(lowest + i) ?? 0)),
    },
  };
  const metric = { name, exponentialHistogram: { aggregationTemporality: cumulative, dataPoints: [dataPoint] } };
  const resource = {
    attributes: attributesOf({ "service.name": labels["job"] ?? "", "service.instance.id": labels["instance"] ?? "" }),
  };
  const body = JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] });
  await fetchText(`${url}/api/v1/otlp/v1/metrics`, posting("application/json", body));
}

function attributesOf(labels: Readonly<Record<string, string>>) {
  return Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
