/** The PromQL that `slo rules` writes counts and selectors with: the adapter's own, so that rules count as the engine does. */
import type { RuleOptions } from "../slo/rules/counted-rules.js";
import { cellCount, countOfSteps } from "../sources/prometheus/count-of-steps.js";
import { selectorText } from "../sources/prometheus/promql-selector.js";

/** `scrapeMs` is Prometheus's scrape interval. */
export function ruleText(scrapeMs: number): Pick<RuleOptions, "countText" | "selectorText"> {
  return {
    selectorText,
    countText: ({ selector }, stepMs) =>
      countOfSteps(
        stepMs,
        scrapeMs,
        (gridMs) => `sum(${cellCount({ select: selector, seen: selector }, gridMs, scrapeMs)})`,
      ),
  };
}
