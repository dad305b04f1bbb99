import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { allDashboards } from "../../dashboards/src/all-dashboards.js";
import { dashboardText } from "../../dashboards/src/dashboard-text.js";
import { apiRules, recordingRules, rulesText } from "../../dashboards/src/recording-rules.js";
import { golden } from "../support/golden.js";
import { repositoryRoot } from "../support/repository-root.js";
import { type JsonDashboard, readDashboards } from "./support/dashboard-json.js";
import { dashboardRules, findings } from "./support/dashboard-rules.js";
import { promqlProblems } from "./support/promql-types.js";

describe("the committed dashboards", () => {
  test("are the ten the project promises", () => {
    expect([...readDashboards().keys()].sort()).toEqual(allDashboards.map(({ uid }) => uid).sort());
    expect(allDashboards).toHaveLength(10);
  });

  test.each(allDashboards.map((dashboard) => [dashboard.uid ?? "", dashboard] as const))(
    "%s is what its TypeScript gives (golden)",
    (uid, dashboard) => {
      golden(join(repositoryRoot, "dashboards", `${uid}.json`), dashboardText(dashboard));
    },
  );

  const all = readDashboards();
  test.each([...all.keys()])("%s keeps every rule", (name) => {
    expect(findings(all.get(name) as JsonDashboard, all)).toEqual([]);
  });
});

describe("the recording rules", () => {
  test.each(["istio", "linkerd"] as const)("of %s are what their TypeScript gives (golden)", (mesh) => {
    golden(join(repositoryRoot, "dashboards/rules", `meshlens-${mesh}.yaml`), rulesText(mesh));
  });

  test.each(Object.values(apiRules).flat())(
    "$record parses, and its step is the group's interval",
    ({ record, expr }) => {
      expect(promqlProblems(expr)).toEqual([]);
      expect(record).toMatch(/:step30s$/);
      expect(rulesText("istio").match(/interval: 30s/g)).toHaveLength(2);
    },
  );

  test.each(Object.values(recordingRules).flat())(
    "$record parses, and its name tells its window",
    ({ record, expr }) => {
      expect(promqlProblems(expr)).toEqual([]);
      expect(expr).not.toContain("$mesh");
      expect(expr).toContain(`[${/:rate(\w+)$/.exec(record)?.[1]}]`);
    },
  );
});

/** A copy of the service dashboard, broken in one way, and the only rule that must notice. */
type Break = (dashboard: JsonDashboard) => unknown;
const promqlTarget = (dashboard: JsonDashboard) =>
  dashboard.panels.find(({ targets }) => targets?.[0]?.expr)?.targets?.[0] as { expr: string };
const rowsTarget = (dashboard: JsonDashboard) =>
  dashboard.panels.find(({ type }) => type === "table")?.targets?.[0] as Required<
    NonNullable<JsonDashboard["panels"][number]["targets"]>[number]
  >;
const panel = (dashboard: JsonDashboard, type: string) =>
  dashboard.panels.find((one) => one.type === type) as Required<JsonDashboard["panels"][number]>;
const ratio = (dashboard: JsonDashboard) =>
  dashboard.panels.find(({ title }) => title === "Failed calls") as Required<JsonDashboard["panels"][number]>;

const breaks: Readonly<Record<string, readonly Break[]>> = {
  "classic form": [
    (d) => Object.assign(d, { schemaVersion: 18 }),
    (d) => Object.assign(d, { id: 7 }),
    (d) => Object.assign(d, { __inputs: [] }),
  ],
  "unique panel ids": [(d) => Object.assign(panel(d, "table"), { id: panel(d, "stat").id })],
  "no overlaps": [
    (d) => Object.assign(panel(d, "table").gridPos, { y: panel(d, "stat").gridPos.y }),
    (d) => Object.assign(panel(d, "logs").gridPos, { w: 25 }),
  ],
  "readable on a laptop": [(d) => Object.assign(panel(d, "logs").gridPos, { w: 5 })],
  "variables are defined": [
    (d) => Object.assign(panel(d, "logs"), { title: "Logs of $servise" }),
    (d) => Object.assign(panel(d, "logs"), { title: "Logs of ${servise:text}" }),
  ],
  "datasources are variables": [
    (d) => Object.assign(panel(d, "logs").datasource, { uid: "meshlens" }),
    (d) => Object.assign(panel(d, "logs").targets[0]?.datasource ?? {}, { uid: "P8E80F9AEF21F6940" }),
    (d) => d.templating.list.reverse(),
  ],
  "all is one pattern": [(d) => Object.assign(d.templating.list.at(-1) ?? {}, { allValue: "" })],
  "titles, descriptions and units": [
    (d) => Object.assign(panel(d, "logs"), { title: " " }),
    (d) => Object.assign(panel(d, "logs"), { description: "Logs." }),
    (d) => Object.assign(panel(d, "logs").fieldConfig.defaults, { unit: undefined }),
  ],
  "units are known": [(d) => Object.assign(panel(d, "logs").fieldConfig.defaults, { unit: "parsecs" })],
  "thresholds fit the unit": [
    (d) => Object.assign(ratio(d).fieldConfig.defaults, { thresholds: steps([null, "green"], [95, "red"]) }),
    (d) => Object.assign(ratio(d).fieldConfig.defaults, { thresholds: steps([null, "red"], [0.05, "green"]) }),
    (d) =>
      Object.assign(ratio(d).fieldConfig.defaults, {
        thresholds: steps([null, "green"], [0.5, "orange"], [0.1, "red"]),
      }),
  ],
  "an overspent budget is in the picture": [
    (d) => {
      const lines = panel(d, "timeseries");
      lines.title = "Error budget";
      lines.fieldConfig.defaults.min = 0;
    },
  ],
  "refresh and crosshair": [(d) => Object.assign(d, { refresh: "5s" }), (d) => Object.assign(d, { graphTooltip: 0 })],
  "alerts and changes are annotations": [(d) => d.annotations.list.pop()],
  "targets have names of their own": [
    (d) => Object.assign(panel(d, "logs"), { targets: [] }),
    (d) => panel(d, "logs").targets.push(...structuredClone(panel(d, "logs").targets)),
  ],
  "PromQL parses and its types fit": [
    "sum(rate(up[$__rate_interval])",
    "rate(up)",
    "sum(up[$__rate_interval])",
    "histogram_quantile(up, 0.9)",
  ].map(withExpr),
  "windows are Grafana's": [withExpr("sum(rate(up[5m]))")],
  "a mesh's queries follow the variable mesh": [withExpr('sum(istio_requests_total{reporter="waypoint"})')],
  "waypoints are counted": [withExpr('sum(istio_requests_total{reporter="source",reporter=~"$mesh"})')],
  "rows of Meshlens fit the schema": [
    (d) => Object.assign(rowsTarget(d), { root_selector: "data.service" }),
    (d) => rowsTarget(d).columns.reverse(),
    (d) => Object.assign(rowsTarget(d), { parser: "simple" }),
    (d) => Object.assign(rowsTarget(d).url_options, { body_graphql_variables: "{}" }),
    (d) => {
      const { url_options } = rowsTarget(d);
      url_options.body_graphql_query = url_options.body_graphql_query.replace("status", "state");
    },
  ],
  "tables order their columns": [
    (d) => Object.assign(panel(d, "table").transformations[0]?.options ?? {}, { indexByName: { service: 0 } }),
  ],
  "links resolve": ["/d/meshlens-nothing", "/d/meshlens-edge?var-workload=x"].map((url) => withLink(url)),
  "Explore opens what it is given": [
    `{"a":{"queries":[{"refId":"A","expr":"up{job=~\\"$service\\"}"}]}}`,
    '{"a":{"queries":[{"refId":"A","expr":"sum(rate(up)"}]}}',
    '{"a":{"queries":[]}}',
    '{"a":',
  ].map((panes) => withLink(`/explore?schemaVersion=1&panes=${encodeURIComponent(panes)}`)),
};

function withLink(url: string): Break {
  return (d) => panel(d, "table").fieldConfig.defaults.links?.push({ title: "x", url });
}

function steps(...all: readonly (readonly [number | null, string])[]) {
  return { steps: all.map(([value, color]) => ({ value, color })) };
}

function withExpr(expr: string): Break {
  return (d) => Object.assign(promqlTarget(d), { expr });
}

describe("each rule bites", () => {
  test("there is a broken copy for each of them", () => {
    expect(Object.keys({ ...breaks, "unique uids": [] }).sort()).toEqual(Object.keys(dashboardRules).sort());
  });

  const cases = Object.entries(breaks).flatMap(([rule, list]) =>
    list.map((broken, i) => [rule, i + 1, broken] as const),
  );
  test.each(cases)("%s (%i)", (rule, _, broken) => {
    const all = readDashboards();
    const dashboard = all.get("meshlens-service") as JsonDashboard;
    broken(dashboard);
    expect(dashboardRules[rule]?.(dashboard, all)).not.toEqual([]);
  });

  test("unique uids", () => {
    const all = readDashboards();
    const dashboard = all.get("meshlens-service") as JsonDashboard;
    (all.get("meshlens-mesh") as JsonDashboard).uid = dashboard.uid;
    expect(dashboardRules["unique uids"]?.(dashboard, all)).toEqual(["meshlens-service"]);
  });
});

describe("the check of PromQL", () => {
  test.each([
    "sum by (a) (rate(x[5m])) / on (a) group_left () (sum by (a) (y) > 0)",
    "topk(3, histogram_quantile(0.9, sum by (le) (rate(x_bucket[1m]))))",
    "sum(x) or vector(0)",
    "min(x) - time()",
    "0 * -x offset 5m",
  ])("takes %s", (expr) => {
    expect(promqlProblems(expr)).toEqual([]);
  });

  test.each([
    ["x[5m]", "cannot show a matrix"],
    ["1 > 2", "without bool"],
    ["topk(x)", "takes 2 arguments"],
    ["sum(x", "syntax error"],
    ["frobnicate(x)", "syntax error"],
    ['label_replace(x, 1, "a", "b", "c")', "expected string"],
    ["1 or x", "expected vector in or"],
    ["", "empty"],
  ])("refuses %s", (expr, words) => {
    expect(promqlProblems(expr).join("; ")).toContain(words);
  });
});
