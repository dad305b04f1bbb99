/** Targets of panels: PromQL per mesh, and rows of Meshlens' own `grafana` root through the Infinity plugin. */
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";

/** The user's Prometheus: always the variable, never a name. */
export const prometheus = { type: "prometheus", uid: "${datasource}" };
/** Meshlens through the Infinity plugin. */
export const meshlens = { type: "yesoreyeram-infinity-datasource", uid: "${meshlens}" };

/** A query of a panel before it has its form. */
export interface Target extends Builder<Dataquery> {
  readonly datasource: typeof prometheus;
}

/** How a PromQL target is asked. */
export interface PromOptions {
  readonly legend?: string;
  /** One figure at the end of the range. */
  readonly isInstant?: boolean;
  readonly isHeatmap?: boolean;
  readonly withExemplars?: boolean;
}

/**
 * A PromQL target. `refId` begins with the mesh it is of, where it is of one: `--mesh` keeps and drops targets by it.
 * A table wants all labels as columns: instant targets of tables give no legend.
 */
export function promql(refId: string, expr: string, options: PromOptions = {}): Target {
  const { legend, isInstant = false, isHeatmap = false, withExemplars = false } = options;
  const builder = new DataqueryBuilder().refId(refId).expr(expr).datasource(prometheus);
  if (legend !== undefined) builder.legendFormat(legend);
  if (isInstant) builder.instant();
  else builder.range();
  if (isInstant && legend === undefined) builder.format(PromQueryFormat.Table);
  if (isHeatmap) builder.format(PromQueryFormat.Heatmap);
  if (withExemplars) builder.exemplar(true);
  return { datasource: prometheus, build: () => builder.build() };
}

/** A column of Infinity's answer. */
export type Column = readonly [
  selector: string,
  type: "string" | "number" | "timestamp_epoch" | "boolean",
  text?: string,
];

/** What is asked of the `grafana` root. */
export interface RowsOptions {
  readonly refId?: string;
  /** The field with its arguments, such as `services(service: "x")`. */
  readonly list: string;
  readonly columns: readonly Column[];
  readonly format?: "table" | "timeseries" | "logs";
}

/** The value of a variable as the `grafana` root reads it: percent-encoded, so that no name can break the query. */
export function variable(name: string): string {
  return `"\${${name}:percentencode}"`;
}

/** The scope of every row: the dashboard's range and variables. Macros are replaced in the query's text only, never in its variables. */
export const scope = [
  'from: "${__timeFrom}"',
  'to: "${__timeTo}"',
  'mesh: "${mesh:text}"',
  `cluster: ${variable("cluster")}`,
  `namespace: ${variable("namespace")}`,
].join(", ");

/** Rows of Meshlens. */
export function rows({ refId = "A", list, columns, format = "table" }: RowsOptions): Target {
  const field = /^\w+/.exec(list)?.[0] ?? "";
  const names = columns.map(([selector]) => selector).join(" ");
  const query = {
    refId,
    datasource: meshlens,
    type: "graphql",
    source: "url",
    format,
    parser: "backend",
    url: "/graphql",
    root_selector: `data.grafana.${field}`,
    columns: columns.map(([selector, type, text = selector]) => ({ selector, text, type })),
    filters: [],
    url_options: {
      method: "POST",
      body_type: "graphql",
      body_content_type: "application/json",
      body_graphql_query: `query Grafana_${field} { grafana(${scope}) { ${list} { ${names} } } }`,
      body_graphql_variables: "",
      data: "",
      headers: [],
      params: [],
    },
  };
  return { datasource: meshlens, build: () => ({ ...query, _implementsDataqueryVariant: () => undefined }) };
}
