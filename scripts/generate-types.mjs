// Writes src/graphql/generated/resolver-types.ts from schema/*.graphql; with --check it fails when the file is not what it would write.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as resolvers from "@graphql-codegen/typescript-resolvers";
import { parse } from "graphql";

const root = new URL("../", import.meta.url);
const target = new URL("src/graphql/generated/resolver-types.ts", root);

/** GraphQL types whose parent value in a resolver is one of ours (src/graphql/parents.ts) and not the answer's own shape. */
const parents = [
  "Service",
  "ServiceConnection",
  "ServiceEdge",
  "Window",
  "Golden",
  "Measure",
  "LatencyMeasure",
  "Series",
  "Source",
  "SourceStatus",
  "Dependencies",
  "ServiceGraph",
  "GraphNode",
  "Edge",
  "TraceConnection",
  "TraceEdge",
  "Trace",
  "TraceRoot",
  "Span",
  "SpanEvent",
  "JoinedLogs",
  "LogConnection",
  "LogEdge",
  "LogRecord",
  "LogVolume",
  "Health",
  "Workload",
  "Pod",
  "Changes",
  "Change",
  "Slo",
  "Alert",
  "Evidence",
  "Grafana",
  "EvidenceTrace",
  "EvidenceBurn",
  "Suspect",
  "EvidenceHealth",
  "Diagnosis",
  "DiagnosedSuspect",
  "SuspectReason",
  "ClearedService",
  "DiagnosedWindow",
  "IncidentGraph",
  "IncidentNode",
  "IncidentCall",
  "IncidentRest",
  "Delivery",
];

/** The generated text: the same for the same schema, whatever the machine. */
export async function generateTypes() {
  const folder = new URL("schema/", root);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".graphql"))
    .sort();
  const sdl = files.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
  const text = await codegen({
    filename: "resolver-types.ts",
    schema: parse(sdl, { noLocation: true }),
    documents: [],
    config: {},
    plugins: [{ typescript: {} }, { resolvers: {} }].map((plugin) => {
      const [name] = Object.keys(plugin);
      return { [name]: options };
    }),
    pluginMap: { typescript, resolvers },
  });
  return `// Written by scripts/generate-types.mjs from schema/*.graphql; do not edit.\n${text}`;
}

const options = {
  useTypeImports: true,
  enumsAsTypes: true,
  immutableTypes: true,
  skipTypename: true,
  strictScalars: true,
  defaultScalarType: "unknown",
  contextType: "../context.js#GraphqlContext",
  makeResolverTypeCallable: true,
  optionalResolveType: true,
  scalars: {
    Duration: "number",
    DateTime: "number",
    TraceId: "string",
    GrafanaTime: "number",
    GrafanaChoice: "string",
    Cursor: { input: "../cursors.js#DecodedCursor", output: "string" },
  },
  mappers: Object.fromEntries(parents.map((name) => [name, `../parents.js#${name}Parent`])),
};

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = await generateTypes();
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (readFileSync(target, "utf8") !== text) {
    process.stderr.write(
      "src/graphql/generated/resolver-types.ts is not what schema/ gives: run node scripts/generate-types.mjs\n",
    );
    process.exitCode = 1;
  }
}
