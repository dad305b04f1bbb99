/** The PromQL of an indicator with `{{.window}}` where its windows stand. Shared by the writers of all formats. */
import type { MetricSelector } from "../../telemetry/metric-source.js";
import type { Sli } from "../objective.js";
import type { UserQuery } from "../user-query.js";

/** Passed in: adapters know PromQL. */
export type SelectorText = (selector: MetricSelector) => string;

/** Events by two queries, or one ratio of failed ones. Null for the mesh's own calls, which have no queries. */
export type IndicatorTexts =
  | { readonly kind: "events"; readonly partIs: "good" | "failed"; readonly part: string; readonly total: string }
  | { readonly kind: "ratio"; readonly failedRatio: string };

/** The texts of an indicator. */
export function textsOf(sli: Sli, selectorText: SelectorText): IndicatorTexts | null {
  switch (sli.kind) {
    case "EVENTS":
      return { kind: "events", partIs: sli.partIs, part: windowed(sli.part), total: windowed(sli.total) };
    case "RATIO": {
      const text = windowed(sli.ratio);
      return { kind: "ratio", failedRatio: sli.ratioIs === "failed" ? text : `1 - (${text})` };
    }
    case "GAUGE": {
      const range = `${selectorText(sli.gauge)}[{{.window}}]`;
      return { kind: "ratio", failedRatio: `1 - sum(sum_over_time(${range})) / sum(count_over_time(${range}))` };
    }
    default:
      return null;
  }
}

function windowed({ pieces }: UserQuery): string {
  return pieces.join("{{.window}}");
}

/** Why an objective on calls cannot be written. */
export const noQueries =
  "counts the mesh's own calls, for which no query stands in the file: `slo rules` writes Prometheus rules of it";
