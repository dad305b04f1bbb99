/** Scrapes as OpenMetrics text: what `/demo/metrics` answers and what promtool back-fills from. Source: OpenMetrics 1.0. */
import type { MeshMetrics } from "./mesh-metrics.js";
import type { MetricSeries, SampleExemplar, SampleSink } from "./metric-series.js";

/** Content type of `/demo/metrics`. */
export const openMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/**
 * One exposition of all pods, without times; the scraping Prometheus needs `honor_labels: true`, for each series bears its own pod's
 * target labels. Families stand together; exemplars stand behind their bucket.
 */
export function expositionText(metrics: MeshMetrics, atMs: number): string {
  const families = new Map<string, string[]>();
  let lines: string[] = [];
  metrics.scrapeAt(atMs, {
    sample(series, _atMs, value) {
      const known = families.get(series.family);
      lines = known ?? [`# TYPE ${series.family} ${series.type}`];
      if (known === undefined) families.set(series.family, lines);
      lines.push(`${nameOf(series)} ${value}`);
    },
    exemplar: (_series, exemplar) => void lines.push(`${lines.pop()} ${exemplarText(exemplar)}`),
  });
  return `${[...families.values()].flat().join("\n")}\n# EOF\n`.replace(/^\n/, "");
}

/** Takes scrapes and writes them with their times; `end` closes the file for `promtool tsdb create-blocks-from openmetrics`. */
export interface BackfillText extends SampleSink {
  end(): void;
}

/** @param write takes whole lines, about 64 KiB at a time */
export function createBackfillText(write: (text: string) => void): BackfillText {
  const families = new Set<string>();
  const names = new WeakMap<MetricSeries, string>();
  let text = "";
  return {
    sample(series, atMs, value) {
      let name = names.get(series);
      if (name === undefined) {
        name = nameOf(series);
        names.set(series, name);
      }
      if (!families.has(series.family)) {
        families.add(series.family);
        text += `# TYPE ${series.family} ${series.type}\n`;
      }
      text += `${name} ${value} ${atMs / 1000}\n`;
      if (text.length < 65_536) return;
      write(text);
      text = "";
    },
    end() {
      write(`${text}# EOF\n`);
      text = "";
    },
  };
}

function nameOf({ name, labels }: MetricSeries): string {
  return `${name}{${labelText(labels)}}`;
}

function exemplarText({ traceId, value, atMs }: SampleExemplar): string {
  return `# {trace_id="${traceId}"} ${value} ${atMs / 1000}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`))}"`)
    .join(",");
}
