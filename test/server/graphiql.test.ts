import { readdirSync, readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
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

  test("a link's variables open in the service page, else the samples do", async () => {
    server = await startConfigured("");
    const script = await (await fetch(`${server.url}/graphiql/start.js`)).text();
    const opened = (search: string) => {
      let shown: { readonly query?: string; readonly variables?: string } = {};
      const React = { createElement: (_: unknown, props: typeof shown) => props };
      const root = { render: (props: typeof shown) => (shown = props) };
      const page = { getElementById: () => null };
      const GraphiQL = { createFetcher: () => null };
      const world = { GraphiQL, React, ReactDOM: { createRoot: () => root }, document: page, location: { search } };
      runInNewContext(script, { ...world, URLSearchParams });
      return shown;
    };
    expect(opened("?variables=%7B%22a%22%3A1%7D").variables).toBe('{"a":1}');
    expect(opened("").variables).toContain("reviews");
    const asked = JSON.parse(opened("?page=shop/cart").variables ?? "") as unknown;
    expect(asked).toMatchObject({ service: { namespace: "shop", name: "cart" }, range: { last: "1h" } });
    expect(opened("?tab=service-graph").query).toContain("query ServiceGraph");
    expect(opened("?tab=nothing").query).toContain("query ServicePage");
    expect(opened("").query).toContain("query ServicePage");
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
