import { afterEach, describe, expect, test } from "@jest/globals";
import type { MutationReport } from "../../src/graphql/graphql-deps.js";
import { alertId } from "../../src/graphql/ids.js";
import { everyone, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

let server: GraphqlServer;
let told: MutationReport[] = [];
afterEach(() => server.close());

async function start(actions: readonly ("read" | "operate")[]) {
  told = [];
  const principal = { ...everyone, name: "ann", actions: new Set(actions) };
  server = await startGraphql({}, { principalOf: () => principal, onMutation: (report) => void told.push(report) });
}

const mutation = `mutation Two($id: ID!) {
  first: acknowledgeAlert(input: { alertId: $id }) { userErrors { code } }
  silenceAlert(input: { alertId: "s3cret text", for: "1h" }) { userErrors { code } }
}`;

describe("the audit of mutations", () => {
  test("says who asked for what about what, and what came of it, once for each field", async () => {
    await start(["read", "operate"]);
    await server.ask({
      query: "mutation ($id: ID!) { first: acknowledgeAlert(input: { alertId: $id }) { userErrors { code } } }",
      variables: { id: alertId("incident-1") },
    });
    expect(told).toEqual([
      { by: "ann", mutation: "acknowledgeAlert", target: "incident-1", outcome: "NOT_CONFIGURED" },
    ]);
  });

  test("has what was refused too, without the text that was sent", async () => {
    await start(["read"]);
    expect((await server.ask({ query: mutation, variables: { id: alertId("incident-1") } })).status).toBe(403);
    expect(told).toEqual([
      { by: "ann", mutation: "acknowledgeAlert", target: "incident-1", outcome: "REFUSED" },
      { by: "ann", mutation: "silenceAlert", target: null, outcome: "REFUSED" },
    ]);
  });

  test("has no queries", async () => {
    await start(["read", "operate"]);
    await server.ask({ query: "{ sources { name } }" });
    expect(told).toEqual([]);
  });
});
