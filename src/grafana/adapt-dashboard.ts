/** Dashboards for one installation: one mesh instead of both, uids with a prefix, the datasource by its uid. Pure; called by `meshlens dashboards`. */

/** What is adapted; null leaves it as it is. */
export interface DashboardAdaptation {
  /** Targets of the other mesh and the variable `mesh` go. */
  readonly mesh: "istio" | "linkerd" | null;
  /** Put before every uid and title, so that two sets stand side by side. */
  readonly prefix: string | null;
  /** Of the Prometheus datasource the variable stands on at first. */
  readonly datasourceUid: string | null;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** A matcher that only the variable `mesh` needs. */
const meshMatcher = /,?(?:reporter|direction)=~"\$mesh",?/g;

/**
 * An adapted copy of a dashboard's JSON. Links between dashboards follow the prefix.
 * @param dashboard classic JSON as committed in dashboards/
 */
export function adaptDashboard(
  dashboard: JsonObject,
  { mesh, prefix, datasourceUid }: DashboardAdaptation,
): JsonObject {
  const one = mesh === null ? dashboard : ofMesh(dashboard, mesh);
  const named = prefix === null ? one : withPrefix(one, prefix);
  return datasourceUid === null ? named : withDatasource(named, datasourceUid);
}

function ofMesh(dashboard: JsonObject, mesh: "istio" | "linkerd"): JsonObject {
  const other = mesh === "istio" ? "linkerd" : "istio";
  const word = mesh === "istio" ? "Istio" : "Linkerd";
  const panels = objects(dashboard["panels"])
    .map(
      (panel): JsonObject => ({
        ...panel,
        ...(panel["targets"] === undefined
          ? {}
          : { targets: objects(panel["targets"]).filter((one) => !isOf(one, other)) }),
      }),
    )
    .filter((panel) => panel["type"] === "row" || objects(panel["targets"]).length > 0);
  const variables = objects(object(dashboard["templating"])["list"]).filter(({ name }) => name !== "mesh");
  const adapted: JsonObject = {
    ...dashboard,
    panels: withoutEmptyRows(panels),
    templating: { ...object(dashboard["templating"]), list: variables },
  };
  return object(
    mapText(adapted, (text) =>
      text
        .replace(meshMatcher, (match) => (match.startsWith(",") && match.endsWith(",") ? "," : ""))
        .replaceAll("${mesh:text}", word)
        .replaceAll("${mesh:queryparam}&", ""),
    ),
  );
}

/** Targets of one mesh are named by it. */
function isOf(target: JsonObject, mesh: string): boolean {
  return String(target["refId"]).startsWith(`${mesh} `);
}

/** A heading with nothing under it goes. */
function withoutEmptyRows(panels: readonly JsonObject[]): readonly JsonObject[] {
  return panels.filter(
    (panel, i) => panel["type"] !== "row" || (panels[i + 1] !== undefined && panels[i + 1]?.["type"] !== "row"),
  );
}

function withPrefix(dashboard: JsonObject, prefix: string): JsonObject {
  const linked = object(mapText(dashboard, (text) => text.replaceAll("/d/meshlens-", `/d/${prefix}meshlens-`)));
  const tag = `${prefix}meshlens`;
  return {
    ...linked,
    uid: `${prefix}${linked["uid"]}`,
    title: `${prefix}${linked["title"]}`,
    tags: [tag],
    links: objects(linked["links"]).map((link) => ({ ...link, tags: [tag] })),
  };
}

function withDatasource(dashboard: JsonObject, uid: string): JsonObject {
  const list = objects(object(dashboard["templating"])["list"]).map((variable) =>
    variable["name"] === "datasource" ? { ...variable, current: { text: uid, value: uid } } : variable,
  );
  return { ...dashboard, templating: { ...object(dashboard["templating"]), list } };
}

function mapText(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapText(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapText(item, change)]));
}

function object(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.map((item: Json) => object(item)) : [];
}
