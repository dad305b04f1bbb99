import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../src/errors.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { type GraphqlServer, startGraphql } from "./support/graphql-server.js";

describe("what is refused before execution", () => {
  let server: GraphqlServer;
  beforeAll(async () => {
    server = await startGraphql({}, { options: { limits: { cost: 200, tokens: 1000 } } });
  });
  afterAll(() => server.close());

  test.each([
    ["a syntax error", "{ sources ", "GRAPHQL_PARSE_FAILED"],
    ["an unknown field", "{ nope }", "GRAPHQL_VALIDATION_FAILED"],
    ["a document as JSON", '{"kind":"Document","definitions":[]}', "GRAPHQL_PARSE_FAILED"],
    ["a number as a document", "1", "GRAPHQL_PARSE_FAILED"],
    ["too many tokens", `{ ${"sources { name } ".repeat(400)} }`, "COST_LIMIT"],
  ])("%s is 400 with a code", async (_, query, code) => {
    expect(await server.ask({ query })).toMatchObject({ status: 400, errors: [{ extensions: { code } }] });
  });

  test("an operation that would cost too much says its points, the limit, what is dearest and what to do", async () => {
    const query = "{ services(first: 100) { nodes { traces(first: 10) { nodes { traceId } } } } }";
    expect(await server.ask({ query })).toMatchObject({
      status: 400,
      errors: [
        {
          message: expect.stringContaining("services.nodes.traces (300)"),
          extensions: { code: "COST_LIMIT", remedy: expect.stringContaining("first") },
        },
      ],
      extensions: { cost: { requested: 301, limit: 200, upstreamCalls: 0 } },
    });
    expect(server.reports.at(-1)).toMatchObject({ errorCodes: ["COST_LIMIT"], cost: 301, upstreamCalls: 0 });
  });

  test("variables decide the cost: a small page of the same text passes", async () => {
    const query = "query($n: Int) { services(first: $n) { nodes { traces(first: 10) { nodes { traceId } } } } }";
    expect((await server.ask({ query, variables: { n: 100 } })).status).toBe(400);
    expect((await server.ask({ query, variables: { n: 5 } })).status).toBe(200);
  });

  test("what @skip and @include leave out costs nothing", async () => {
    const query =
      "query($all: Boolean!) { services(first: 100) { nodes { traces @include(if: $all) { nodes { traceId } } } } }";
    expect((await server.ask({ query, variables: { all: true } })).status).toBe(400);
    expect((await server.ask({ query, variables: { all: false } })).status).toBe(200);
  });

  test("a text with several operations runs the one that is named, however often", async () => {
    const query = "query A { sources { name } } query B { services { window { stepMs } } }";
    for (let run = 0; run < 6; run += 1) {
      expect((await server.ask({ query, operationName: "A" })).data).toEqual({ sources: [] });
      expect((await server.ask({ query, operationName: "B" })).data).toEqual({
        services: { window: { stepMs: 60_000 } },
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await server.ask({ query })).toMatchObject({
      status: 400,
      errors: [{ extensions: { argument: "operationName" } }],
    });
    expect(await server.ask({ query, operationName: "C" })).toMatchObject({ status: 400 });
  });

  test("a request without a query, and a body that is no JSON, are 400", async () => {
    const headers = { "content-type": "application/json" };
    for (const payload of ["{}", "{bad", '{"query": 5, "variables": "x"}']) {
      const response = await server.app.inject({ method: "POST", url: "/graphql", payload, headers });
      expect([response.statusCode, response.json().errors[0].extensions.code]).toEqual([400, "BAD_REQUEST"]);
    }
  });

  test("a mutation by GET is 405, a GET of an operation that is not there 400", async () => {
    const get = (query: string) => server.app.inject({ method: "GET", url: `/graphql?${query}` });
    const mutation = encodeURIComponent(
      'mutation { retryDelivery(input: { deliveryId: "x" }) { userErrors { code } } }',
    );
    expect((await get(`query=${mutation}`)).statusCode).toBe(405);
    expect((await get(`operationName=Z&query=${encodeURIComponent("query A { sources { name } }")}`)).statusCode).toBe(
      400,
    );
    expect((await get(`query=${encodeURIComponent("{ sources { name } }")}`)).json().data).toEqual({ sources: [] });
  });

  test("nobody gets 401, before the document is looked at", async () => {
    const refusing = await startGraphql(
      {},
      {
        principalOf: () => {
          throw new MeshlensError("MESHLENS_ERR_ACCESS_UNAUTHENTICATED", "No bearer token; send one.");
        },
      },
    );
    for (const query of ["{ sources { name } }", "{ nope"]) {
      expect(await refusing.ask({ query })).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
      });
    }
    await refusing.close();
  });

  test("a mutation without the action `operate` is 403", async () => {
    const reading = await startGraphql(
      {},
      { principalOf: () => ({ name: "reader", visibility: seeAll, actions: new Set(["read"]) }) },
    );
    const query = 'mutation { retryDelivery(input: { deliveryId: "x" }) { userErrors { code } } }';
    expect(await reading.ask({ query })).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: "FORBIDDEN" } }],
    });
    await reading.close();
  });

  test("a fault of ours tells nothing but that it is one", async () => {
    const failing = await startGraphql(
      {},
      {
        principalOf: () => {
          throw new Error("password=hunter2");
        },
      },
    );
    const answer = await failing.ask({ query: "{ sources { name } }" });
    expect(answer).toMatchObject({ status: 500, errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }] });
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|stack|\.js/);
    expect(failing.internalErrors).toMatchObject([{ message: "password=hunter2" }]);
    await failing.close();
  });
});
