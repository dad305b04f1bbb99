import { afterAll, describe, expect, test } from "@jest/globals";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { createPrometheusSource } from "../../src/sources/prometheus/prometheus-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import type { MetricExpression, MetricRow, MetricSelector } from "../../src/telemetry/metric-source.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import { callOptions } from "./call-options.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const expected = readExpected();
const { fromMs, toMs, scrapeIntervalMs } = expected;
const edge = ["source_workload", "destination_service_name"];
const rowLabels = ["reporter", ...edge, "destination_workload", "response_code", "response_flags"];

function increase(
  metric: string,
  groupBy: readonly string[],
  matchers: MetricSelector["matchers"] = [],
): MetricExpression {
  const select = { metric, matchers };
  return { kind: "increase", of: { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 }, groupBy };
}

/** `label values: value` of every row with something in it; counts are sums of floats, so the noise of their last digits is cut. */
function told(rows: readonly MetricRow[], labels: readonly string[]): string[] {
  return rows
    .filter((row) => row.values[0] !== 0)
    .map((row) => `${labels.map((label) => row.labels[label]).join(" ")}: ${Number(row.values[0]?.toFixed(6))}`)
    .sort();
}

const expectedRows = expected.requests.map((row) => ({
  key: [row.reporter, row.source, row.service, row.destination, row.code, row.flags].join(" "),
  ...row,
}));

describe.each(["prometheus2", "prometheus3"] as const)("the recorded mesh in a real %s", (name) => {
  const http = createHttpClient({ name, url: state[name].url }, { clock });
  const source = createPrometheusSource({
    config: { name, cluster: null, isShard: false, scrapeIntervalMs },
    http,
    clock,
  });
  afterAll(() => source.close());

  async function ask(expression: MetricExpression, window: TimeWindow): Promise<readonly MetricRow[]> {
    const request = { parts: [{ id: "asked", expression }], window, stepMs: null, rangeMs: 60_000 };
    return (await source.query(request, callOptions())).rows;
  }

  test("the count of every edge, reporter, code and flag is exact, also of series born, reset or gone within the range", async () => {
    const rows = await ask(increase("istio_requests_total", rowLabels), { fromMs, toMs });
    expect(told(rows, rowLabels)).toEqual(expectedRows.map((row) => `${row.key}: ${row.count}`).sort());
  });

  test.each([0, 1, 2, 3, 4, 5])("so are the counts of minute %i alone", async (minute) => {
    const window = { fromMs: fromMs + minute * 60_000, toMs: fromMs + (minute + 1) * 60_000 };
    const rows = await ask(increase("istio_requests_total", rowLabels), window);
    const counted = expectedRows.filter((row) => row.byMinute[minute] !== 0);
    expect(told(rows, rowLabels)).toEqual(counted.map((row) => `${row.key}: ${row.byMinute[minute]}`).sort());
  });

  test("durations and TCP bytes are exact", async () => {
    const durations = await ask(increase("istio_request_duration_milliseconds_sum", rowLabels), { fromMs, toMs });
    const lasting = expectedRows.filter((row) => row.durationSumMs > 0);
    expect(told(durations, rowLabels)).toEqual(lasting.map((row) => `${row.key}: ${row.durationSumMs}`).sort());
    // "Received" by the server's side: what the caller sent.
    const bytes = await ask(increase("istio_tcp_received_bytes_total", edge), { fromMs, toMs });
    const connected = expected.connections.filter((row) => row.sentBytes > 0);
    expect(told(bytes, edge)).toEqual(connected.map((row) => `${row.source} ${row.service}: ${row.sentBytes}`).sort());
  });

  test("with the caller's view preferred, a call seen by two proxies counts once, and aborted calls count too", async () => {
    const view = (reporter: string) => {
      const reporters: MetricSelector["matchers"] = [{ label: "reporter", op: "eq", value: reporter }];
      const select: MetricSelector = { metric: "istio_requests_total", matchers: reporters };
      return { select, seen: select };
    };
    const views = [view("source"), view("destination")];
    const of = { views, edgeLabels: edge, stickyMs: toMs - fromMs };
    const rows = await ask({ kind: "increase", of, groupBy: edge }, { fromMs, toMs });
    const counts = new Map<string, number>();
    for (const row of expected.requests.filter(({ reporter }) => reporter === "source")) {
      const key = `${row.source} ${row.service}`;
      counts.set(key, (counts.get(key) ?? 0) + row.count);
    }
    expect(told(rows, edge)).toEqual([...counts].map(([key, count]) => `${key}: ${count}`).sort());
  });

  test("the p95 of reviews' calls of ratings lies in the bucket of the 7 s delay", async () => {
    const matchers: MetricSelector["matchers"] = [
      { label: "reporter", op: "eq", value: "source" },
      { label: "source_workload", op: "eq", value: "reviews-v2" },
    ];
    const select = { metric: "istio_request_duration_milliseconds_bucket", matchers };
    const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };
    const rows = await ask(
      { kind: "quantile", quantile: 0.95, histogram: "classic", of, groupBy: [] },
      { fromMs, toMs },
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.values[0]).toBeGreaterThan(5_000);
    expect(rows[0]?.values[0]).toBeLessThanOrEqual(10_000);
  });

  test("the metrics of the dialect are found present, others are not", async () => {
    const bucket = "istio_request_duration_milliseconds_bucket";
    const names = ["istio_requests_total", "istio_tcp_sent_bytes_total", "response_total", bucket, "no_such_bucket"];
    const present = await source.presentMetrics(names, { fromMs, toMs }, callOptions());
    expect([...present].sort()).toEqual([bucket, "istio_requests_total", "istio_tcp_sent_bytes_total"]);
    const buckets = await source.presentMetrics([bucket, "no_such_bucket"], { fromMs, toMs }, callOptions());
    expect([...buckets]).toEqual([bucket]);
  });
});
