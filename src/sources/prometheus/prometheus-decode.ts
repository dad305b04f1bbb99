/** Vectors, matrices and exemplars of Prometheus's API as rows of the port. Called by the source. */
import { asList, asNumber, asObject, asText, decodeError, isObject } from "../../http/read-json.js";
import { normaliseBound } from "../../telemetry/bucket-bound.js";
import type { Exemplar, MetricPart, MetricRow, RawQuery, RawSeries } from "../../telemetry/metric-source.js";
import { setOwn } from "../../telemetry/packed-traces.js";
import { normaliseTraceId } from "../../telemetry/trace-id.js";
import { partLabel } from "./promql.js";

/** Labels a trace id is kept under, by exporter. */
const traceLabels = ["trace_id", "traceID", "traceId", "traceid"];

/** How the rows of an answer are to be read. */
export interface RowsForm {
  readonly source: string;
  readonly parts: readonly MetricPart[];
  /** The points asked for, evenly spaced. */
  readonly timestampsMs: readonly number[];
}

/** Rows of a vector (one point) or matrix; rows without one number are left out, as NaN and the infinities are no data. */
export function decodeRows(data: unknown, form: RowsForm): readonly MetricRow[] {
  const { source, parts, timestampsMs } = form;
  const { resultType, result } = asObject(source, "data", data);
  if (resultType !== "vector" && resultType !== "matrix")
    throw decodeError(source, "data.resultType", String(resultType));
  const list = asList(source, "data.result", result);
  const [firstMs = 0, secondMs = firstMs + 1] = timestampsMs;
  const rows: MetricRow[] = [];
  // Thousands of rows repeat a few hundred words; kept once, an answer that is shared for a while weighs a tenth.
  const words = new Map<string, string>();
  for (let i = 0; i < list.length; i += 1) {
    const at = list[i];
    if (!isObject(at) || !isObject(at["metric"])) throw decodeError(source, `data.result[${i}]`, "no series");
    const samples = resultType === "vector" ? [at["value"]] : (at["values"] ?? []);
    if (!Array.isArray(samples)) throw decodeError(source, `data.result[${i}].values`, "no list");
    const values = new Array<number | null>(timestampsMs.length).fill(null);
    let hasData = false;
    for (const sample of samples as readonly unknown[]) {
      // A native histogram without a float value, which no expression of ours gives.
      if (sample === undefined) continue;
      if (!Array.isArray(sample)) throw decodeError(source, `data.result[${i}]`, "a sample that is no pair");
      const [seconds, text] = sample as readonly unknown[];
      const value = Number(text);
      const index = resultType === "vector" ? 0 : Math.round((Number(seconds) * 1000 - firstMs) / (secondMs - firstMs));
      if (typeof text !== "string" || !Number.isFinite(value) || index < 0 || index >= values.length) continue;
      values[index] = value;
      hasData = true;
    }
    if (hasData) rows.push(rowOf(at["metric"], values, form, i, words));
  }
  return parts.some(isByBound) ? mergeBounds(rows, parts) : rows;
}

/** Series of raw queries, each with the label of its part; what is no finite number is told as such. */
export function decodeRaw(
  source: string,
  data: unknown,
  queries: readonly RawQuery[],
  timestampsMs: readonly number[],
): readonly RawSeries[] {
  const { resultType, result } = asObject(source, "data", data);
  const [firstMs = 0, secondMs = firstMs + 1] = timestampsMs;
  const number = (text: string) => (Number.isFinite(Number(text)) ? Number(text) : "NaN");
  if (resultType === "scalar") {
    const [, text] = asList(source, "data.result", result);
    return queries.map(({ id }) => ({ id, values: [number(String(text))] }));
  }
  return asList(source, "data.result", result).map((value, i) => {
    const at = `data.result[${i}]`;
    const { metric, value: sample, values: samples } = asObject(source, at, value);
    const query = queries[Number(asObject(source, `${at}.metric`, metric)[partLabel] ?? 0)];
    if (query === undefined) throw decodeError(source, `${at}.metric.${partLabel}`, "an unknown part");
    const values = new Array<number | "NaN" | null>(timestampsMs.length).fill(null);
    const given = resultType === "vector" ? [sample ?? []] : asList(source, `${at}.values`, samples ?? []);
    for (const [j, pair] of given.entries()) {
      const [seconds, text] = asList(source, `${at}.values[${j}]`, pair);
      if (typeof text !== "string") continue;
      const index = resultType === "vector" ? 0 : Math.round((Number(seconds) * 1000 - firstMs) / (secondMs - firstMs));
      if (index < 0 || index >= values.length) continue;
      values[index] = number(text);
    }
    return { id: query.id, values };
  });
}

/** Labels of each series of a vector, whatever its value. */
export function decodeSeries(source: string, data: unknown): readonly Readonly<Record<string, string>>[] {
  const { result } = asObject(source, "data", data);
  return asList(source, "data.result", result).map((value, i) => {
    const at = `data.result[${i}]`;
    return textLabels(source, `${at}.metric`, asObject(source, at, value)["metric"]);
  });
}

function rowOf(
  metric: object,
  values: MetricRow["values"],
  { source, parts }: RowsForm,
  i: number,
  words: Map<string, string>,
): MetricRow {
  const labels: Record<string, string> = {};
  let index = 0;
  const given = metric as Readonly<Record<string, unknown>>;
  // Parsed from JSON, so all keys are its own; entries would make two lists per label of a hundred thousand.
  for (const label in given) {
    const value = given[label];
    if (label === partLabel) index = Number(value);
    else if (typeof value !== "string") throw decodeError(source, `data.result[${i}].metric.${label}`, "no text");
    else if (value !== "") {
      const known = words.get(value);
      if (known === undefined) words.set(value, value);
      setOwn(labels, label, label === "le" ? normaliseBound(value) : (known ?? value));
    }
  }
  const part = parts[index];
  if (part === undefined) throw decodeError(source, `data.result[${i}].metric.${partLabel}`, "an unknown part");
  return { part: part.id, labels, values };
}

/** Whether rows of a part are buckets. */
export function isByBound({ expression }: MetricPart): boolean {
  return expression.groupBy.includes("le");
}

/** A range over an upgrade to Prometheus 3 has each bound in two spellings, which are one group; their values are summed. */
function mergeBounds(rows: readonly MetricRow[], parts: readonly MetricPart[]): readonly MetricRow[] {
  const seen = new Set(parts.filter(({ expression }) => expression.kind === "seen").map(({ id }) => id));
  const merged = new Map<string, MetricRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.part, Object.entries(row.labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const other = merged.get(key);
    if (other === undefined) merged.set(key, row);
    else if (!seen.has(row.part)) {
      const values = row.values.map((value, i) => {
        const rest = other.values[i] ?? null;
        return value === null ? rest : rest === null ? value : value + rest;
      });
      merged.set(key, { ...row, values });
    }
  }
  return [...merged.values()];
}

/** Exemplars that carry a trace id, newest first. */
export function decodeExemplars(source: string, data: unknown, limit: number): readonly Exemplar[] {
  const found: Exemplar[] = [];
  asList(source, "data", data).forEach((value, i) => {
    const { seriesLabels, exemplars } = asObject(source, `data[${i}]`, value);
    const labels = textLabels(source, `data[${i}].seriesLabels`, seriesLabels);
    asList(source, `data[${i}].exemplars`, exemplars).forEach((exemplar, j) => {
      const at = `data[${i}].exemplars[${j}]`;
      const object = asObject(source, at, exemplar);
      const own = textLabels(source, `${at}.labels`, object["labels"]);
      const id = traceLabels.map((label) => own[label]).find((text) => text !== undefined);
      const traceId = id === undefined ? null : normaliseTraceId(id);
      if (traceId === null) return;
      const number = asNumber(source, `${at}.value`, object["value"]);
      const atMs = asNumber(source, `${at}.timestamp`, object["timestamp"]) * 1000;
      found.push({ labels, traceId, value: number, atMs });
    });
  });
  return found.sort((a, b) => b.atMs - a.atMs).slice(0, limit);
}

function textLabels(source: string, at: string, value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(asObject(source, at, value ?? {}));
  return Object.fromEntries(entries.map(([label, text]) => [label, asText(source, `${at}.${label}`, text)]));
}
