/** Answers of the API with what Prometheus read for them, and recording rules evaluated over a past. Used by dashboards.test.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordingRule } from "../../dashboards/src/recording-rules.js";
import { type Dialect, viewsOf } from "../../src/mesh/dialects/dialect.js";
import { requestQuery } from "../../src/sources/prometheus/promql.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import type { MetricSample } from "../support/open-metrics.js";
import { startRecordingProxy } from "../support/recording-proxy.js";
import { repositoryRoot } from "../support/repository-root.js";
import { fetchJson } from "./backends/http-json.js";

/** Every figure of a list and a graph by a name of its own, e.g. `services reviews latency 0.95`. */
export interface CountedAnswer {
  readonly figures: ReadonlyMap<string, number | null>;
  /** PromQL queries sent, and the samples Prometheus says it read for them. */
  readonly queries: number;
  readonly samples: number;
}

interface Vector {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: readonly [number, string] }[];
  };
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** Asks for the service list and the graph of a window through a Meshlens of this question's own, `start`ed over the given address. */
export async function askCounted(
  prometheus: string,
  { fromMs, toMs }: TimeWindow,
  start: (url: string) => Promise<{ readonly url: string; stop(reason: string): Promise<unknown> }>,
): Promise<CountedAnswer> {
  const proxy = await startRecordingProxy(prometheus);
  const server = await start(proxy.url);
  const figures = new Map<string, number | null>();
  const range = { absolute: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() } };
  proxy.take();
  for (const document of ["services", "service-graph"]) {
    const query = readFileSync(join(repositoryRoot, `examples/queries/${document}.graphql`), "utf8");
    const { data } = await fetchJson<{ data: Json }>(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables: { range } }),
    });
    noteFigures(data, document, figures);
  }
  const asked = proxy.take().filter(({ url }) => new URL(url).pathname === "/api/v1/query");
  await server.stop("answered");
  await proxy.close();
  let samples = 0;
  for (const { body } of asked) {
    const form = new URLSearchParams(`${body}&stats=all`);
    const { data } = await fetchJson<{ data: { stats: { samples: { totalQueryableSamples: number } } } }>(
      `${prometheus}/api/v1/query`,
      { method: "POST", body: form },
    );
    samples += data.stats.samples.totalQueryableSamples;
  }
  return { figures, queries: asked.length, samples };
}

/** Numbers by their path; members of lists by what names them. */
function noteFigures(value: Json, path: string, into: Map<string, number | null>): void {
  if (value === null || typeof value === "number") {
    into.set(path, value);
    return;
  }
  if (typeof value !== "object") return;
  const members: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((one: Json, i) => [nameOf(one) ?? String(i), one] as const)
    : Object.entries(value);
  for (const [name, own] of members)
    if (name !== "sources" && name !== "window") noteFigures(own, `${path} ${name}`, into);
}

function nameOf(value: Json): string | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const { id, ref, quantile, source, destination } = value as { readonly [key: string]: Json };
  if (ref !== undefined) return (ref as { readonly name: string }).name;
  if (source !== undefined) return JSON.stringify([source, destination, (value as { protocol?: Json }).protocol]);
  return typeof id === "string" ? id : typeof quantile === "number" ? String(quantile) : null;
}

/** The quantile of the exact counts of the observations by bucket, as callers saw them, by the called service's name. */
export async function exactQuantiles(
  prometheus: string,
  { latency, requests }: Dialect,
  quantile: number,
  window: TimeWindow,
): Promise<ReadonlyMap<string, number>> {
  const [preference] = requests.views.callers;
  const host = preference?.reports[0]?.destinationLabel ?? "";
  const seen = requests.counters[0]?.metric ?? "";
  const nothing = { select: [], seen: [] };
  const of =
    preference === undefined
      ? null
      : viewsOf(preference, `${latency?.metric.callers}_bucket`, seen, 3_600_000, () => nothing);
  if (of === null) return new Map();
  const part = { id: "", expression: { kind: "increase", of, groupBy: [host, "le"] } } as const;
  const counts = requestQuery({ parts: [part], window, stepMs: null, rangeMs: 0 }, 15_000);
  const { data } = await fetchJson<Vector>(`${prometheus}/api/v1/query`, {
    method: "POST",
    body: new URLSearchParams({
      query: `histogram_quantile(${quantile}, ${counts})`,
      time: String(window.toMs / 1000),
    }),
  });
  return new Map(
    data.result.map(({ metric, value: [, text] }) => [(metric[host] ?? "").split(".")[0] ?? "", Number(text)]),
  );
}

/** What a ruler would have recorded in a window, evaluated at each step. */
export async function ruledSamples(
  prometheus: string,
  { record, expr, labels }: RecordingRule,
  { fromMs, toMs, stepMs }: TimeWindow & { readonly stepMs: number },
): Promise<readonly MetricSample[]> {
  const times = { start: String(fromMs / 1000), end: String(toMs / 1000), step: String(stepMs / 1000) };
  const { data } = await fetchJson<Answer>(`${prometheus}/api/v1/query_range`, {
    method: "POST",
    body: new URLSearchParams({ query: expr, ...times }),
  });
  return data.result.flatMap(({ metric, values }) =>
    values.map(([seconds, text]) => ({
      name: record,
      labels: { ...metric, ...labels },
      atMs: Math.round(seconds * 1000),
      value: Number(text),
    })),
  );
}
