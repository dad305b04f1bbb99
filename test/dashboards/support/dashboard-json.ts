/** Dashboards as their files hold them, in the part that tests look at. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../support/repository-root.js";

/** A datasource by uid. */
export interface DatasourceRef {
  type: string;
  uid: string;
}

/** A target: PromQL has `expr`, Infinity has the rest. */
export interface JsonTarget {
  refId: string;
  datasource: DatasourceRef;
  expr?: string;
  instant?: boolean;
  format?: string;
  type?: string;
  parser?: string;
  root_selector?: string;
  columns?: { selector: string; text: string; type: string }[];
  url_options?: { body_graphql_query: string; body_graphql_variables: string };
}

/** A panel or a row's heading. */
export interface JsonPanel {
  type: string;
  id: number;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: DatasourceRef;
  targets?: JsonTarget[];
  transformations?: {
    id: string;
    options: { indexByName: Record<string, number>; renameByName: Record<string, string> };
  }[];
  options?: { reduceOptions?: { fields: string } };
  fieldConfig?: {
    defaults: {
      unit?: string;
      min?: number;
      thresholds?: { steps: { value: number | null; color: string }[] };
      links?: { title: string; url: string }[];
    };
    overrides: { matcher: { id: string; options: string }; properties: { id: string; value: unknown }[] }[];
  };
}

/** A variable. */
export interface JsonVariable {
  name: string;
  type: string;
  query: string | { query: string };
  includeAll?: boolean;
  allValue?: string;
  datasource?: DatasourceRef;
  regex?: string;
}

/** A dashboard. */
export interface JsonDashboard {
  uid: string;
  id: number | null;
  title: string;
  description: string;
  schemaVersion: number;
  refresh: string;
  graphTooltip: number;
  panels: JsonPanel[];
  templating: { list: JsonVariable[] };
  annotations: { list: { name: string; datasource: DatasourceRef; target: JsonTarget }[] };
}

/** All committed dashboards, by file name without its end; a new copy at each call, which a test may break. */
export function readDashboards(folder = join(repositoryRoot, "dashboards")): Map<string, JsonDashboard> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(
    files.sort().map((name) => [name.replace(/\.json$/, ""), JSON.parse(readFileSync(join(folder, name), "utf8"))]),
  );
}

/** Every target with where it stands: of panels and of annotations. */
export function targetsOf(dashboard: JsonDashboard): readonly { readonly at: string; readonly target: JsonTarget }[] {
  return [
    ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ at: title, target }))),
    ...dashboard.annotations.list.map(({ name, target }) => ({ at: `annotation ${name}`, target })),
  ];
}
