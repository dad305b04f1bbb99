// Evidence is gathered once, by who sees everything: what a caller of some namespaces is shown of a suspect.
import { expect, test } from "@jest/globals";
import { GraphQLObjectType, GraphQLSchema, graphql, isObjectType } from "graphql";
import { createExecutableSchema } from "../../src/graphql/executable-schema.js";

const suspect = {
  service: { cluster: "default", namespace: "bookinfo", name: "ratings" },
  score: 0.4,
  grade: "LIKELY",
  reasons: ["calls of payments.secret fail in it first"],
};

async function shownTo(namespaces: "all" | ReadonlySet<string>) {
  const type = createExecutableSchema().getType("Suspect");
  if (!isObjectType(type)) throw new Error("no such type");
  const parent = { suspect, window: { fromMs: 0, toMs: 1 } };
  const query = new GraphQLObjectType({ name: "Ask", fields: { suspect: { type, resolve: () => parent } } });
  const { data } = await graphql({
    schema: new GraphQLSchema({ query }),
    source: "{ suspect { score reasons } }",
    contextValue: { principal: { visibility: { namespaces } } },
  });
  return data?.["suspect"];
}

test("who sees all namespaces is told why somebody is suspected", async () => {
  expect(await shownTo("all")).toEqual({ score: 0.4, reasons: suspect.reasons });
});

test("who sees some is told no sentence, which may name services of the others, not even of a service in sight", async () => {
  expect(await shownTo(new Set(["bookinfo"]))).toEqual({ score: 0.4, reasons: [] });
});
