/** Errors about what the client sent: found before execution, HTTP 400, with the argument at fault and what to do about it. */
import { type ASTNode, GraphQLError } from "graphql";

/** What is wrong with an argument and how to mend it: two sentences for people. */
export interface InputProblem {
  readonly what: string;
  readonly remedy: string;
}

/** A BAD_USER_INPUT error. `argument` is the path of the argument (`range.absolute.to`); null when the caller knows it better. */
export function badInput(argument: string | null, problem: InputProblem, node?: ASTNode): GraphQLError {
  const { what, remedy } = problem;
  return new GraphQLError(`${argument === null ? "" : `Argument "${argument}": `}${what} ${remedy}`, {
    ...(node === undefined ? {} : { nodes: [node] }),
    extensions: { code: "BAD_USER_INPUT", ...(argument === null ? {} : { argument }), remedy },
  });
}

/** A value as an error may show it: on one line, cut short. */
export function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
