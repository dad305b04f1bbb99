/** The PromQL of an indicator with `{{.window}}` where its windows stand. Shared by the writers of all formats. */
import { failedRatio, type SelectorText } from "../failed-ratio.js";
import type { Sli } from "../objective.js";
import { windowedText } from "../user-query.js";

/** Events by two queries, or one ratio of failed ones. Null for the mesh's own calls, which have no queries. */
export type IndicatorTexts =
  | { readonly kind: "events"; readonly partIs: "good" | "failed"; readonly part: string; readonly total: string }
  | { readonly kind: "ratio"; readonly failedRatio: string };

const window = "{{.window}}";

/** The texts of an indicator. */
export function textsOf(sli: Sli, selectorText: SelectorText): IndicatorTexts | null {
  switch (sli.kind) {
    case "EVENTS": {
      const [part, total] = [windowedText(sli.part, window), windowedText(sli.total, window)];
      return { kind: "events", partIs: sli.partIs, part, total };
    }
    case "RATIO":
    case "GAUGE":
      return { kind: "ratio", failedRatio: failedRatio(sli, window, selectorText) };
    default:
      return null;
  }
}

/** Why an objective on calls cannot be written. */
export const noQueries =
  "counts the mesh's own calls, for which no query stands in the file: `slo rules` writes Prometheus rules of it";
