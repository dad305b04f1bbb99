/** Whether PromQL parses and its types fit (lezer takes `rate(x)`): enough of Prometheus' rules for the functions dashboards use. */
import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

type Type = "scalar" | "vector" | "matrix" | "string";

const vector = ["vector"] as const;
const overWindow = ["matrix"] as const;
/** Arguments of the functions that are used; a function that is none of these is told. */
const functions: Readonly<Record<string, { readonly args: readonly Type[]; readonly gives: Type }>> = {
  rate: { args: overWindow, gives: "vector" },
  increase: { args: overWindow, gives: "vector" },
  avg_over_time: { args: overWindow, gives: "vector" },
  count_over_time: { args: overWindow, gives: "vector" },
  last_over_time: { args: overWindow, gives: "vector" },
  max_over_time: { args: overWindow, gives: "vector" },
  histogram_quantile: { args: ["scalar", "vector"], gives: "vector" },
  label_replace: { args: ["vector", "string", "string", "string", "string"], gives: "vector" },
  absent: { args: vector, gives: "vector" },
  vector: { args: ["scalar"], gives: "vector" },
  time: { args: [], gives: "scalar" },
};
const withParameter = new Set(["topk", "bottomk", "quantile", "count_values"]);
const sets = new Set(["and", "or", "unless"]);

/** What is wrong with an expression; [] when nothing is. Grafana's variables must be replaced before. */
export function promqlProblems(expr: string): readonly string[] {
  const tree = parser.parse(expr);
  const problems: string[] = [];
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) problems.push(`syntax error at ${from}: ${expr.slice(from, Math.max(to, from + 20))}`);
    },
  });
  const top = tree.topNode.firstChild;
  if (expr.trim() === "" || top === null) return ["it is empty"];
  if (problems.length > 0) return problems;
  const type = typeOf(top, expr, problems);
  if (type === "matrix" || type === "string") problems.push(`a panel cannot show a ${type}`);
  return problems;
}

function typeOf(node: SyntaxNode, expr: string, problems: string[]): Type {
  const text = expr.slice(node.from, node.to);
  const expect = (inner: SyntaxNode, wanted: readonly Type[], where: string) => {
    const got = typeOf(inner, expr, problems);
    if (!wanted.includes(got)) problems.push(`expected ${wanted.join(" or ")} in ${where}, got ${got}: ${text}`);
    return got;
  };
  switch (node.name) {
    case "NumberDurationLiteral":
      return "scalar";
    case "StringLiteral":
      return "string";
    case "VectorSelector":
      return "vector";
    case "MatrixSelector":
      return "matrix";
    case "ParenExpr":
    case "UnaryExpr":
    case "OffsetExpr":
      return typeOf(expressions(node)[0] ?? node, expr, problems);
    case "AggregateExpr": {
      const body = node.getChild("FunctionCallBody");
      const args = body === null ? [] : expressions(body);
      const name = expr.slice(node.from, expr.indexOf("(", node.from)).split(" ")[0] ?? "";
      const wanted: Type[] = withParameter.has(name) ? ["scalar", "vector"] : ["vector"];
      if (args.length !== wanted.length) problems.push(`${name} takes ${wanted.length} arguments: ${text}`);
      for (const [i, arg] of args.entries()) expect(arg, [wanted[i] ?? "vector"], name);
      return "vector";
    }
    case "FunctionCall": {
      const name = expr.slice(node.from, expr.indexOf("(", node.from)).trim();
      const known = functions[name];
      const body = node.getChild("FunctionCallBody");
      const args = body === null ? [] : expressions(body);
      if (known === undefined) {
        problems.push(`unknown function ${name}: ${text}`);
        return "vector";
      }
      if (args.length !== known.args.length) problems.push(`${name} takes ${known.args.length} arguments: ${text}`);
      for (const [i, arg] of args.entries()) expect(arg, [known.args[i] ?? "vector"], name);
      return known.gives;
    }
    case "BinaryExpr": {
      const [left, right] = expressions(node);
      if (left === undefined || right === undefined) return "vector";
      const operator = expr.slice(left.to, right.from).trim().split(/[\s(]/)[0]?.toLowerCase() ?? "";
      const wanted: Type[] = sets.has(operator) ? ["vector"] : ["vector", "scalar"];
      const types = [expect(left, wanted, operator), expect(right, wanted, operator)];
      if (/^[<>=!]/.test(operator) && types.every((type) => type === "scalar") && !text.includes("bool")) {
        problems.push(`two numbers are compared without bool: ${text}`);
      }
      return types.includes("vector") ? "vector" : "scalar";
    }
    default:
      problems.push(`unknown construct ${node.name}: ${text}`);
      return "vector";
  }
}

const expressionNodes = new Set([
  "NumberDurationLiteral",
  "StringLiteral",
  "VectorSelector",
  "MatrixSelector",
  "ParenExpr",
  "UnaryExpr",
  "OffsetExpr",
  "AggregateExpr",
  "FunctionCall",
  "BinaryExpr",
  "SubqueryExpr",
]);

function expressions(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (expressionNodes.has(child.name)) found.push(child);
  }
  return found;
}
