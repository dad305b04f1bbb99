import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { repositoryRoot } from "../support/repository-root.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";

let server: ConfiguredServer;
const own = 'query Own($n: Int = 3) { services(first: $n, filter: { nameContains: "x" }) { nodes { id } } }';

beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), "meshlens-prepared-")), "own.graphql");
  writeFileSync(file, own);
  server = await startConfigured(`server: { prepared: { only: true, files: ["${file}"] } }`);
});
afterAll(() => server.stop("test over"));

async function ask(query: string, variables: object = {}): Promise<{ status: number; code: unknown }> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${server.url}/graphql`, { method: "POST", headers, body });
  const { errors } = (await response.json()) as { errors?: readonly { extensions: { code: string } }[] };
  return { status: response.status, code: errors?.[0]?.extensions.code };
}

const refused = { status: 403, code: "NOT_PREPARED" };

describe("a server that answers prepared documents only", () => {
  test("answers its own examples, and nothing that somebody makes up", async () => {
    const sources = readFileSync(join(repositoryRoot, "examples/queries/sources.graphql"), "utf8");
    // Three times: compiled ones are checked too.
    for (let time = 0; time < 4; time += 1) {
      expect((await ask(sources)).status).toBe(200);
      expect(await ask("{ sources { name } }")).toEqual(refused);
      expect(await ask("{ __schema { types { name } } }")).toEqual(refused);
      expect(await ask('mutation { acknowledgeAlert(input: { alertId: "x" }) { userErrors { code } } }')).toEqual(
        refused,
      );
    }
  });

  test("answers documents of configured files, with other values and no other fields", async () => {
    expect((await ask(own)).status).toBe(200);
    expect((await ask(own.replace('"x"', '"other"').replace("3", "7"), { n: 5 })).status).toBe(200);
    expect(await ask(own.replace("{ id }", "{ id mesh }"))).toEqual(refused);
    expect(await ask(own.replace("first: $n", 'first: $n, range: { last: "30d" }'))).toEqual(refused);
  });

  test("answers every panel of the dashboards, whatever the variables of the dashboard are", async () => {
    const folder = join(repositoryRoot, "dashboards");
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => [
        ...readFileSync(join(folder, name), "utf8").matchAll(/"body_graphql_query": ("(?:[^"\\]|\\.)*")/g),
      ])
      .map(([, text = ""]) => JSON.parse(text) as string)
      .filter((text) => text !== "");
    expect(texts.length).toBeGreaterThan(10);
    for (const text of new Set(texts)) {
      const filled = text.replace(/\$\{__(from|to|timeFrom|timeTo)[^}]*\}/g, "").replace(/\$\{[^}]*\}/g, "");
      expect(`${filled} ${(await ask(filled)).code ?? "answered"}`).toBe(`${filled} answered`);
    }
  });

  test("holds subscriptions to it too", async () => {
    const client = createClient({
      url: `${server.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const errors = await new Promise((resolve) => {
      client.subscribe(
        { query: "subscription { alertChanged { id } }" },
        { next: () => {}, error: resolve, complete: () => resolve("complete") },
      );
    });
    expect(JSON.stringify(errors)).toContain("none of those that are answered here");
    await client.dispose();
  });
});
