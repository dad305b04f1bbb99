/** The text Prometheus scrapes and promtool back-fills from. */
import { describe, expect, test } from "@jest/globals";
import { createIstioMetrics } from "../../../src/demo/telemetry/metrics/istio-metrics.js";
import type { MeshMetrics } from "../../../src/demo/telemetry/metrics/mesh-metrics.js";
import type { MetricSeries } from "../../../src/demo/telemetry/metrics/metric-series.js";
import { createBackfillText, expositionText } from "../../../src/demo/telemetry/metrics/openmetrics-text.js";
import { stories } from "./stories.js";
import { pods, t0 } from "./tiny-mesh.js";

function mesh(): MeshMetrics {
  const metrics = createIstioMetrics({ hasSizes: false });
  metrics.addPod(pods.ratings);
  metrics.record(stories.abort);
  metrics.record(stories.mysql);
  return metrics;
}

/** Names of samples and families, in order, each once. */
const outline = (text: string) => [
  ...new Set(text.split("\n").map((line) => (line.startsWith("#") ? line : line.slice(0, line.indexOf("{"))))),
];

describe("an exposition", () => {
  const text = expositionText(mesh(), t0 + 1_000);

  test("keeps families together and names counters without _total", () => {
    expect(outline(text)).toEqual([
      "# TYPE up gauge",
      "up",
      "# TYPE istio_requests counter",
      "istio_requests_total",
      "# TYPE istio_request_duration_milliseconds histogram",
      "istio_request_duration_milliseconds_bucket",
      "istio_request_duration_milliseconds_sum",
      "istio_request_duration_milliseconds_count",
      "# TYPE istio_tcp_connections_opened counter",
      "istio_tcp_connections_opened_total",
      "# TYPE istio_tcp_connections_closed counter",
      "istio_tcp_connections_closed_total",
      "# TYPE istio_tcp_sent_bytes counter",
      "istio_tcp_sent_bytes_total",
      "# TYPE istio_tcp_received_bytes counter",
      "istio_tcp_received_bytes_total",
      "# EOF",
      "",
    ]);
  });

  test("puts a trace behind its bucket", () => {
    expect(text.split("\n").filter((line) => line.includes("trace_id"))).toEqual([
      expect.stringMatching(
        /^istio_request_duration_milliseconds_bucket\{.*le="0\.5"\} 1 # \{trace_id="[0-9a-f]{32}"\} 0 1772445600\.0\d*$/,
      ),
    ]);
  });

  test("is empty but for its end when no pod is known", () => {
    expect(expositionText(createIstioMetrics({ hasSizes: false }), t0)).toBe("# EOF\n");
  });
});

describe("a back-fill", () => {
  test("repeats the samples with their times and each family's type once", () => {
    const written: string[] = [];
    const sink = createBackfillText((text) => written.push(text));
    const metrics = mesh();
    metrics.scrapeAt(t0 + 15_000, sink);
    metrics.scrapeAt(t0 + 30_500, sink);
    sink.end();
    const lines = written.join("").split("\n");
    expect(
      lines.filter((line) => line.startsWith("istio_requests_total")).map((line) => line.split(" ").slice(1)),
    ).toEqual([
      ["1", "1772445615"],
      ["1", "1772445630.5"],
    ]);
    expect(lines.filter((line) => line === "# TYPE istio_requests counter")).toHaveLength(1);
    expect(lines.slice(-2)).toEqual(["# EOF", ""]);
  });

  test("escapes what would end a label's value", () => {
    const series: MetricSeries = { name: "up", family: "up", type: "gauge", labels: { pod: 'a"b\\c\nd' } };
    let text = "";
    const sink = createBackfillText((piece) => {
      text += piece;
    });
    sink.sample(series, 1_000, 1);
    sink.end();
    expect(text).toBe('# TYPE up gauge\nup{pod="a\\"b\\\\c\\nd"} 1 1\n# EOF\n');
  });
});
