/** Selectors and label matchers as PromQL. Called by the expression builders. */

import { normaliseBound } from "../../telemetry/bucket-bound.js";
import type { LabelMatcher, MetricSelector } from "../../telemetry/metric-source.js";
import { isBareMetricName, labelName, literalPattern, quoted } from "./promql-text.js";

/** No text matches this, not even the empty one. */
const nothing = "[^\\x{0}-\\x{10FFFF}]a";

/** An instant vector selector: `name{label="value"}`. */
export function selectorText({ metric, matchers }: MetricSelector): string {
  const conditions = matchers.flatMap(matcherText);
  if (!isBareMetricName(metric)) return `{${[`__name__=${quoted(metric)}`, ...conditions].join(",")}}`;
  return conditions.length === 0 ? metric : `${metric}{${conditions.join(",")}}`;
}

/** A selector of the series of several metrics. */
export function selectorOfNames(names: readonly string[], matchers: readonly LabelMatcher[] = []): string {
  return `{${[oneOf("__name__", names, true), ...matchers.flatMap(matcherText)].join(",")}}`;
}

function matcherText(matcher: LabelMatcher): readonly string[] {
  const name = labelName(matcher.label);
  switch (matcher.op) {
    case "eq":
    case "neq":
      return [oneOf(name, spellings(matcher.label, [matcher.value]), matcher.op === "eq")];
    case "in":
      if (matcher.values.length === 0) return [`${name}=~${quoted(nothing)}`];
      return [oneOf(name, spellings(matcher.label, matcher.values), true)];
    case "notIn":
      return matcher.values.length === 0 ? [] : [oneOf(name, spellings(matcher.label, matcher.values), false)];
    case "matches":
      return [`${name}=~${quoted(matcher.pattern)}`];
    case "notMatches":
      return [`${name}!~${quoted(matcher.pattern)}`];
  }
}

function oneOf(name: string, values: readonly string[], isWanted: boolean): string {
  const [only = ""] = values;
  if (values.length === 1) return `${name}${isWanted ? "=" : "!="}${quoted(only)}`;
  return `${name}${isWanted ? "=~" : "!~"}${quoted(values.map(literalPattern).join("|"))}`;
}

/** Prometheus 3 writes the bound 1000 of a bucket as `1000.0`, older ones as `1000`: a bound is a number, so both are looked for. */
function spellings(label: string, values: readonly string[]): readonly string[] {
  if (label !== "le") return values;
  return values.flatMap((value) => {
    const bound = normaliseBound(value);
    return /^[+-]?\d+$/.test(bound) ? [bound, `${bound}.0`] : [value];
  });
}
