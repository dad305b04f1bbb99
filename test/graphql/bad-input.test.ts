import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serviceCursor, traceCursor } from "../../src/graphql/cursors.js";
import { serviceId } from "../../src/graphql/ids.js";
import { type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const ref = { cluster: "default", namespace: "shop", name: "cart" };
const question = `query Q($range: RangeInput, $after: Cursor, $ref: ServiceRefInput = { namespace: "shop", name: "cart" }, $traceId: TraceId = "1") {
  service(ref: $ref, range: $range) { traces(after: $after) { nodes { traceId } } }
  trace(traceId: $traceId) { traceId }
}`;
const day = (n: number) => `2025-01-0${n}T00:00:00Z`;

describe("bad input", () => {
  let server: GraphqlServer;
  beforeAll(async () => {
    server = await startGraphql();
  });
  afterAll(() => server.close());

  test.each([
    ["a bad duration", { range: { last: "5 minutes" } }, "$range.last", /1h30m/],
    ["a bad instant", { range: { absolute: { from: "yesterday", to: day(1) } } }, "$range.absolute.from", /RFC 3339/],
    [
      "both forms of a range",
      { range: { last: "5m", absolute: { from: day(1), to: day(2) } } },
      "$range",
      /exactly one/,
    ],
    ["neither form of a range", { range: {} }, "$range", /exactly one/],
    ["a null form of a range", { range: { last: null } }, "$range.last", /no null/],
    ["a range that ends first", { range: { absolute: { from: day(2), to: day(1) } } }, "range.absolute.to", /after/],
    ["a range too long", { range: { last: "60d" } }, "range.last", /at most 32 days/],
    ["a bad cursor", { after: "abc" }, "$after", /endCursor/],
    ["a cursor of another list", { after: serviceCursor(ref) }, "after", /`traces`/],
    ["a bad trace id", { traceId: "xyz" }, "$traceId", /hex/],
    ["a trace id of 10 kB", { traceId: "a".repeat(10_000) }, "$traceId", /hex/],
    ["a name of 10 kB", { ref: { namespace: "shop", name: "x".repeat(10_000) } }, "ref.name", /253/],
    ["an empty name", { ref: { namespace: "shop", name: "" } }, "ref.name", /1 to 253/],
  ])("%s in a variable is 400 with code, argument and remedy", async (_, variables, argument, remedy) => {
    const answer = await server.ask({ query: question, variables });
    expect(answer).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: "BAD_USER_INPUT", argument, remedy: expect.stringMatching(remedy) } }],
      extensions: { cost: { upstreamCalls: 0 } },
    });
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toHaveLength(1);
  });

  test.each([
    ['{ services(range: { last: "5 m" }) { window { from } } }', "range.last"],
    [
      `{ services(filter: { namespaces: ["a", "b"] }, range: { absolute: { to: "${day(1)}", from: "x" } }) { window { from } } }`,
      "range.absolute.from",
    ],
    [
      `{ services(range: { last: "5m", absolute: { from: "${day(1)}", to: "${day(2)}" } }) { window { from } } }`,
      "range",
    ],
    ["{ services(range: {}) { window { from } } }", "range"],
    ["{ services(first: 101) { window { from } } }", "first"],
    ["{ services(first: 0) { window { from } } }", "first"],
    ["{ services(top: { by: LATENCY, n: 3 }, first: 3) { window { from } } }", "top"],
    ['{ node(id: "abc") { id } }', "id"],
    [`{ node(id: "${serviceId(ref).slice(0, -1)}") { id } }`, "id"],
    [
      `{ node(id: "${serviceId(ref)}") { ... on Service { golden { latency(quantiles: [0.5, 1.5]) { value } } } } }`,
      "quantiles",
    ],
    [
      `{ node(id: "${serviceId(ref)}") { ... on Service { golden { latency(quantiles: []) { value } } } } }`,
      "quantiles",
    ],
    [
      `{ node(id: "${serviceId(ref)}") { ... on Service { golden { requestRate { series(maxPoints: 5000) { values } } } } } }`,
      "maxPoints",
    ],
    [
      `{ node(id: "${serviceId(ref)}") { ... on Service { traces(filter: { minDurationMs: 9, maxDurationMs: 3 }) { nodes { traceId } } } } }`,
      "filter.maxDurationMs",
    ],
    [
      `{ node(id: "${serviceId(ref)}") { ... on Service { logs(after: "${traceCursor({ startMs: 1, traceId: "a" })}") { nodes { at } } } } }`,
      "after",
    ],
    ['mutation { acknowledgeAlert(input: { alertId: "abc" }) { userErrors { code } } }', "input.alertId"],
    [
      `mutation { silenceAlert(input: { alertId: "${serviceId(ref)}", for: "31d" }) { userErrors { code } } }`,
      "input.for",
    ],
  ])("%s is 400 and names the argument %s", async (query, argument) => {
    expect(await server.ask({ query })).toMatchObject({
      status: 400,
      errors: [
        { locations: expect.any(Array), extensions: { code: "BAD_USER_INPUT", argument, remedy: expect.any(String) } },
      ],
      extensions: { cost: { upstreamCalls: 0 } },
    });
  });

  test.each(['"', "\\", "\n", '"}) or {', "*", "🙂", ".*", "a|b"])(
    "a service called %j is unknown, no error",
    async (name) => {
      const answer = await server.ask({ query: question, variables: { ref: { namespace: "shop", name } } });
      expect(answer).toMatchObject({ status: 200, data: { service: null, trace: null } });
      expect(answer.errors).toBeUndefined();
    },
  );

  test("is refused the same way after the text has been compiled", async () => {
    for (let run = 0; run < 6; run += 1) {
      expect((await server.ask({ query: question, variables: {} })).status).toBe(200);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await server.ask({ query: question, variables: { range: {} } })).status).toBe(400);
    expect((await server.ask({ query: question, variables: { range: { last: "60d" } } })).status).toBe(400);
  });
});
