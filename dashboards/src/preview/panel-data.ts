/** Data of a panel from a real Prometheus and a real Meshlens: frames as Grafana would make them, near enough for a look. */
import { type GrafanaValues, interpolateGraphql, interpolatePromql } from "./grafana-values.js";

/** A target as the JSON of a dashboard has it. */
export interface PreviewTarget {
  readonly refId: string;
  readonly expr?: string;
  readonly instant?: boolean;
  readonly legendFormat?: string;
  readonly columns?: readonly { readonly text: string; readonly selector: string; readonly type: string }[];
  readonly url_options?: { readonly body_graphql_query: string };
  readonly format?: string;
}

/** A line over time. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

/** What a target gave. */
export interface TargetData {
  readonly refId: string;
  readonly lines: readonly Line[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Why there is nothing; null when it was answered. */
  readonly problem: string | null;
}

/** Where data comes from; null is not asked. */
export interface PreviewSources {
  readonly prometheus: string | null;
  readonly meshlens: string | null;
}

const points = 120;

/** Asks one target. Never throws: a panel shows its problem. */
export async function askTarget(
  target: PreviewTarget,
  values: GrafanaValues,
  from: PreviewSources,
): Promise<TargetData> {
  const nothing = { refId: target.refId, lines: [], rows: [] };
  try {
    if (target.expr !== undefined) return { ...nothing, problem: null, ...(await askPrometheus(target, values, from)) };
    return { ...nothing, problem: null, ...(await askMeshlens(target, values, from)) };
  } catch (error) {
    return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
  }
}

interface PrometheusAnswer {
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

async function askPrometheus(target: PreviewTarget, values: GrafanaValues, { prometheus }: PreviewSources) {
  if (prometheus === null) throw new Error("no Prometheus was given");
  const query = interpolatePromql(target.expr ?? "", values);
  const step = Math.max(15, Math.round((values.toMs - values.fromMs) / points / 1000));
  const times: Record<string, string> =
    target.instant === true
      ? { time: String(values.toMs / 1000) }
      : { start: String(values.fromMs / 1000), end: String(values.toMs / 1000), step: String(step) };
  const path = target.instant === true ? "query" : "query_range";
  const response = await fetch(`${prometheus}/api/v1/${path}`, {
    method: "POST",
    body: new URLSearchParams({ query, ...times }),
  });
  const { data, error } = (await response.json()) as PrometheusAnswer;
  if (data === undefined) throw new Error(error ?? `Prometheus answered ${response.status}`);
  const lines = data.result.map(({ metric, value, values: all }): Line => {
    const given = all ?? (value === undefined ? [] : [value]);
    const finite = given.map(([at, text]) => [at * 1000, Number(text)] as const).filter(([, v]) => Number.isFinite(v));
    return { name: legend(target.legendFormat ?? "", metric), points: finite };
  });
  return { lines: lines.filter((line) => line.points.length > 0) };
}

function legend(format: string, labels: Readonly<Record<string, string>>): string {
  return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => labels[name] ?? "").trim();
}

async function askMeshlens(target: PreviewTarget, values: GrafanaValues, { meshlens }: PreviewSources) {
  if (meshlens === null) throw new Error("no Meshlens was given");
  const query = interpolateGraphql(target.url_options?.body_graphql_query ?? "", values);
  const response = await fetch(`${meshlens}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data?: { grafana: Record<string, TargetData["rows"]> } };
  // All the plugin says of a failure.
  if (response.status >= 400) throw new Error(`unsuccessful HTTP response code ${response.status}`);
  const rows = Object.values(data?.grafana ?? {})[0] ?? [];
  const named = rows.map((row) =>
    Object.fromEntries((target.columns ?? []).map(({ selector, text }) => [text, row[selector]])),
  );
  return target.format === "timeseries" ? { lines: wide(named) } : { rows: named };
}

/** Long rows as a line per set of words, as Infinity's `timeseries` format makes them. */
function wide(rows: TargetData["rows"]): readonly Line[] {
  const lines = new Map<string, [number, number][]>();
  for (const row of rows) {
    const words = Object.values(row).filter((value) => typeof value === "string");
    const [time, value] = Object.values(row).filter((one) => typeof one === "number");
    const name = words.join(" ");
    if (!lines.has(name)) lines.set(name, []);
    if (typeof time === "number" && typeof value === "number") lines.get(name)?.push([time, value]);
  }
  return [...lines].map(([name, all]) => ({ name, points: all })).filter((line) => line.points.length > 0);
}
