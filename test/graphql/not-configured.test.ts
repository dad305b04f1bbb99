import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serviceId } from "../../src/graphql/ids.js";
import { exampleQuery, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

describe("while no objectives are configured", () => {
  let server: GraphqlServer;
  beforeAll(async () => {
    server = await startGraphql();
  });
  afterAll(() => server.close());

  test.each(["slos", "alerts"])("%s answers null, not an error", async (name) => {
    const answer = await server.ask({ query: exampleQuery(name) });
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.[name]).toEqual({ nodes: null, pageInfo: { hasNextPage: false, endCursor: null } });
  });

  test.each([
    ["Acknowledge", "acknowledgeAlert", "alert", "alertId"],
    ["Silence", "silenceAlert", "alert", "alertId"],
    ["Retry", "retryDelivery", "delivery", "deliveryId"],
  ])("the mutation %s says so in userErrors", async (operationName, field, thing, input) => {
    const id = serviceId({ cluster: "a", namespace: "b", name: "c" });
    const question = { query: exampleQuery("alert-actions"), operationName, variables: { id, for: "1h" } };
    expect((await server.ask(question)).data?.[field]).toEqual({
      [thing]: null,
      userErrors: [{ code: "NOT_CONFIGURED", field: ["input", input], message: expect.stringContaining("slo") }],
    });
  });

  test("a service without metrics sources has null measures that say why", async () => {
    const query = `{ node(id: "${serviceId({ cluster: "a", namespace: "b", name: "c" })}") { id } }`;
    expect((await server.ask({ query })).data).toEqual({ node: null });
    const services = await server.ask({ query: "{ services { sources { state } nodes { id } } }" });
    expect(services).toMatchObject({ data: { services: { sources: [{ state: "NOT_CONFIGURED" }], nodes: null } } });
    expect(services.errors).toBeUndefined();
  });
});
