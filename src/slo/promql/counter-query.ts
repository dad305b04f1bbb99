/** OpenSLO's `counter` says what a bare selector is: a count that grows, or one per sample. Called by the OpenSLO reader. */
import { parser } from "@prometheus-io/lezer-promql";
import { childrenOf } from "./count-terms.js";

/**
 * A query of bare selectors (`requests_total{...}`, `sum(requests_total{...})`) as one over windows; null for any other, which has
 * windows of its own or means something else.
 */
export function overWindows(text: string, isCounter: boolean): string | null {
  const [root, ...more] = childrenOf(parser.parse(text).topNode);
  if (root === undefined || more.length > 0) return null;
  let [selector, isSum] = [root, false];
  while (selector.name === "ParenExpr" && selector.firstChild !== null) selector = selector.firstChild;
  if (selector.name === "AggregateExpr" && selector.firstChild?.firstChild?.name === "Sum") {
    const [only, ...others] = childrenOf(selector.getChild("FunctionCallBody"));
    if (only === undefined || others.length > 0) return null;
    [selector, isSum] = [only, true];
  }
  if (selector.name !== "VectorSelector") return null;
  const written = text.slice(selector.from, selector.to);
  if (!isSum && root !== selector && root.name !== "ParenExpr") return null;
  return `sum(${isCounter ? "increase" : "sum_over_time"}(${written}[{{.window}}]))`;
}
