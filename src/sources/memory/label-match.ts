/** Label matchers as predicates, with Prometheus's rules: an absent label is "", patterns are anchored. Called by the memory metric source. */
import { normaliseBound } from "../../telemetry/bucket-bound.js";
import type { LabelMatcher } from "../../telemetry/metric-source.js";

type Labels = Readonly<Record<string, string>>;

/** Whether all matchers hold. */
export function labelPredicate(matchers: readonly LabelMatcher[]): (labels: Labels) => boolean {
  const tests = matchers.map(predicateOf);
  return (labels) => tests.every((test) => test(labels));
}

function predicateOf(matcher: LabelMatcher): (labels: Labels) => boolean {
  const { label } = matcher;
  const same = label === "le" ? normaliseBound : (text: string) => text;
  const textOf = (labels: Labels) => same(labels[label] ?? "");
  switch (matcher.op) {
    case "eq":
    case "neq": {
      const wanted = same(matcher.value);
      return (labels) => (textOf(labels) === wanted) === (matcher.op === "eq");
    }
    case "in":
    case "notIn": {
      const wanted = new Set(matcher.values.map(same));
      return (labels) => wanted.has(textOf(labels)) === (matcher.op === "in");
    }
    case "matches":
    case "notMatches": {
      const pattern = new RegExp(`^(?:${matcher.pattern})$`, "s");
      return (labels) => pattern.test(labels[label] ?? "") === (matcher.op === "matches");
    }
  }
}
