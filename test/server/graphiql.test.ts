import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { graphiqlTabs } from "../../src/server/graphiql.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";

let server: ConfiguredServer | null = null;

afterEach(async () => {
  await server?.stop("test over");
  server = null;
});

describe("GraphiQL", () => {
  test("the page and everything it loads come from this server, and it may talk to no other", async () => {
    server = await startConfigured("");
    const page = await fetch(`${server.url}/graphiql`);
    const html = await page.text();
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain("unsafe-eval");
    expect(html).not.toMatch(/https?:\/\//);
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
    expect(files).toHaveLength(5);
    for (const file of files) {
      const answer = await fetch(server.url + file);
      expect([file, answer.status]).toEqual([file, 200]);
      expect((await answer.text()).length).toBeGreaterThan(100);
    }
  });

  test("no file but GraphiQL's own can be read", async () => {
    server = await startConfigured("");
    for (const file of ["..%2f..%2fpackage.json", "../server.js", "constructor", "start.js"]) {
      expect((await fetch(`${server.url}/graphiql/assets/${file}`)).status).toBe(404);
    }
  });

  test("it can be switched off", async () => {
    server = await startConfigured("server: { graphiql: false }");
    expect((await fetch(`${server.url}/graphiql`)).status).toBe(404);
    expect((await fetch(`${server.url}/graphiql/assets/graphiql.min.js`)).status).toBe(404);
  });

  test("every document of examples/queries is a tab, the service page first, with variables for what it declares", () => {
    const tabs = graphiqlTabs();
    const documents = readdirSync("examples/queries").filter((name) => name.endsWith(".graphql"));
    expect(new Set(tabs.map(({ query }) => query))).toEqual(
      new Set(documents.map((name) => readFileSync(`examples/queries/${name}`, "utf8"))),
    );
    expect(tabs[0]?.query).toContain("query ServicePage");
    expect(JSON.parse(tabs[0]?.variables ?? "")).toHaveProperty("service.namespace");
    for (const { query, variables } of tabs) {
      for (const name of Object.keys(JSON.parse(variables || "{}"))) expect(query).toContain(`$${name}`);
    }
  });
});
