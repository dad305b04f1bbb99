import { describe, expect, test } from "@jest/globals";
import { buildSchema, parse, validate } from "graphql";
import { defaultGraphqlLimits } from "../../../src/graphql/graphql-deps.js";
import { documentLimits } from "../../../src/graphql/limits/document-limits.js";

const schema = buildSchema("type Query { a: Query b: Query n: Int }");
const limits = { ...defaultGraphqlLimits, depth: 4, aliases: 3, rootFields: 2 };

function problems(source: string) {
  const errors = validate(schema, parse(source), [documentLimits(limits)]);
  return errors.map((error) => error.extensions["limit"]);
}

describe("limits on a document", () => {
  test("let pass what is just within them", () => {
    expect(problems("{ a { b { a { n } } } b { x: n y: n z: n } }")).toEqual([]);
  });

  test("find depth, through fragments too", () => {
    expect(problems("{ a { b { a { b { n } } } } }")).toEqual(["depth"]);
    expect(problems("{ a { ...F } } fragment F on Query { b { ...G } } fragment G on Query { a { b { n } } }")).toEqual(
      ["depth"],
    );
  });

  test("find aliases as often as their fragment is spread", () => {
    expect(problems("{ a { ...F } b { ...F } } fragment F on Query { x: n y: n }")).toEqual(["aliases"]);
  });

  test("find root fields", () => {
    expect(problems("{ a { n } b { n } n }")).toEqual(["rootFields"]);
    expect(problems("{ __typename a { n } ... { n } }")).toEqual(["rootFields"]);
  });

  test("find doubling fragments without spreading them, and end on fragments within themselves", () => {
    const doubling = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on Query { ...F${i + 1} ... { ...F${i + 1} } }`,
    );
    expect(problems(`{ ...F0 } ${doubling.join(" ")} fragment F60 on Query { n }`)).toContain("fields");
    expect(problems("{ ...F } fragment F on Query { n ...F }")).toEqual([]);
  });

  test("say COST_LIMIT, how much was asked and what to do", () => {
    const [error] = validate(schema, parse("{ a { b { a { b { n } } } } }"), [documentLimits(limits)]);
    expect(error).toMatchObject({
      message: expect.stringContaining("5 levels of fields; at most 4"),
      extensions: { code: "COST_LIMIT", limit: "depth", remedy: expect.any(String) },
    });
  });
});
