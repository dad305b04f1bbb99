import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  validate,
  validateSchema,
} from "graphql";
import { createExecutableSchema, readSchemaText } from "../../src/graphql/executable-schema.js";

const root = new URL("../../../", import.meta.url);
const queries = readdirSync(new URL("examples/queries/", root)).filter((name) => name.endsWith(".graphql"));
const schema = buildSchema(readSchemaText());

/** Everything of a type that a reader of the schema sees, with its description. */
function described(type: GraphQLNamedType): [string, string | null | undefined][] {
  const all: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isEnumType(type)) {
    for (const value of type.getValues()) all.push([`${type.name}.${value.name}`, value.description]);
  }
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      all.push([`${type.name}.${field.name}`, field.description]);
      for (const argument of "args" in field ? field.args : []) {
        all.push([`${type.name}.${field.name}(${argument.name}:)`, argument.description]);
      }
    }
  }
  return all;
}

describe("the schema", () => {
  test("is valid", () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  test("describes every type, field, argument and enum value", () => {
    const types = Object.values(schema.getTypeMap()).filter(
      (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
    );
    const bare = types.flatMap(described).filter(([, description]) => !description?.trim());
    expect(bare).toEqual([]);
  });

  test("has every file of queries the contract names", () => {
    expect(queries.sort()).toEqual([
      "alert-actions.graphql",
      "alert-changed.graphql",
      "alerts.graphql",
      "service-graph.graphql",
      "service-page.graphql",
      "services.graphql",
      "slos.graphql",
      "sources.graphql",
      "trace.graphql",
    ]);
  });

  test.each(queries)("accepts %s as it is written", (name) => {
    const document = parse(readFileSync(new URL(`examples/queries/${name}`, root), "utf8"));
    expect(validate(schema, document)).toEqual([]);
  });

  test("has a resolver for every field of a type whose parents are ours, but for those read from the parent itself", () => {
    const executable = createExecutableSchema();
    const ours = ["Query", "Service", "Golden", "Measure", "Edge", "GraphNode", "Trace", "Span", "LogRecord", "Source"];
    const bare = ours.flatMap((name) => {
      const type = executable.getType(name);
      const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
      return fields.filter((field) => field.resolve === undefined).map((field) => `${name}.${field.name}`);
    });
    // A graph has thousands of these; their parents (src/graphql/parents.ts) have properties of the same names.
    expect(bare).toEqual([
      ...["value", "unit"].map((field) => `Measure.${field}`),
      ...["source", "destination", "protocol", "reporter", "retryRatio", "connectionRate", "connectionErrorRatio"].map(
        (field) => `Edge.${field}`,
      ),
      ...["sentBytesPerSecond", "receivedBytesPerSecond", "mutualTlsRatio"].map((field) => `Edge.${field}`),
      ...["id", "kind", "label", "service"].map((field) => `GraphNode.${field}`),
    ]);
  });
});
