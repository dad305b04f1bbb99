/** Recognises PromQL that only adds up counters: its selectors become data, its windows fall away. Called by parseUserQuery. */
import type { SyntaxNode } from "@lezer/common";
import type { LabelMatcher, MetricSelector } from "../../telemetry/metric-source.js";
import type { CountTerm } from "../user-query.js";
import { stringLiteral } from "./string-literal.js";

/** Which counters are added, and by which of the two functions: they must not be mixed in one sum. */
interface Counted {
  readonly terms: readonly CountTerm[];
  readonly by: "Rate" | "Increase";
}

/**
 * The terms of an expression made of `sum(rate(selector[window]))` or `increase`, `by`/`without`, `+`, `-`, parentheses and
 * `or vector(0)`; null for anything else. Grouping falls away because an objective is one series.
 */
export function countTerms(node: SyntaxNode, text: string): readonly CountTerm[] | null {
  return counted(node, text)?.terms ?? null;
}

function counted(node: SyntaxNode, text: string): Counted | null {
  switch (node.name) {
    case "ParenExpr":
      return node.firstChild === null ? null : counted(node.firstChild, text);
    case "BinaryExpr":
      return countedPair(node, text);
    case "AggregateExpr":
      return countedSum(node, text);
    default:
      return null;
  }
}

function countedPair(node: SyntaxNode, text: string): Counted | null {
  const [left, operator, right, ...more] = childrenOf(node);
  if (left === undefined || operator === undefined || right === undefined || more.length > 0) return null;
  if (operator.name === "Or") return isZero(right, text) ? counted(left, text) : null;
  if (operator.name !== "Add" && operator.name !== "Sub") return null;
  // Groups of one side without a partner on the other would be lost: only whole sums are taken apart.
  if (hasGrouping(left) || hasGrouping(right)) return null;
  const [a, b] = [counted(left, text), counted(right, text)];
  if (a === null || b === null || a.by !== b.by) return null;
  const turned = operator.name === "Sub" ? b.terms.map(negated) : b.terms;
  return { terms: [...a.terms, ...turned], by: a.by };
}

function negated({ sign, selector }: CountTerm): CountTerm {
  return { sign: sign === 1 ? -1 : 1, selector };
}

function isZero(node: SyntaxNode, text: string): boolean {
  return /^vector\(\s*0(\.0+)?\s*\)$/.test(text.slice(node.from, node.to));
}

function hasGrouping(node: SyntaxNode): boolean {
  let isFound = false;
  node.cursor().iterate(({ name }) => {
    if (name === "AggregateModifier") isFound = true;
  });
  return isFound;
}

function countedSum(node: SyntaxNode, text: string): Counted | null {
  if (node.firstChild?.firstChild?.name !== "Sum") return null;
  const call = onlyChild(node.getChild("FunctionCallBody"));
  const by = call?.getChild("FunctionIdentifier")?.firstChild?.name;
  if (call?.name !== "FunctionCall" || (by !== "Rate" && by !== "Increase")) return null;
  const matrix = onlyChild(call.getChild("FunctionCallBody"));
  const vector = matrix?.name === "MatrixSelector" ? matrix.getChild("VectorSelector") : null;
  const selector = vector === null || vector === undefined ? null : readSelector(vector, text);
  return selector === null ? null : { terms: [{ sign: 1, selector }], by };
}

/** A vector selector with one plain metric name as data; null where the name is a pattern, missing or quoted. */
export function readSelector(node: SyntaxNode, text: string): MetricSelector | null {
  if (node.name !== "VectorSelector") return null;
  const name = node.getChild("Identifier");
  const matchers: LabelMatcher[] = [];
  for (const child of childrenOf(node.getChild("LabelMatchers"))) {
    const matcher = child.name === "UnquotedLabelMatcher" ? readMatcher(child, text) : null;
    if (matcher === null) return null;
    matchers.push(matcher);
  }
  const named = matchers.filter(({ label }) => label === "__name__");
  const others = matchers.filter(({ label }) => label !== "__name__");
  if (name !== null) return named.length > 0 ? null : { metric: text.slice(name.from, name.to), matchers: others };
  const [only, ...more] = named;
  const isName = only?.op === "eq" && more.length === 0 && /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(only.value);
  return isName ? { metric: only.value, matchers: others } : null;
}

function readMatcher(node: SyntaxNode, text: string): LabelMatcher | null {
  const [name, operator, literal] = childrenOf(node);
  const op = operator?.firstChild?.name;
  if (name === undefined || literal?.name !== "StringLiteral") return null;
  const label = text.slice(name.from, name.to);
  const value = stringLiteral(text.slice(literal.from, literal.to));
  if (value === null) return null;
  switch (op) {
    case "EqlSingle":
      return { label, op: "eq", value };
    case "Neq":
      return { label, op: "neq", value };
    case "EqlRegex":
      return { label, op: "matches", pattern: value };
    case "NeqRegex":
      return { label, op: "notMatches", pattern: value };
    default:
      return null;
  }
}

/** Children that mean something: comments may stand between any two. */
export function childrenOf(node: SyntaxNode | null): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) {
    if (child.name !== "LineComment") children.push(child);
  }
  return children;
}

function onlyChild(node: SyntaxNode | null): SyntaxNode | null {
  const children = childrenOf(node);
  return children.length === 1 ? (children[0] ?? null) : null;
}
