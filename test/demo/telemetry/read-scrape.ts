/** A scrape as plain rows. */
import type { MeshMetrics } from "../../../src/demo/telemetry/metrics/mesh-metrics.js";
import type { SampleExemplar } from "../../../src/demo/telemetry/metrics/metric-series.js";

/** One sample of a scrape. */
export interface Row {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  exemplar: SampleExemplar | null;
}

/** All samples at an instant. */
export function scrape(metrics: MeshMetrics, atMs: number): Row[] {
  const rows: Row[] = [];
  metrics.scrapeAt(atMs, {
    sample: ({ name, labels }, _atMs, value) => void rows.push({ name, labels, value, exemplar: null }),
    exemplar(_series, exemplar) {
      const last = rows.at(-1);
      if (last) last.exemplar = exemplar;
    },
  });
  return rows;
}

/** The rows of a metric as their values of `labels` and the count, in alphabetical order. */
export function told(rows: readonly Row[], name: string, labels: readonly string[]): string[] {
  return rows
    .filter((row) => row.name === name)
    .map((row) => [...labels.map((label) => row.labels[label] ?? ""), row.value].join(" "))
    .sort();
}
