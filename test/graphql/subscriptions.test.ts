import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { MeshlensError } from "../../src/errors.js";
import { waitUntil } from "../support/wait-until.js";
import { type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const alertChanged = "subscription($f: AlertFilter) { alertChanged(filter: $f) { id } }";

/** A subscription under way and the errors it ended with. */
function subscribe(client: Client, query = alertChanged, variables: Record<string, unknown> = {}) {
  const errors: unknown[] = [];
  const end = client.subscribe(
    { query, variables },
    { next: () => {}, error: (e) => errors.push(e), complete: () => {} },
  );
  return { errors, end, refused: () => waitUntil("the subscription is refused", () => errors.length > 0) };
}

describe("subscriptions", () => {
  let server: GraphqlServer;
  let client: Client;
  beforeAll(async () => {
    server = await startGraphql({}, { options: { subscriptionsPerSocket: 2 } });
    const url = (await server.app.listen({ host: "127.0.0.1", port: 0 })).replace("http", "ws");
    client = createClient({ url: `${url}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0, lazy: false });
  });
  afterAll(async () => {
    await client.dispose();
    await server.close();
  });

  test.each([
    ["an unknown field", "subscription { alertChanged { nope } }", {}, { code: "GRAPHQL_VALIDATION_FAILED" }],
    [
      "a name too long",
      alertChanged,
      { f: { namespaces: ["x".repeat(300)] } },
      { code: "BAD_USER_INPUT", argument: "filter.namespaces" },
    ],
    [
      "a name too long in the text",
      `subscription { alertChanged(filter: { namespaces: ["${"x".repeat(300)}"] }) { id } }`,
      {},
      { code: "BAD_USER_INPUT" },
    ],
  ])("%s is refused with its code", async (_, query, variables, extensions) => {
    const asked = subscribe(client, query, variables);
    await asked.refused();
    expect(asked.errors.flat()).toMatchObject([{ extensions }]);
  });

  test("a value outside an enum is refused", async () => {
    const asked = subscribe(client, alertChanged, { f: { states: ["NOPE"] } });
    await asked.refused();
    expect(JSON.stringify(asked.errors)).toContain("NOPE");
  });

  test("beyond the limit of a socket are refused, and ending one makes room", async () => {
    const [first, second] = [subscribe(client), subscribe(client)];
    const third = subscribe(client);
    await third.refused();
    expect(third.errors.flat()).toMatchObject([{ extensions: { code: "COST_LIMIT", limit: "subscriptions" } }]);
    expect([...first.errors, ...second.errors]).toEqual([]);
    first.end();
    const fourth = subscribe(client);
    // Messages of a socket are answered in order: when the fifth is refused, the fourth has been taken.
    const fifth = subscribe(client);
    await fifth.refused();
    expect(fourth.errors).toEqual([]);
    second.end();
    fourth.end();
  });

  test("need a caller", async () => {
    const refusing = await startGraphql(
      {},
      {
        principalOf: () => {
          throw new MeshlensError("MESHLENS_ERR_ACCESS_UNAUTHENTICATED", "No bearer token; send one.");
        },
      },
    );
    const url = (await refusing.app.listen({ host: "127.0.0.1", port: 0 })).replace("http", "ws");
    const nobody = createClient({ url: `${url}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    const asked = subscribe(nobody);
    await asked.refused();
    expect(asked.errors.flat()).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
    await nobody.dispose();
    await refusing.close();
  });
});
