/** Answers of a Prometheus as a panel of Grafana gets them. */

import { type GrafanaValues, interpolatePromql } from "../../dashboards/src/preview/grafana-values.js";
import type { JsonTarget } from "../dashboards/support/dashboard-json.js";
import { fetchJson } from "./backends/http-json.js";

/** A series of an answer; without its gaps. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** Instants of the values, epoch ms. */
  readonly atMs: readonly number[];
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

const isFinitePoint = ([, value]: readonly [number, string]) => Number.isFinite(Number(value));

/** Asks as Grafana does: instant targets at the range's end, others at each of its steps. Throws where Prometheus refuses the query. */
export async function askPanel(
  url: string,
  { expr = "", instant }: JsonTarget,
  values: GrafanaValues,
): Promise<readonly AnsweredSeries[]> {
  const query = interpolatePromql(expr, values);
  const times: Record<string, string> =
    instant === true
      ? { time: String(values.toMs / 1000) }
      : { start: String(values.fromMs / 1000), end: String(values.toMs / 1000), step: "15" };
  const path = instant === true ? "query" : "query_range";
  const { data } = await fetchJson<Answer>(`${url}/api/v1/${path}`, {
    method: "POST",
    body: new URLSearchParams({ query, ...times }),
  });
  return data.result.map(({ metric, value, values: all }) => {
    const points = (all ?? (value === undefined ? [] : [value])).filter(isFinitePoint);
    return {
      labels: metric,
      values: points.map(([, text]) => Number(text)),
      atMs: points.map(([seconds]) => Math.round(seconds * 1000)),
    };
  });
}
