/** The walk over coerced arguments before execution: what types cannot say (lengths, ranges, which cursor). First problem wins. */
import type { GraphQLError } from "graphql";
import { badInput, excerpt, type InputProblem } from "./bad-input.js";
import type { CursorKind, DecodedCursor } from "./cursors.js";
import { grafanaWindow, meshProblem } from "./grafana-scope.js";
import { decodeId } from "./ids.js";
import { type AskedRange, isRangeProblem, type RangeTerms, resolveRange } from "./range.js";
import { everything } from "./scalars/grafana-scalars.js";
import type { SelectedField } from "./selection.js";

/** The cursor each list takes. */
const cursorKinds: Readonly<Record<string, CursorKind>> = {
  "Query.services": "services",
  "Query.slos": "slos",
  "Query.alerts": "alerts",
  "Service.alerts": "alerts",
  "Service.traces": "traces",
  "Service.logs": "logs",
};

type Rule = (value: unknown) => InputProblem | null;

const between =
  (least: number, most: number): Rule =>
  (value) =>
    typeof value === "number" && value >= least && value <= most
      ? null
      : { what: `${excerpt(value)} is out of range.`, remedy: `Give a number from ${least} to ${most}.` };

const textUpTo =
  (most: number): Rule =>
  (value) =>
    typeof value === "string" && value.length > 0 && value.length <= most
      ? null
      : { what: `The text has ${String(value).length} characters.`, remedy: `Give 1 to ${most} characters.` };

const id: Rule = (value) =>
  decodeId(String(value)) === null
    ? { what: `${excerpt(value)} is no id of Meshlens.`, remedy: "Give an `id` of an earlier answer unchanged." }
    : null;

/** Rules by the name of the argument or input field; they hold for each element of a list. */
const rules: Readonly<Record<string, Rule>> = {
  first: between(1, 100),
  n: between(1, 100),
  maxEdges: between(1, 10_000),
  maxPoints: between(1, 1000),
  maxNodes: between(1, 1500),
  quantiles: between(0, 1),
  minDurationMs: between(0, 86_400_000),
  maxDurationMs: between(0, 86_400_000),
  for: between(60_000, 30 * 86_400_000),
  cluster: textUpTo(253),
  clusters: textUpTo(253),
  namespace: textUpTo(253),
  namespaces: textUpTo(253),
  service: textUpTo(253),
  slo: textUpTo(253),
  name: textUpTo(253),
  nameContains: textUpTo(253),
  pods: textUpTo(253),
  text: textUpTo(1000),
  operation: textUpTo(1000),
  key: textUpTo(1000),
  value: textUpTo(1000),
  id,
  alertId: id,
  deliveryId: id,
};

/** Most elements of a list argument; 100 where nothing else is said. */
const listCaps: Readonly<Record<string, number>> = { quantiles: 10, tags: 20 };

/** Finds what is wrong with the arguments of a field alone; null when nothing is. */
export function argumentProblem(field: SelectedField, terms: RangeTerms): GraphQLError | null {
  const args = field.args();
  if (field.coordinate === "Query.grafana") {
    const problem = scopeProblem(field, args, terms);
    if (problem !== null) return problem;
  }
  for (const [name, value] of Object.entries(args)) {
    const problem =
      (name === "range" || name === "baseline") && value !== null
        ? rangeProblem(field, name, value as AskedRange, terms)
        : name === "after" && value !== null
          ? cursorProblem(field, value as DecodedCursor)
          : valueProblem(field, [name], value);
    if (problem !== null) return problem;
  }
  return pairProblem(field, args);
}

/** The first problem below the given fields, in the order of the document. */
export function firstArgumentProblem(fields: readonly SelectedField[], terms: RangeTerms): GraphQLError | null {
  for (const field of fields) {
    const problem = argumentProblem(field, terms) ?? firstArgumentProblem(field.fields(), terms);
    if (problem !== null) return problem;
  }
  return null;
}

function valueProblem(field: SelectedField, path: readonly string[], value: unknown): GraphQLError | null {
  if (value === null || value === undefined) return null;
  const name = path.at(-1) ?? "";
  // An empty variable of a dashboard is no choice.
  if (value === everything && isGrafanaField(field)) return null;
  if (Array.isArray(value)) {
    const cap = listCaps[name] ?? 100;
    if (value.length > cap || (value.length === 0 && name === "quantiles")) {
      return badInput(
        path.join("."),
        { what: `The list has ${value.length} elements.`, remedy: `Give 1 to ${cap}.` },
        field.node,
      );
    }
    return firstOf(value.map((element: unknown) => valueProblem(field, path, element)));
  }
  if (typeof value === "object") {
    return firstOf(Object.entries(value).map(([key, inner]) => valueProblem(field, [...path, key], inner)));
  }
  const problem = rules[name]?.(value) ?? null;
  return problem === null ? null : badInput(path.join("."), problem, field.node);
}

function rangeProblem(field: SelectedField, name: string, range: AskedRange, terms: RangeTerms): GraphQLError | null {
  const result = resolveRange(range, terms);
  return isRangeProblem(result) ? badInput([name, ...result.at].join("."), result, field.node) : null;
}

function isGrafanaField({ coordinate }: SelectedField): boolean {
  return coordinate === "Query.grafana" || coordinate.startsWith("Grafana.");
}

function scopeProblem(
  field: SelectedField,
  args: Readonly<Record<string, unknown>>,
  terms: RangeTerms,
): GraphQLError | null {
  const window = grafanaWindow(args, terms);
  if (isRangeProblem(window)) return badInput(window.at.join("."), window, field.node);
  const mesh = meshProblem(args["mesh"]);
  return mesh === null ? null : badInput("mesh", mesh, field.node);
}

function cursorProblem(field: SelectedField, cursor: DecodedCursor): GraphQLError | null {
  const kind = cursorKinds[field.coordinate];
  if (cursor.kind === kind) return null;
  const remedy = `Give a cursor of an earlier answer of \`${field.name}\`, or leave it out for the first page.`;
  return badInput("after", { what: `The cursor is one of \`${cursor.kind}\`.`, remedy }, field.node);
}

/** Arguments that do not go together. */
function pairProblem(field: SelectedField, args: Readonly<Record<string, unknown>>): GraphQLError | null {
  const given = new Set(field.node.arguments?.map((argument) => argument.name.value));
  if (isObject(args["top"]) && (isObject(args["after"]) || (given.has("first") && args["first"] !== null))) {
    const what = "A ranking has no pages.";
    return badInput("top", { what, remedy: "Leave out `first` and `after`; `n` says how many." }, field.node);
  }
  const filter = args["filter"];
  if (!isObject(filter)) return null;
  const [least, most] = [filter["minDurationMs"], filter["maxDurationMs"]];
  if (typeof least !== "number" || typeof most !== "number" || least <= most) return null;
  const what = "It is less than minDurationMs.";
  return badInput(
    "filter.maxDurationMs",
    { what, remedy: "Give a maximum that is not below the minimum." },
    field.node,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function firstOf(problems: readonly (GraphQLError | null)[]): GraphQLError | null {
  return problems.find((problem) => problem !== null) ?? null;
}
