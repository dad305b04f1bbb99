import { describe, expect, test } from "@jest/globals";
import { GraphQLError } from "graphql";
import { MeshlensError } from "../../src/errors.js";
import { formatError } from "../../src/graphql/format-error.js";

const formatted = (cause: MeshlensError) => {
  const internal: unknown[] = [];
  const error = new GraphQLError(cause.message, { originalError: cause, path: ["service", "logs"] });
  return { ...formatError(error, (one) => internal.push(one)), internal };
};

describe("an error in the form clients see", () => {
  test("a source's says which source, and nothing of a place inside its answer", () => {
    const details = { source: "logs", at: "hits.hits[3]" };
    expect(formatted(new MeshlensError("MESHLENS_ERR_SOURCE_DECODE", "logs answered oddly", details))).toEqual({
      message: "logs answered oddly",
      path: ["service", "logs"],
      extensions: { code: "SOURCE_UNAVAILABLE", source: "logs" },
      internal: [],
    });
  });
});
