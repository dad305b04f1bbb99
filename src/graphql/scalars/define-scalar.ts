/** How every scalar of ours is read: from a JSON string or a string literal, with an error that says what is accepted. */
import { type ASTNode, type GraphQLScalarType, Kind } from "graphql";
import { badInput, excerpt, type InputProblem } from "../bad-input.js";

/** The three functions a scalar is made of, as graphql-js calls them. */
export type ScalarFunctions = Pick<GraphQLScalarType, "parseValue" | "parseLiteral" | "serialize">;

/**
 * A scalar written as a string.
 * @param parse null for text that is not of the scalar
 * @param remedy what is accepted, for the error
 */
export function defineScalar<Internal>(
  name: string,
  parse: (text: string) => Internal | null,
  serialize: (value: unknown) => string,
  remedy: string,
): ScalarFunctions {
  const read = (value: unknown, node?: ASTNode): Internal => {
    const parsed = typeof value === "string" ? parse(value) : null;
    if (parsed === null) throw badInput(null, problemOf(name, value, remedy), node);
    return parsed;
  };
  return {
    serialize,
    parseValue: (value) => read(value),
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : null, node),
  };
}

function problemOf(name: string, value: unknown, remedy: string): InputProblem {
  return { what: `${excerpt(value)} is no ${name}.`, remedy };
}
