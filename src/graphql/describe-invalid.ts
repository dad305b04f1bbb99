/** Says which argument a validation error of graphql-js is about and what to do, so that bad input is told as ours is. */
import { type GraphQLError, Kind } from "graphql";

const valueKinds: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);
const variableProblem = /^Variable "\$(\w+)" (?:got invalid value|of required type|of non-null type|has invalid)/;

/** The extensions of an error of parsing, validation or variable coercion that has none of its own. */
export function describeInvalid(error: GraphQLError): Record<string, unknown> {
  if (/^Syntax Error: Document contains more tha[tn] \d+ tokens/.test(error.message)) {
    return { code: "COST_LIMIT", limit: "tokens", remedy: "Split it into several operations." };
  }
  if (error.message.startsWith("Syntax Error")) return { code: "GRAPHQL_PARSE_FAILED" };
  const variable = variableProblem.exec(error.message)?.[1];
  const kind = error.nodes?.[0]?.kind;
  const isBadValue = variable !== undefined || (kind !== undefined && valueKinds.has(kind));
  if (!isBadValue) return { code: "GRAPHQL_VALIDATION_FAILED" };
  const argument = variable === undefined ? argumentAt(error) : variablePath(variable, error.message);
  return { code: "BAD_USER_INPUT", ...(argument === null ? {} : { argument }), remedy: remedyOf(error.message) };
}

function variablePath(variable: string, message: string): string {
  const path = / at "([^"]+)"/.exec(message)?.[1];
  return `$${path ?? variable}`;
}

/** Reads the names before the value in the document's text: `range: { absolute: { from: "x"` is `range.absolute.from`. */
function argumentAt(error: GraphQLError): string | null {
  const start = error.nodes?.[0]?.loc?.startToken;
  if (start === undefined) return null;
  const names: string[] = [];
  let depth = 0;
  let listDepth = 0;
  for (let token: typeof start | null = start; token !== null && token.kind !== "("; token = token.prev) {
    if (token !== start) {
      depth += token.kind === "}" ? 1 : token.kind === "{" ? -1 : 0;
      listDepth = Math.max(0, listDepth + (token.kind === "]" ? 1 : token.kind === "[" ? -1 : 0));
    }
    const isNameOfThis = token.kind === ":" && listDepth === 0 && depth === -names.length;
    if (isNameOfThis && token.prev?.kind === "Name") names.unshift(token.prev.value);
  }
  return names.length === 0 ? null : names.join(".");
}

function remedyOf(message: string): string {
  if (/exactly one|OneOf|must be non-null/i.test(message)) return "Give exactly one of its fields and no null.";
  return "Give a value of the argument's type; the schema describes it.";
}
