import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";

let backend: FaultServer;
let server: ConfiguredServer | null = null;
let traceparents: (string | undefined)[] = [];

beforeEach(async () => {
  traceparents = [];
  backend = await startFaultServer();
  backend.behave({
    kind: "handler",
    handle: (request, response) => {
      traceparents.push(request.headers["traceparent"] as string | undefined);
      response.end('["reviews"]');
    },
  });
});

afterEach(async () => {
  await server?.stop("test over");
  server = null;
  await backend.close();
});

async function start(yaml: string) {
  server = await startConfigured(`${yaml}\nsources: [{ name: spans, kind: zipkin, url: "${backend.url}" }]`);
  return server.url;
}

function ask(url: string, query: string, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ query });
  return fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
}

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");

describe("GraphQL over the server", () => {
  test("the caller's trace goes on to the backends, also for a request with a body", async () => {
    const url = await start("");
    await fetch(`${url}/readyz`);
    traceparents = [];
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const answer = await ask(url, "query Mine { sources { name state version } }", { traceparent });
    expect(await answer.json()).toMatchObject({ data: { sources: [{ name: "spans", state: "OK" }] } });
    expect(traceparents.length).toBeGreaterThan(0);
    expect(new Set(traceparents)).toEqual(new Set([traceparent]));
  });

  test("an operation is counted under its name, its upstream calls under their source and kind", async () => {
    const url = await start("");
    await ask(url, "query Mine { sources { name state } }");
    await ask(url, "{ sources { name } }");
    await ask(url, "query Bad { nope }");
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('meshlens_graphql_operation_duration_seconds_count{operation="Mine",type="query"} 1');
    expect(text).toContain('meshlens_graphql_operation_duration_seconds_count{operation="anonymous",type="query"}');
    expect(text).toMatch(
      /meshlens_graphql_operation_errors_total\{operation="[^"]+",code="GRAPHQL_VALIDATION_FAILED"\} 1/,
    );
    expect(text).toMatch(/meshlens_source_request_duration_seconds_count\{source="spans",operation="[a-z_-]+"\} \d/);
  });

  test("no token and a wrong one are 401, a token without read is 403, a right one is answered", async () => {
    const url = await start(`auth:
  tokens:
    - { name: reader, sha256: ${sha256("good")}, namespaces: ["*"], actions: [read] }
    - { name: debugger, sha256: ${sha256("odd")}, namespaces: ["*"], actions: [debug] }`);
    const query = "{ sources { name } }";
    expect((await ask(url, query)).status).toBe(401);
    expect((await ask(url, query, { authorization: "Bearer bad" })).status).toBe(401);
    expect((await ask(url, query, { authorization: "Bearer odd" })).status).toBe(403);
    expect((await ask(url, query, { authorization: "Bearer good" })).status).toBe(200);
  });

  test("limits of the configuration hold", async () => {
    const url = await start("server: { limits: { depth: 2, aliases: 1 }, introspection: false }");
    for (const query of [
      "{ services { nodes { ref { name } } } }",
      "{ a: sources { name } b: sources { name } }",
      "{ __schema { types { name } } }",
    ]) {
      expect((await ask(url, query)).status).toBe(400);
    }
  });
});
