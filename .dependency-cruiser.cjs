// Who may import whom (style.md section 3). Every room may import itself, `errors` and `telemetry`; the table lists the rest.
// test/architecture.test.ts proves that the rules bite: it counts the modules and plants a violation.
const rooms = {
  telemetry: [],
  config: [],
  http: [],
  workloads: [],
  sources: ["config", "http", "workloads"],
  mesh: ["config", "workloads"],
  slo: ["config", "mesh"],
  store: ["config"],
  access: ["config"],
  diagnosis: ["config", "mesh", "workloads"],
  // The words and drawings of incidents: pure, for every surface.
  picture: ["diagnosis"],
  alerting: ["config", "slo", "mesh", "diagnosis", "store"],
  // http: --feed posts the demo's telemetry to real backends.
  demo: ["config", "http", "mesh/dialects", "sources/memory", "workloads"],
  slack: ["config", "http", "store", "alerting", "picture"],
  grafana: ["config", "mesh", "slo", "alerting"],
  // grafana: the rows of the `grafana` root, which are plain functions.
  graphql: ["config", "mesh", "slo", "alerting", "diagnosis", "access", "grafana", "picture"],
  // What an installation needs to know of its backends: `check --deep`.
  inspection: ["mesh", "slo"],
  server: [".*"],
  // demo: the command makes the mesh it shows and draws its screen.
  cli: ["server", "config", "grafana", "slo", "alerting", "slack", "demo", "diagnosis", "picture", "inspection"],
};
const everyone = ["errors\\.ts$", "telemetry/"];

/** Which npm packages stay in which room: transport and backend libraries never leak into the domain. */
const packages = {
  axios: "^src/http/",
  "@elastic/elasticsearch": "^src/sources/elasticsearch/",
  "@slack/web-api": "^src/slack/",
  kysely: "^src/store/",
  libsql: "^src/store/",
  pg: "^src/store/",
  fastify: "^src/(server|graphql)/",
  mercurius: "^src/(server|graphql)/",
  graphql: "^src/(server|graphql|cli)/",
  jose: "^src/access/oidc/",
};

const escapeRegExp = (name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `room-${room}`,
      severity: "error",
      comment: `src/${room} may import: ${[...allowed, "errors", "telemetry"].join(", ")}`,
      from: { path: `^src/${room}/` },
      to: {
        path: "^src/",
        pathNot: [room, ...allowed].map((r) => `^src/${r}/`).concat(everyone.map((e) => `^src/${e}`)),
      },
    })),
    {
      name: "porches-do-not-touch",
      severity: "error",
      comment: "an adapter never imports another adapter",
      from: { path: "^src/sources/([^/]+)/" },
      to: { path: "^src/sources/", pathNot: "^src/sources/$1/" },
    },
    {
      name: "errors-is-a-leaf",
      severity: "error",
      from: { path: "^src/errors\\.ts$" },
      to: { path: "^src/" },
    },
    ...Object.entries(packages).map(([name, home]) => ({
      name: `package-${name.replace(/[@/]/g, "-")}`,
      severity: "error",
      from: { path: "^src/", pathNot: home },
      to: { path: `node_modules/${escapeRegExp(name)}/` },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
