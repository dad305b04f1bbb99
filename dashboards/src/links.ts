/** Where values of a dashboard lead: other dashboards, Explore, the UIs behind Meshlens. One place for all URLs. */
import type { DynamicConfigValue } from "@grafana/grafana-foundation-sdk/dashboard";
import type { PanelLink } from "./panels.js";

const time = "${__url_time_range}";
const shared = ["datasource", "meshlens", "mesh", "cluster"].map((name) => `\${${name}:queryparam}`).join("&");

/** Another dashboard, for the service of a row. */
export function toService(board: "service" | "investigation" | "slo" | "workload", title: string): PanelLink {
  const own = "var-namespace=${__data.fields.namespace}&var-service=${__data.fields.service}";
  return { title, url: `/d/meshlens-${board}?${own}&${shared}&${time}` };
}

/** Another dashboard for a row whose columns have headings. */
export function toServiceOf(
  board: "service" | "investigation" | "slo",
  title: string,
  namespace: string,
  service: string,
): PanelLink {
  const own = `var-namespace=\${__data.fields["${namespace}"]}&var-service=\${__data.fields["${service}"]}`;
  return { title, url: `/d/meshlens-${board}?${own}&${shared}&${time}` };
}

/** Explore with a trace in Grafana's own Jaeger datasource is not for us to know; the URL of the row leads to the UI Meshlens knows. */
export function urlIn(column: string, title: string): DynamicConfigValue {
  return { id: "links", value: [{ title, url: `\${__data.fields["${column}"]}`, targetBlank: true }] };
}

/** The query of a panel in Explore. */
export function explore(title: string, expr: string): PanelLink {
  const panes = `{"a":{"datasource":"\${datasource}","queries":[{"refId":"A","expr":${JSON.stringify(expr)}}],"range":{"from":"\${__from}","to":"\${__to}"}}}`;
  const encoded = encodeURIComponent(panes).replaceAll("%24%7B", "${").replaceAll("%7D%22", "}%22");
  return { title, url: `/explore?schemaVersion=1&orgId=1&panes=${encoded}` };
}
