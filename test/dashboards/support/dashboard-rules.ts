/** What must hold of every dashboard, one function per rule; each says what is wrong, where. Broken copies prove that each bites. */
import * as grafanaUnits from "@grafana/grafana-foundation-sdk/units";
import { buildSchema, type DocumentNode, Kind, parse, type SelectionSetNode, validate } from "graphql";
import { interpolateGraphql, interpolatePromql } from "../../../dashboards/src/preview/grafana-values.js";
import { readSchemaText } from "../../../src/graphql/executable-schema.js";
import { type JsonDashboard, type JsonPanel, targetsOf } from "./dashboard-json.js";
import { promqlProblems } from "./promql-types.js";

type Rule = (dashboard: JsonDashboard, all: ReadonlyMap<string, JsonDashboard>) => readonly string[];

const units: ReadonlySet<unknown> = new Set(Object.values(grafanaUnits));
const schema = buildSchema(readSchemaText());
const builtIn = /^(__\w+|1|2)$/;
const shown = (dashboard: JsonDashboard) => dashboard.panels.filter(({ type }) => type !== "row");
const values = { fromMs: 0, toMs: 3_600_000 };

/** The rules by name. */
export const dashboardRules: Readonly<Record<string, Rule>> = {
  "classic form": ({ schemaVersion, id, uid, ...rest }) => [
    ...(schemaVersion === 42 ? [] : [`schemaVersion ${schemaVersion}`]),
    ...(id === null ? [] : ["it has an id"]),
    ...(/^meshlens-[a-z-]+$/.test(uid) ? [] : [`uid ${uid}`]),
    ...("__inputs" in rest ? ["it has inputs, which provisioning does not fill in"] : []),
  ],

  "unique uids": ({ uid }, all) => ([...all.values()].filter((one) => one.uid === uid).length === 1 ? [] : [uid]),

  "unique panel ids": ({ panels }) => repeated(panels.map(({ id }) => id)).map((id) => `panel id ${id}`),

  "no overlaps": ({ panels }) =>
    panels.flatMap((a, i) => [
      ...(a.gridPos.x + a.gridPos.w <= 24 && a.gridPos.x >= 0 ? [] : [`${a.title} is wider than the grid`]),
      ...panels.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`${a.title} lies on ${b.title}`] : [])),
    ]),

  "readable on a laptop": (dashboard) =>
    shown(dashboard)
      .filter(({ type, gridPos }) => gridPos.w < (type === "stat" ? 4 : 8) || gridPos.h < 4)
      .map(({ title }) => `${title} is too small`),

  "variables are defined": (dashboard) => {
    const defined = new Set(dashboard.templating.list.map(({ name }) => name));
    const used = JSON.stringify({ ...dashboard, id: null }).matchAll(/\$(?:\{(\w+)(?::\w+)?[^}]*\}|(\w+))/g);
    const names = new Set([...used].map(([, braced, plain]) => braced ?? plain ?? ""));
    return [...names].filter((name) => !builtIn.test(name) && !defined.has(name)).map((name) => `$${name}`);
  },

  "datasources are variables": (dashboard) => {
    const types: Record<string, string> = {
      prometheus: "${datasource}",
      "yesoreyeram-infinity-datasource": "${meshlens}",
      datasource: "-- Mixed --",
    };
    const refs = [
      ...shown(dashboard).flatMap(({ title, datasource }) => (datasource ? [{ at: title, ref: datasource }] : [])),
      ...targetsOf(dashboard).map(({ at, target }) => ({ at, ref: target.datasource })),
    ];
    const [first] = dashboard.templating.list;
    return [
      ...refs.filter(({ ref }) => types[ref.type] !== ref.uid).map(({ at, ref }) => `${at}: ${ref.uid}`),
      ...(first?.type === "datasource" && first.query === "prometheus" ? [] : ["the first variable is not Prometheus"]),
    ];
  },

  "all is one pattern": ({ templating }) =>
    templating.list
      .filter(({ includeAll, allValue }) => includeAll === true && allValue !== ".*")
      .map(({ name }) => `$${name} makes a giant URL of all its values`),

  "titles, descriptions and units": (dashboard) =>
    shown(dashboard).flatMap(({ title, description, fieldConfig }) => [
      ...(title.trim() === "" ? ["a panel without a title"] : []),
      ...((description ?? "").length < 20 ? [`${title} has no description`] : []),
      ...(fieldConfig?.defaults.unit === undefined ? [`${title} has no unit`] : []),
    ]),

  "units are known": (dashboard) =>
    shown(dashboard).flatMap(({ title, fieldConfig }) => {
      const overridden = (fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
        properties.flatMap(({ id, value }) => (id === "unit" ? [String(value)] : [])),
      );
      const used = [fieldConfig?.defaults.unit ?? "none", ...overridden];
      return used.filter((unit) => !units.has(unit)).map((unit) => `${title}: ${unit}`);
    }),

  "thresholds fit the unit": (dashboard) =>
    shown(dashboard).flatMap(({ title, fieldConfig }) => {
      const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
      const figures = steps.flatMap(({ value }) => value ?? []);
      const isRatio = fieldConfig?.defaults.unit === "percentunit";
      const isBudget = /budget/i.test(title);
      const [first, last] = [steps[0]?.color, steps.at(-1)?.color];
      return [
        ...(isRatio && figures.some((value) => Math.abs(value) > 1) ? [`${title}: a ratio is at most 1`] : []),
        ...(figures.some((value, i) => i > 0 && value <= (figures[i - 1] ?? 0))
          ? [`${title}: steps not in order`]
          : []),
        ...(isRatio && /fail/i.test(title) && (first !== "green" || last !== "red")
          ? [`${title}: wrong way round`]
          : []),
        ...(isRatio && isBudget && steps.length > 1 && (first !== "red" || last !== "green")
          ? [`${title}: wrong way round`]
          : []),
      ];
    }),

  "an overspent budget is in the picture": (dashboard) =>
    shown(dashboard)
      .filter(({ type, title }) => type === "timeseries" && /budget/i.test(title))
      .flatMap(({ title, fieldConfig }) =>
        (fieldConfig?.defaults.min ?? -1) < 0 ? [] : [`${title} is cut off at ${fieldConfig?.defaults.min}`],
      ),

  "refresh and crosshair": ({ refresh, graphTooltip }) => [
    ...(/^(30s|[1-9]\d*m)$/.test(refresh) ? [] : [`refresh ${refresh}`]),
    ...(graphTooltip === 1 ? [] : ["no shared crosshair"]),
  ],

  "alerts and changes are annotations": ({ annotations }) =>
    ["Alerts", "Changes"].filter((name) => !annotations.list.some((one) => one.name === name)),

  "targets have names of their own": (dashboard) =>
    shown(dashboard).flatMap(({ title, type, targets = [] }) => {
      const names = targets.map(({ refId }) => refId);
      return [
        ...(names.length === 0 ? [`${title} asks nothing`] : []),
        ...repeated(names).map((name) => `${title}: ${name} twice`),
        ...(type === "nodeGraph" && names.join() !== "nodes,edges"
          ? [`${title}: frames are told by nodes, edges`]
          : []),
      ];
    }),

  "PromQL parses and its types fit": (dashboard) =>
    targetsOf(dashboard).flatMap(({ at, target: { refId, expr } }) =>
      expr === undefined
        ? []
        : promqlProblems(interpolatePromql(expr, values)).map((problem) => `${at}, ${refId}: ${problem}`),
    ),

  "windows are Grafana's": (dashboard) =>
    targetsOf(dashboard).flatMap(({ at, target: { expr = "" } }) =>
      [...expr.matchAll(/\[(?![.^])([^\]]*)\]/g)]
        .map(([, window]) => window ?? "")
        .filter((window) => window !== "$__rate_interval" && window !== "$__range" && !/[.)]$/.test(window))
        .filter((window) => /^\d+[smhd]/.test(window))
        .map((window) => `${at}: [${window}]`),
    ),

  "a mesh's queries follow the variable mesh": (dashboard) =>
    targetsOf(dashboard).flatMap(({ at, target: { expr = "", refId } }) =>
      /istio_|response_total\{direction/.test(expr) && !expr.includes("$mesh") && !/linkerd control/.test(refId)
        ? [`${at}, ${refId}`]
        : [],
    ),

  "waypoints are counted": (dashboard) =>
    targetsOf(dashboard).flatMap(({ at, target: { expr = "", refId } }) =>
      refId === "istio calls" && !expr.includes('reporter="waypoint"') ? [at] : [],
    ),

  "rows of Meshlens fit the schema": (dashboard) =>
    targetsOf(dashboard).flatMap(({ at, target }) => {
      if (target.expr !== undefined) return [];
      const { url_options, columns = [], root_selector = "", parser } = target;
      const query = url_options?.body_graphql_query ?? "";
      const document = parse(interpolateGraphql(query, values));
      const { list, columns: selected } = selectionOf(document);
      const wanted = columns.map(({ selector }) => selector);
      return [
        ...validate(schema, document).map(({ message }) => `${at}: ${message}`),
        ...(root_selector === `data.grafana.${list}` ? [] : [`${at}: root_selector ${root_selector}`]),
        ...(wanted.join() === selected.join() ? [] : [`${at}: columns are not those of the query`]),
        ...(parser === "backend" ? [] : [`${at}: parser ${parser}`]),
        ...(url_options?.body_graphql_variables === "" ? [] : [`${at}: macros are not replaced in variables`]),
      ];
    }),

  "tables order their columns": (dashboard) =>
    shown(dashboard)
      .filter(({ type }) => type === "table")
      .flatMap(({ title, targets = [], transformations = [] }) => {
        const columns = targets.flatMap((target) => (target.columns ?? []).map(({ text }) => text));
        const order = Object.keys(transformations.find(({ id }) => id === "organize")?.options.indexByName ?? {});
        return columns.sort().join() === order.sort().join() ? [] : [`${title}: ${columns} is not ${order}`];
      }),

  "links resolve": (dashboard, all) => {
    const text = JSON.stringify(dashboard);
    const uids = new Map([...all.values()].map((one) => [one.uid, one]));
    return [...text.matchAll(/"(\/d\/([\w-]+)[^"]*?)"/g)].flatMap(([, url = "", uid = ""]) => {
      const target = uids.get(uid);
      if (target === undefined) return [`no dashboard ${uid}`];
      const names = new Set(target.templating.list.map(({ name }) => name));
      return [...url.matchAll(/var-(\w+)=/g)]
        .filter(([, name]) => !names.has(name ?? ""))
        .map(([, name]) => `${uid} has no variable ${name}`);
    });
  },

  "Explore opens what it is given": (dashboard) =>
    shown(dashboard).flatMap(({ title, fieldConfig }) =>
      (fieldConfig?.defaults.links ?? []).flatMap(({ url }) =>
        url.startsWith("/explore?") ? exploreProblems(url).map((problem) => `${title}: ${problem}`) : [],
      ),
    ),
};

/** As Grafana opens it: what stands in `${...}` is replaced in the URL, then panes are read as JSON. */
function exploreProblems(url: string): readonly string[] {
  const replaced = url.replace(/\$\{__(?:from|to)\}/g, "1700000000000").replace(/\$\{[^}]+\}/g, "reviews");
  const panes = new URLSearchParams(replaced.slice(replaced.indexOf("?"))).get("panes") ?? "";
  try {
    const all = Object.values(JSON.parse(panes) as Record<string, { queries: { refId: string; expr: string }[] }>);
    const queries = all.flatMap((pane) => pane.queries);
    if (queries.length === 0) return ["Explore is asked nothing"];
    return queries.flatMap(({ refId, expr }) => [
      ...promqlProblems(expr.replaceAll("$__rate_interval", "1m")).map((problem) => `${refId}: ${problem}`),
      ...(/\$(?!__)/.test(expr) ? [`${refId}: Explore knows no variables`] : []),
    ]);
  } catch {
    return ["the panes are no JSON"];
  }
}

/** Findings of all rules: `rule: where and what`. */
export function findings(dashboard: JsonDashboard, all: ReadonlyMap<string, JsonDashboard>): readonly string[] {
  return Object.entries(dashboardRules).flatMap(([name, rule]) =>
    rule(dashboard, all).map((problem) => `${name}: ${problem}`),
  );
}

/** The list of the `grafana` root and its columns. */
function selectionOf(document: DocumentNode): { readonly list: string; readonly columns: readonly string[] } {
  const [operation] = document.definitions;
  const fieldsOf = (node: { readonly selectionSet?: SelectionSetNode | undefined } | undefined) =>
    (node?.selectionSet?.selections ?? []).flatMap((one) => (one.kind === Kind.FIELD ? one : []));
  const list = fieldsOf(fieldsOf(operation?.kind === Kind.OPERATION_DEFINITION ? operation : undefined)[0])[0];
  return { list: list?.name.value ?? "", columns: fieldsOf(list).map(({ name }) => name.value) };
}

function repeated<T>(values: readonly T[]): readonly T[] {
  return values.filter((value, i) => values.indexOf(value) !== i);
}

function overlap(a: JsonPanel, b: JsonPanel): boolean {
  const apart = (p: "x" | "y", size: "w" | "h") =>
    a.gridPos[p] + a.gridPos[size] <= b.gridPos[p] || b.gridPos[p] + b.gridPos[size] <= a.gridPos[p];
  return !apart("x", "w") && !apart("y", "h");
}
