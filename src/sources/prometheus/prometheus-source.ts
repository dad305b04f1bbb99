/** MetricSource over Prometheus's HTTP API: Prometheus 2 and 3, Thanos, Mimir, VictoriaMetrics. Built by server/compose. */
import { isMeshlensError } from "../../errors.js";
import { callUpstream } from "../../http/call-upstream.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../http/http-client.js";
import { asList, asObject, decodeError } from "../../http/read-json.js";
import { type Clock, systemClock } from "../../telemetry/clock.js";
import type { MetricRequest, MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import { rawPoints, timePoints } from "../../telemetry/time-points.js";
import { explainedStatuses, openAnswer, type PrometheusAnswer } from "./prometheus-answer.js";
import { decodeExemplars, decodeRaw, decodeSeries } from "./prometheus-decode.js";
import { identityOf, nativeHistogramNames, type PrometheusIdentity } from "./prometheus-probe.js";
import { type FormedPart, rawQuery, requestQuery } from "./promql.js";
import { selectorOfNames, selectorText } from "./promql-selector.js";
import { duration } from "./promql-text.js";
import { joinedRows, quickParts, wholeParts } from "./quick-counts.js";
import { createRowReader } from "./read-rows.js";

/** What the adapter needs of a source's configuration. */
export interface PrometheusSourceConfig {
  readonly name: string;
  readonly cluster: string | null;
  readonly isShard: boolean;
  /** How often the mesh is scraped, ms. */
  readonly scrapeIntervalMs: number;
}

type Ask = Pick<HttpRequest, "path" | "operation" | "form" | "query" | "reader">;

/** Makes the adapter; nothing is asked before the first question. */
export function createPrometheusSource(deps: {
  readonly config: PrometheusSourceConfig;
  readonly http: HttpClient;
  readonly clock?: Clock;
}): MetricSource {
  const { config, http, clock = systemClock } = deps;
  const source = config.name;

  /** One call; the report shows the query itself where there is one. */
  function send<T>(
    question: Ask,
    options: CallOptions,
    read: (answer: HttpAnswer) => { readonly value: T; readonly rows: number },
  ): Promise<T> {
    const request: HttpRequest = {
      method: question.form === undefined ? "GET" : "POST",
      ...question,
      acceptStatus: explainedStatuses,
    };
    const query = question.form?.["query"];
    const text = typeof query === "string" ? query : undefined;
    return callUpstream({ source, http, clock }, request, options, read, text);
  }

  /** One call whose answer is read from its opened envelope. */
  function ask<T>(
    question: Ask,
    options: CallOptions,
    read: (answer: PrometheusAnswer, http: HttpAnswer) => { readonly value: T; readonly rows: number },
  ): Promise<T> {
    return send(question, options, (answer) => read(openAnswer(source, answer), answer));
  }

  /** Labels of the series of an instant query. */
  const series = (query: string, operation: string, atMs: number, options: CallOptions) =>
    ask({ path: "/api/v1/query", operation, form: { query, time: seconds(atMs) } }, options, ({ data }) => {
      const value = decodeSeries(source, data);
      return { value, rows: value.length };
    });

  return {
    name: source,
    kind: "prometheus",
    cluster: config.cluster,
    isShard: config.isShard,
    scrapeIntervalMs: () => config.scrapeIntervalMs,

    async query(asked, options) {
      const request = inWholeMs(asked);
      const timestampsMs = timePoints(request);
      const [firstMs] = timestampsMs;
      const lastMs = timestampsMs.at(-1);
      if (firstMs === undefined || lastMs === undefined || request.parts.length === 0) {
        return { timestampsMs, rows: [], warnings: [] };
      }
      const askFor = (parts: readonly FormedPart[]) => {
        const query = requestQuery({ ...request, parts }, config.scrapeIntervalMs);
        const { reader, rowsOf } = createRowReader({ source, parts, timestampsMs });
        const question = questionAt(query, firstMs, lastMs, request.stepMs);
        return send({ ...question, ...(reader && { reader }) }, options, (answer) => {
          const value = rowsOf(answer);
          return { value, rows: value.rows.length };
        });
      };
      const first = await askFor(quickParts(request, config.scrapeIntervalMs));
      const parts = wholeParts(request.parts, first.rows);
      if (parts.length === 0) return { timestampsMs, ...first };
      const whole = await askFor(parts);
      const warnings = [...first.warnings, ...whole.warnings];
      return { timestampsMs, rows: joinedRows(request.parts, first.rows, whole.rows), warnings };
    },

    async evaluate({ queries, window, stepMs }, options) {
      const timestampsMs = rawPoints({ window, stepMs });
      const [firstMs] = timestampsMs;
      if (firstMs === undefined || queries.length === 0) return { timestampsMs, series: [], warnings: [] };
      const question = questionAt(rawQuery(queries), firstMs, timestampsMs.at(-1) ?? firstMs, stepMs);
      return ask(question, options, ({ data, warnings }) => {
        const value = { timestampsMs, series: decodeRaw(source, data, queries, timestampsMs), warnings };
        return { value, rows: value.series.length };
      });
    },

    readClock,

    async presentMetrics(names, window, options) {
      if (names.length === 0) return new Set();
      const range = duration(window.toMs - window.fromMs);
      const isBucket = (name: string) => name.endsWith("_bucket");
      const plain = names.filter((name) => !isBucket(name));
      const buckets = names.filter(isBucket);
      const selectors = [
        ...(plain.length === 0 ? [] : [selectorOfNames(plain)]),
        // Most series of a mesh are buckets, and every histogram has this one.
        ...(buckets.length === 0 ? [] : [selectorOfNames(buckets, [{ label: "le", op: "eq", value: "+Inf" }])]),
      ];
      const query = selectors
        .map((selector) => `group by (__name__) (last_over_time(${selector}[${range}]))`)
        .join(" or on (__name__) ");
      const found = await series(query, "metric-names", window.toMs, options);
      return new Set(found.map((labels) => labels["__name__"] ?? ""));
    },

    async exemplars(selector, window, limit, options) {
      const form = { query: selectorText(selector), start: seconds(window.fromMs), end: seconds(window.toMs) };
      const question = { path: "/api/v1/query_exemplars", operation: "exemplars", form };
      try {
        return await ask(question, options, ({ data }) => {
          const value = decodeExemplars(source, data, limit);
          return { value, rows: value.length };
        });
      } catch (error) {
        // Servers that keep no exemplars may not have the route.
        if (isMeshlensError(error) && [404, 501].includes(error.details.status ?? 0)) return [];
        throw error;
      }
    },

    async probe(options) {
      const nowMs = clock.nowMs();
      const histograms = `count(histogram_count(${selectorOfNames(nativeHistogramNames)}))`;
      const [{ version, product }, names, native, skew] = await Promise.all([
        readIdentity(options),
        countMetricNames(options),
        series(histograms, "probe", nowMs, options),
        // A server that does not tell the time is no worse a source for it.
        readClock(options).then(
          (theirsMs) => ({ clockSkewMs: Math.round(theirsMs - (nowMs + clock.nowMs()) / 2) }),
          () => ({}),
        ),
      ]);
      const capabilities = [product, native.length > 0 ? "native-histograms" : null].filter((word) => word !== null);
      return { version, capabilities, found: `${names} metric names`, ...skew };
    },
    close: () => http.close(),
  };

  /** Without a time a query is evaluated at the server's own. */
  function readClock(options: CallOptions): Promise<number> {
    return ask({ path: "/api/v1/query", operation: "clock", form: { query: "time()" } }, options, ({ data }) => {
      const [, text] = asList(source, "data.result", asObject(source, "data", data)["result"]);
      const value = Math.round(Number(text) * 1000);
      if (!Number.isFinite(value)) throw decodeError(source, "data.result[1]", "no number");
      return { value, rows: 1 };
    });
  }

  /** Servers without the route are of unknown version. */
  function readIdentity(options: CallOptions): Promise<PrometheusIdentity> {
    const question = { path: "/api/v1/status/buildinfo", operation: "probe" };
    return ask(question, options, ({ data }, answer) => ({ value: identityOf(answer, data), rows: 0 })).catch(
      (error) => {
        if (isMeshlensError(error) && error.details.status === 404) return { version: null, product: null };
        throw error;
      },
    );
  }

  function countMetricNames(options: CallOptions): Promise<number> {
    const question = { path: "/api/v1/label/__name__/values", operation: "probe" };
    return ask(question, options, ({ data }) => {
      const value = asList(source, "data", data).length;
      return { value, rows: value };
    });
  }
}

/** A query at one instant or over a range of them. */
function questionAt(query: string, firstMs: number, lastMs: number, stepMs: number | null): Ask {
  if (stepMs === null) return { path: "/api/v1/query", operation: "instant", form: { query, time: seconds(lastMs) } };
  const form = { query, start: seconds(firstMs), end: seconds(lastMs), step: seconds(stepMs) };
  return { path: "/api/v1/query_range", operation: "range", form };
}

/** The API's times and steps: seconds with ms. */
function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** PromQL knows no fractions of a ms. */
function inWholeMs(request: MetricRequest): MetricRequest {
  const { fromMs, toMs } = request.window;
  return {
    ...request,
    window: { fromMs: Math.round(fromMs), toMs: Math.max(Math.round(toMs), Math.round(fromMs) + 1) },
  };
}
