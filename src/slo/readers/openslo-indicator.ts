/** OpenSLO's SLIs → the indicators of the model, as an objective of an SLO budgets them. Called by readOpenSlo. */

import { formatDuration } from "../format-duration.js";
import type { Sli } from "../objective.js";
import { overWindows } from "../promql/counter-query.js";
import { parseUserQuery } from "../promql/parse-user-query.js";
import { type AskedQuery, askedText, dividedBy } from "../user-query.js";
import type { OpenSloObjects } from "./openslo-objects.js";
import { shorthandMs } from "./openslo-period.js";
import type { SliSpec, SloObjective, SloSpec } from "./openslo-schema.js";
import { eventsIndicator, ratioIndicator, type WrittenQuery } from "./query-indicator.js";
import type { Report } from "./report.js";

type Metric = NonNullable<SliSpec["thresholdMetric"]>;
type Ratio = NonNullable<SliSpec["ratioMetric"]>;

/** Data sources that answer PromQL. */
const promqlSources =
  /^(prometheus|promql|thanos|mimir|cortex|victoriametrics|(google|amazon|azure)?-?managed-?prometheus|amp|gmp)$/i;

/** An SLI on its own: what it measures, null when something was reported. Thresholds wait for an objective. */
export type ReadSli =
  | { readonly kind: "ratio"; readonly sli: Sli }
  | { readonly kind: "threshold"; readonly query: WrittenQuery };

/** Reads an SLI; `report` takes paths from its spec. */
export function readSli(spec: SliSpec, objects: OpenSloObjects, report: Report): ReadSli | null {
  const { thresholdMetric, ratioMetric } = spec;
  if ((thresholdMetric === undefined) === (ratioMetric === undefined)) {
    const words =
      ratioMetric === undefined
        ? "needs one of thresholdMetric and ratioMetric"
        : "has thresholdMetric and ratioMetric: leave one out";
    report("error", "SLO_SLI", [], words);
    return null;
  }
  if (thresholdMetric !== undefined) {
    const query = queryOf(thresholdMetric, ["thresholdMetric"], objects, report);
    return query === null ? null : { kind: "threshold", query };
  }
  const sli = ratioMetric === undefined ? null : ratioOf(ratioMetric, objects, report);
  return sli === null ? null : { kind: "ratio", sli };
}

function ratioOf(ratio: Ratio, objects: OpenSloObjects, report: Report): Sli | null {
  const { good, bad, total, raw, rawType, counter } = ratio;
  const path = (part: string) => ["ratioMetric", part];
  const wrong = (words: string, at: readonly PropertyKey[] = ["ratioMetric"]) => {
    report("error", "SLO_SLI", at, words);
    return null;
  };
  if (raw !== undefined) {
    if (good !== undefined || bad !== undefined || total !== undefined) {
      return wrong("has raw beside good, bad or total: leave one of the forms out", path("raw"));
    }
    if (rawType === undefined) return wrong("needs rawType: success or failure, to say what raw is the share of");
    const query = queryOf(raw, path("raw"), objects, report);
    return query === null ? null : ratioIndicator(rawType === "success" ? "good" : "failed", query, report);
  }
  if (rawType !== undefined) return wrong("belongs to raw, which is not there", path("rawType"));
  if (good !== undefined && bad !== undefined) {
    return wrong("has good and bad: leave one out, it follows from the other", path("bad"));
  }
  const part = good ?? bad;
  if (part === undefined) return wrong("needs one of good and bad beside total, or raw");
  if (total === undefined) return wrong("needs total");
  const partPath = path(good === undefined ? "bad" : "good");
  const [partQuery, totalQuery] = [
    queryOf(part, partPath, objects, report),
    queryOf(total, path("total"), objects, report),
  ];
  if (partQuery === null || totalQuery === null) return null;
  const counted = ({ text, path: at }: WrittenQuery) => ({
    text: overWindows(text, counter ?? true) ?? text,
    path: at,
  });
  return eventsIndicator(good === undefined ? "failed" : "good", counted(partQuery), counted(totalQuery), report);
}

/** The PromQL of a metric; null when it has none, after reporting it: what others measure is left to them. */
function queryOf(
  { metricSource }: Metric,
  path: readonly PropertyKey[],
  objects: OpenSloObjects,
  report: Report,
): WrittenQuery | null {
  const at = [...path, "metricSource"];
  const { metricSourceRef, type, spec } = metricSource;
  const isQuiet: Report = () => {};
  const source =
    metricSourceRef === undefined
      ? null
      : objects.find("DataSource", metricSourceRef, type === undefined ? report : isQuiet, [...at, "metricSourceRef"]);
  const measuredBy = type ?? source?.spec.type;
  if (measuredBy !== undefined && !promqlSources.test(measuredBy)) {
    const words = `is measured by ${JSON.stringify(measuredBy.slice(0, 64))}: Meshlens asks Prometheus only, so objectives of this SLI are left out`;
    report("warning", "SLO_SOURCE", at, words);
    return null;
  }
  const text = spec?.query;
  if (typeof text === "string" && text.trim() !== "") return { text, path: [...at, "spec", "query"] };
  const words =
    measuredBy === undefined
      ? "has no type and no query: write type: Prometheus and spec.query"
      : "has no spec.query with the PromQL";
  report("error", "SLO_QUERY", at, words);
  return null;
}

const comparisons = { lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;
const thresholdStep = "1m";

/** The indicator of an objective, by the SLO's way of budgeting; null when something was reported. `report` takes paths from the objective. */
export function indicatorOf(
  read: ReadSli,
  objective: SloObjective,
  budgetingMethod: SloSpec["budgetingMethod"],
  report: Report,
): Sli | null {
  const sliceMs = readSliceWindow(objective, budgetingMethod, report);
  if (sliceMs === "wrong") return null;
  if (read.kind === "threshold") return thresholdOf(read.query, objective, sliceMs, report);
  for (const key of ["op", "value"] as const) {
    if (objective[key] === undefined) continue;
    report(
      "warning",
      "SLO_KEY",
      [key],
      "belongs to a thresholdMetric, and this objective has a ratio: it is left aside",
    );
  }
  if (sliceMs === null) return read.sli;
  const ratio = ratioOver(read.sli, sliceMs);
  if (ratio === null) return read.sli;
  const step = formatDuration(sliceMs);
  if (budgetingMethod === "RatioTimeslices")
    return sliced(ratio.side, `(${ratio.value}) and (${ratio.hasTraffic})`, step);
  const share = objective.timeSliceTarget ?? 1;
  const isGood = ratio.side === "good" ? `>= bool ${share}` : `<= bool ${Number((1 - share).toPrecision(12))}`;
  return sliced("good", `(${ratio.value}) ${isGood} and (${ratio.hasTraffic})`, step);
}

function readSliceWindow(
  { timeSliceWindow, timeSliceTarget }: SloObjective,
  method: SloSpec["budgetingMethod"],
  report: Report,
): number | null | "wrong" {
  if (method === "Occurrences") {
    if (timeSliceWindow === undefined && timeSliceTarget === undefined) return null;
    const key = timeSliceTarget === undefined ? "timeSliceWindow" : "timeSliceTarget";
    report("warning", "SLO_KEY", [key], "belongs to Timeslices, and this SLO counts Occurrences: it is left aside");
    return null;
  }
  if (method === "Timeslices" && timeSliceTarget === undefined) {
    report("error", "SLO_SHAPE", [], "needs timeSliceTarget, the share of a slice that makes it good");
    return "wrong";
  }
  if (timeSliceWindow === undefined) {
    report("error", "SLO_SHAPE", [], "needs timeSliceWindow, the length of a slice such as 1m");
    return "wrong";
  }
  // A bare number is minutes, as the examples of the specification mean it.
  const lengthMs = shorthandMs(typeof timeSliceWindow === "number" ? `${timeSliceWindow}m` : timeSliceWindow);
  if (lengthMs !== null && lengthMs <= 86_400_000) return lengthMs;
  report("error", "SLO_SHAPE", ["timeSliceWindow"], "must be a duration of 1m to 1d such as 1m");
  return "wrong";
}

function thresholdOf(
  { text, path }: WrittenQuery,
  objective: SloObjective,
  sliceMs: number | null,
  report: Report,
): Sli | null {
  const { op, value } = objective;
  if (op === undefined || value === undefined) {
    report("error", "SLO_SLI", [], "needs op and value: its SLI is a threshold");
    return null;
  }
  const parsed = parseUserQuery(text);
  if (parsed.query === null) {
    report("error", "SLO_QUERY", path, parsed.message);
    return null;
  }
  const step = sliceMs === null ? thresholdStep : formatDuration(sliceMs);
  const written = text.replaceAll(/\{\{\s*\.window\s*\}\}/g, step);
  report(
    "warning",
    "SLO_QUERY_NOT_COUNTED",
    [],
    `a threshold has no events: it is the share of time, looked at every ${step}, and its budget is approximate`,
  );
  return sliced("good", `(${written}\n) ${comparisons[op]} bool ${value}`, step);
}

/**
 * The mean of an expression over a window; slices where it has no value count for nothing. It has a value at every instant, and is
 * measured by looking every 30 s; `step` is that of the query as it is shown.
 */
function sliced(side: "good" | "failed", expression: string, step: string): Sli {
  const pieces = [`avg_over_time((${expression})[`, `:${step}])`];
  const ratio: AskedQuery = { kind: "asked", text: pieces.join("{{.window}}"), instant: expression, pieces };
  return { kind: "RATIO", ratioIs: side, ratio };
}

interface SliceRatio {
  readonly side: "good" | "failed";
  readonly value: string;
  /** PromQL that has a value where the slice had events: an idle slice is neither good nor bad. */
  readonly hasTraffic: string;
}

function ratioOver(sli: Sli, sliceMs: number): SliceRatio | null {
  if (sli.kind === "EVENTS") {
    const value = askedText(dividedBy(sli.part, sli.total), sliceMs);
    return { side: sli.partIs, value, hasTraffic: `(${askedText(sli.total, sliceMs)}\n) > 0` };
  }
  if (sli.kind !== "RATIO") return null;
  const value = askedText(sli.ratio, sliceMs);
  return { side: sli.ratioIs, value, hasTraffic: `(${value}\n) >= 0` };
}
