/** Typed metric questions as PromQL: one query whatever the number of parts. Called by prometheus-source.ts. */
import type {
  MetricExpression,
  MetricPart,
  MetricRequest,
  MetricSelector,
  MetricView,
  RawQuery,
} from "../../telemetry/metric-source.js";
import {
  cellCount,
  cellHistogram,
  countOfSteps,
  incompleteSteps,
  observedUnder,
  quickCellCount,
  quickCountOfSteps,
} from "./count-of-steps.js";
import { exactIncrease } from "./exact-increase.js";
import { selectorText } from "./promql-selector.js";
import { duration, labelList, offset, quoted } from "./promql-text.js";
import { preferredViews } from "./promql-views.js";

/** The label that tells rows of different parts apart; names with two underscores are reserved, so no series has it. */
export const partLabel = "__part";

/** A part in one of the forms of a count: exact for all series, for those without gaps only, or how many have gaps. */
export interface FormedPart extends MetricPart {
  readonly form?: "whole" | "quick" | "gaps";
}

/** A request as it goes out. */
export interface FormedRequest extends MetricRequest {
  readonly parts: readonly FormedPart[];
}

/** The query of a request: evaluated at the window's end, or at each point when the request has a step. */
export function requestQuery(request: FormedRequest, scrapeMs: number): string {
  return joinedTexts(request.parts.map((part) => partQuery(part, request, scrapeMs)));
}

/** Queries of users as one; a line end keeps a comment from swallowing what follows. */
export function rawQuery(queries: readonly RawQuery[]): string {
  return joinedTexts(queries.map(({ promql }) => `(${promql}\n)`));
}

function joinedTexts(texts: readonly string[]): string {
  const [only = ""] = texts;
  if (texts.length === 1) return only;
  return texts.map((text, i) => `label_replace(${text}, ${quoted(partLabel)}, "${i}", "", "")`).join(" or ");
}

function partQuery({ expression, form = "whole" }: FormedPart, request: MetricRequest, scrapeMs: number): string {
  const { window, stepMs } = request;
  const isSeries = stepMs !== null;
  const rangeMs = isSeries ? request.rangeMs : window.toMs - window.fromMs;
  const seenMs = Math.max(expression.of.stickyMs, window.toMs - window.fromMs + (isSeries ? rangeMs : 0));
  const over = (apply: (view: MetricView) => string) => preferredViews(expression.of, seenMs, isSeries, apply);
  const grouped = (operator: string, labels: readonly string[], vector: string) =>
    `${operator} by ${labelList(labels)} (${vector})`;
  const newest = ({ select }: MetricView) => `last_over_time(${selectorText(select)}[${duration(rangeMs)}])`;
  const increase = ({ select }: MetricView) => leftClosedIncrease(select, rangeMs);

  switch (expression.kind) {
    case "increase":
      return grouped(
        "sum",
        expression.groupBy,
        over(isSeries ? increase : (view) => exactIncrease(view, window, scrapeMs)),
      );
    case "count": {
      const ofMs = stepMs ?? rangeMs;
      if (form === "gaps") {
        return grouped(
          "count",
          expression.groupBy,
          over((view) => incompleteSteps(view, ofMs, scrapeMs)),
        );
      }
      const [steps, cell] = form === "quick" ? [quickCountOfSteps, quickCellCount] : [countOfSteps, cellCount];
      return steps(ofMs, scrapeMs, (gridMs) =>
        grouped(
          "sum",
          expression.groupBy,
          over((view) => cell(view, gridMs, scrapeMs)),
        ),
      );
    }
    case "under":
      return countOfSteps(stepMs ?? rangeMs, scrapeMs, (gridMs) => {
        const histograms = over((view) => cellHistogram(view, gridMs, scrapeMs));
        return observedUnder(expression.bound, grouped("sum", expression.groupBy, histograms));
      });
    case "quantile":
      return `histogram_quantile(${fraction(expression.quantile)}, ${grouped("sum", bucketLabels(expression), over(increase))})`;
    case "recordedQuantile":
      return `histogram_quantile(${fraction(expression.quantile)}, ${grouped(
        "sum",
        [...expression.groupBy, "le"],
        // 1 ms shorter, Prometheus 2 too takes one end of the range in only.
        over(
          ({ select }) =>
            `sum_over_time(${selectorText(select)}[${duration(rangeMs - 1)}]${offset(-expression.lateMs)})`,
        ),
      )})`;
    case "samples":
      return grouped(
        "sum",
        expression.groupBy,
        over((view) => samplesOf(view.select, stepMs ?? rangeMs, expression.count)),
      );
    case "latest":
      return grouped("sum", expression.groupBy, over(newest));
    case "seen":
      return grouped("group", expression.groupBy, over(newest));
  }
}

/** Comparisons leave out what is not between 0 and 1 in the mean; NaN is not. A range 1 ms shorter is the same in Prometheus 2 and 3. */
function samplesOf(select: MetricSelector, ofMs: number, count: "all" | "true"): string {
  const range = `${selectorText(select)}[${duration(ofMs - 1)}]`;
  const [all, sum] = [`count_over_time(${range})`, `sum_over_time(${range}) >= 0`];
  return count === "all" ? `${all} >= (${sum})` : `(${sum}) <= ${all}`;
}

/** Prometheus 3 leaves a range's left end out: 1 ms more takes it in, and the extrapolation to that millisecond is taken back. */
function leftClosedIncrease(select: MetricSelector, rangeMs: number): string {
  const wholeMs = Math.max(1, Math.round(rangeMs));
  return `increase(${selectorText(select)}[${duration(wholeMs + 1)}]) * ${wholeMs} / ${wholeMs + 1}`;
}

function bucketLabels(expression: Extract<MetricExpression, { kind: "quantile" }>): readonly string[] {
  return expression.histogram === "native" ? expression.groupBy : [...expression.groupBy, "le"];
}

function fraction(quantile: number): string {
  return String(Math.min(1, Math.max(0, quantile)));
}
