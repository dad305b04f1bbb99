/** GraphiQL at /graphiql, from our own files only: nothing is fetched from a network and the page may talk to this server only. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { packageRoot } from "./package-facts.js";

const assetsFolder = join(packageRoot, "dist/src/server/assets");
const queriesFolder = join(packageRoot, "examples/queries");

const assets: Readonly<Record<string, string>> = {
  "graphiql.min.css": "text/css; charset=utf-8",
  "react.production.min.js": "text/javascript; charset=utf-8",
  "react-dom.production.min.js": "text/javascript; charset=utf-8",
  "graphiql.min.js": "text/javascript; charset=utf-8",
};

/** CodeMirror and the tooltips set style attributes; scripts come from files only. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Meshlens GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/assets/graphiql.min.css">
<style>html, body, #graphiql { height: 100%; margin: 0; }</style>
</head>
<body>
<div id="graphiql">Loading GraphiQL ...</div>
<script src="/graphiql/assets/react.production.min.js"></script>
<script src="/graphiql/assets/react-dom.production.min.js"></script>
<script src="/graphiql/assets/graphiql.min.js"></script>
<script src="/graphiql/start.js"></script>
</body>
</html>
`;

/** Order of the tabs; documents that are not named follow by name. */
const firstTabs = ["service-page", "services", "service-graph", "trace", "sources", "slos", "alerts"];

/** What a new tab's variables say, by the name the documents use. */
const sampleVariables: Readonly<Record<string, unknown>> = {
  service: { namespace: "bookinfo", name: "reviews" },
  range: { last: "1h" },
  first: 20,
  traceId: "0af7651916cd43dd8448eb211c80319c",
  id: "",
  for: "1h",
};

/** One tab as GraphiQL takes it. */
export interface GraphiqlTab {
  /** The document's name without its ending; `?tab=` of a link names the one to show. */
  readonly name: string;
  readonly query: string;
  readonly variables: string;
}

/** A tab per document of `folder`, with sample variables where the document has them. */
export function graphiqlTabs(folder: string = queriesFolder): readonly GraphiqlTab[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".graphql"));
  const rank = (name: string) => firstTabs.indexOf(name.replace(".graphql", "")) + 1 || firstTabs.length + 1;
  const ordered = names.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return ordered.map((name) => {
    const query = readFileSync(join(folder, name), "utf8");
    const declared = new Set([...query.matchAll(/\$([A-Za-z_]\w*)\s*:/g)].map(([, variable]) => variable ?? ""));
    const samples = Object.entries(sampleVariables).filter(([variable]) => declared.has(variable));
    return {
      name: name.replace(".graphql", ""),
      query,
      variables: samples.length === 0 ? "" : JSON.stringify(Object.fromEntries(samples), null, 2),
    };
  });
}

/** The script that opens GraphiQL with the tabs; a file of its own, so that the page needs no inline script. */
function startScript(tabs: readonly GraphiqlTab[]): string {
  return `"use strict";
const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
const tabs = ${JSON.stringify(tabs)};
const link = new URLSearchParams(location.search);
const page = /^([^/]+)\\/([^/]+)$/.exec(link.get("page") ?? "");
const wanted = tabs.findIndex((tab) => tab.name === (page === null ? link.get("tab") : "service-page"));
if (wanted > 0) tabs.unshift(...tabs.splice(wanted, 1));
// Our own links carry the variables of the tab they show; without the two properties below GraphiQL shows a tab's variables only later.
const asked = link.get("variables");
if (asked !== null && tabs.length > 0) tabs[0].variables = asked;
// \`?page=bookinfo/reviews\` is short enough for a line of a terminal.
else if (page !== null && wanted >= 0)
  tabs[0].variables = JSON.stringify({ ...JSON.parse(tabs[0].variables), service: { namespace: page[1], name: page[2] } }, null, 2);
const first = tabs.length > 0 ? { query: tabs[0].query, variables: tabs[0].variables } : {};
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: tabs.map(({ query, variables }) => ({ query, variables })),
    ...first,
    defaultEditorToolsVisibility: "variables",
    shouldPersistHeaders: false,
  }),
);
`;
}

/** Adds the page, its script and its assets. */
export function registerGraphiql(app: FastifyInstance): void {
  const script = startScript(graphiqlTabs());

  app.get("/graphiql", async (_request, reply) => {
    reply.header("content-security-policy", contentSecurityPolicy).header("referrer-policy", "no-referrer");
    return reply.type("text/html; charset=utf-8").send(page);
  });

  app.get("/graphiql/start.js", async (_request, reply) => {
    return reply.type("text/javascript; charset=utf-8").header("cache-control", "no-cache").send(script);
  });

  app.get<{ Params: { file: string } }>("/graphiql/assets/:file", async (request, reply) => {
    const { file } = request.params;
    const type = Object.hasOwn(assets, file) ? assets[file] : undefined;
    const path = join(assetsFolder, file);
    if (type === undefined || !existsSync(path)) return reply.callNotFound();
    return reply.type(type).header("cache-control", "public, max-age=3600").send(readFileSync(path));
  });
}
