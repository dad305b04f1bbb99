import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createHttpClient } from "../../../src/http/create-http-client.js";
import { createPrometheusSource } from "../../../src/sources/prometheus/prometheus-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import type { MetricExpression, MetricSource } from "../../../src/telemetry/metric-source.js";
import type { CallOptions, UpstreamCall } from "../../../src/telemetry/source.js";
import { type FaultServer, startFaultServer } from "../../support/fault-server.js";

const select = { metric: "m_total", matchers: [] };
const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };
const window = { fromMs: 0, toMs: 120_000 };

describe("a Prometheus source", () => {
  let server: FaultServer;
  let source: MetricSource;
  const options = (given: Partial<CallOptions> = {}): CallOptions => ({
    signal: new AbortController().signal,
    deadlineMs: Date.now() + 20_000,
    ...given,
  });
  const says = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
    server.behave({ kind: "answer", status, headers, body: JSON.stringify(body) });
  const succeeds = (resultType: string, result: unknown, more: object = {}) =>
    says({ status: "success", data: { resultType, result }, ...more });
  const ask = (groupBy: readonly string[], stepMs: number | null = null, kind: "increase" | "seen" = "increase") => {
    const expression: MetricExpression = { kind, of, groupBy };
    return source.query({ parts: [{ id: "x", expression }], window, stepMs, rangeMs: 60_000 }, options());
  };

  beforeEach(async () => {
    server = await startFaultServer();
    const config = { name: "prom", cluster: "east", isShard: true, scrapeIntervalMs: 30_000 };
    const http = createHttpClient({ name: "prom", url: server.url }, { clock: systemClock });
    source = createPrometheusSource({ config, http });
  });
  afterEach(async () => {
    await source.close();
    await server.close();
  });

  test("says what its configuration says", () => {
    expect(source).toMatchObject({ name: "prom", kind: "prometheus", cluster: "east", isShard: true });
    expect(source.scrapeIntervalMs()).toBe(30_000);
  });

  test.each(["NaN", "+Inf", "-Inf"])("%s is no data: no row of one point, null in a series", async (value) => {
    succeeds("vector", [
      { metric: { service: "a" }, value: [120, value] },
      { metric: { service: "b" }, value: [120, "1.5"] },
    ]);
    expect((await ask(["service"])).rows).toEqual([{ part: "x", labels: { service: "b" }, values: [1.5] }]);
    succeeds("matrix", [
      {
        metric: {},
        values: [
          [60, value],
          [120, "2"],
        ],
      },
      { metric: { service: "none" }, values: [[60, value]] },
    ]);
    expect((await ask([], 60_000)).rows).toEqual([{ part: "x", labels: {}, values: [null, 2] }]);
  });

  test("bounds in two spellings, after an upgrade to Prometheus 3, are one group", async () => {
    succeeds("matrix", [
      { metric: { le: "1000" }, values: [[60, "3"]] },
      {
        metric: { le: "1000.0" },
        values: [
          [60, "4"],
          [120, "5"],
        ],
      },
    ]);
    expect((await ask(["le"], 60_000)).rows).toEqual([{ part: "x", labels: { le: "1000" }, values: [7, 5] }]);
    succeeds("vector", [
      { metric: { le: "1" }, value: [120, "1"] },
      { metric: { le: "1.0" }, value: [120, "1"] },
    ]);
    expect((await ask(["le"], null, "seen")).rows.map(({ values }) => values)).toEqual([[1]]);
  });

  test("warnings are told, advice to writers of queries is not, partial answers of VictoriaMetrics are", async () => {
    succeeds("vector", [], {
      warnings: ["store 2 did not answer"],
      infos: ['PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "m"'],
    });
    expect((await ask([])).warnings).toEqual(["store 2 did not answer"]);
    succeeds("vector", [], { isPartial: true });
    expect((await ask([])).warnings).toEqual([expect.stringContaining("partial")]);
  });

  test.each([
    [400, "bad_data", "MESHLENS_ERR_SOURCE_QUERY_REFUSED"],
    [422, "execution", "MESHLENS_ERR_SOURCE_QUERY_REFUSED"],
    [503, "timeout", "MESHLENS_ERR_SOURCE_TIMEOUT"],
    [503, "unavailable", "MESHLENS_ERR_SOURCE_STATUS"],
  ])("status %d with errorType %s is %s, with the server's reason", async (status, errorType, code) => {
    says({ status: "error", errorType, error: "the reason" }, status);
    await expect(ask([])).rejects.toMatchObject({ code, message: expect.stringContaining("the reason") });
  });

  test("each call is reported once, with its PromQL and rows, also when it fails", async () => {
    const calls: UpstreamCall[] = [];
    const asked = options({ onUpstreamCall: (call) => calls.push(call) });
    succeeds("vector", [{ metric: { __name__: "m_total" }, value: [1, "1"] }]);
    expect(await source.presentMetrics(["m_total", "n_total"], window, asked)).toEqual(new Set(["m_total"]));
    server.behave({ kind: "answer", status: 500, body: "" });
    await expect(source.presentMetrics(["m_total"], window, asked)).rejects.toThrow();
    expect(calls.map(({ operation, query, rows }) => ({ operation, query, rows }))).toEqual([
      {
        operation: "metric-names",
        query: 'group by (__name__) (last_over_time({__name__=~"m_total|n_total"}[120000ms]))',
        rows: 1,
      },
      { operation: "metric-names", query: expect.stringContaining('{__name__="m_total"}'), rows: null },
    ]);
  });

  test("exemplars are those with a trace id in any spelling, newest first", async () => {
    const exemplar = (labels: Record<string, string>, timestamp: number) => ({ labels, value: "0.2", timestamp });
    says({
      status: "success",
      data: [
        {
          seriesLabels: { __name__: "m_bucket", service: "a" },
          exemplars: [
            exemplar({ trace_id: "4BF92F3577B34DA6A3CE929D0E0E4736" }, 10.5),
            exemplar({ span_id: "1" }, 11),
            exemplar({ traceID: "a3ce929d0e0e4736" }, 12),
          ],
        },
      ],
    });
    const found = await source.exemplars(select, window, 5, options());
    expect(found.map(({ traceId, atMs, value }) => [traceId, atMs, value])).toEqual([
      ["0000000000000000a3ce929d0e0e4736", 12_000, 0.2],
      ["4bf92f3577b34da6a3ce929d0e0e4736", 10_500, 0.2],
    ]);
    expect(await source.exemplars(select, window, 1, options())).toHaveLength(1);
  });

  test.each([
    [{ version: "3.15.0" }, {}, "3.15.0", []],
    [{ version: "2.17.0", application: "Grafana Mimir" }, {}, "2.17.0", ["mimir"]],
    [{ version: "0.40.1" }, {}, "0.40.1", ["thanos"]],
    [{ version: "2.24.0" }, { "x-server-hostname": "vm-0" }, "2.24.0", ["victoriametrics"]],
    [null, {}, null, ["native-histograms"]],
  ])("a probe tells %j with headers %j from the others", async (buildinfo, headers, version, capabilities) => {
    const isNative = capabilities.includes("native-histograms");
    const answers: Readonly<Record<string, unknown>> = {
      "/api/v1/status/buildinfo": buildinfo,
      "/api/v1/label/__name__/values": ["a", "b"],
      "/api/v1/query": { resultType: "vector", result: isNative ? [{ metric: {}, value: [1, "4"] }] : [] },
    };
    server.behave({
      kind: "handler",
      handle: (request, response) => {
        const data = answers[request.url ?? ""] ?? null;
        response.writeHead(data === null ? 404 : 200, headers);
        response.end(JSON.stringify({ status: "success", data }));
      },
    });
    expect(await source.probe(options())).toEqual({ version, capabilities, found: "2 metric names" });
  });

  test("a server without the route of exemplars has none", async () => {
    server.behave({ kind: "answer", status: 404, body: "404 page not found" });
    expect(await source.exemplars(select, window, 5, options())).toEqual([]);
  });

  test("fifty thousand rows are read", async () => {
    const result = Array.from({ length: 50_000 }, (_, i) => ({ metric: { service: `s${i}` }, value: [120, `${i}`] }));
    succeeds("vector", result);
    const { rows } = await ask(["service"]);
    expect(rows).toHaveLength(50_000);
    expect(rows.at(-1)).toEqual({ part: "x", labels: { service: "s49999" }, values: [49_999] });
  });
});
