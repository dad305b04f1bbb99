/** PromQL of the failed share of indicators that are no counts: for rules and for the files of other tools. */
import type { MetricSelector } from "../telemetry/metric-source.js";
import type { Sli } from "./objective.js";
import { windowedText } from "./user-query.js";

/** Passed in: adapters know PromQL. */
export type SelectorText = (selector: MetricSelector) => string;

/** The share over a window, which may be another tool's placeholder. Line ends keep a comment of the query from swallowing what follows. */
export function failedRatio(
  sli: Extract<Sli, { readonly kind: "RATIO" | "GAUGE" }>,
  window: string,
  selectorText: SelectorText,
): string {
  if (sli.kind === "RATIO") {
    const text = windowedText(sli.ratio, window);
    return sli.ratioIs === "failed" ? text : `1 - (${text}\n)`;
  }
  const range = `${selectorText(sli.gauge)}[${window}]`;
  return `1 - sum(sum_over_time(${range})) / sum(count_over_time(${range}))`;
}
