/** Where values of a dashboard lead: other dashboards, Explore, the UIs behind Meshlens. One place for all URLs. */
import type { DynamicConfigValue } from "@grafana/grafana-foundation-sdk/dashboard";
import type { PanelLink } from "./panels.js";
import { lineWindow } from "./promql/choice.js";

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

/**
 * The codes that the service of a row was answered with, in Explore: rows of Meshlens have no PromQL that Grafana's own menu could open there.
 * Explore knows no variables of dashboards, so Grafana must find them bare in the URL and replace them; windows are for Explore to replace.
 * Headings are single words.
 */
export function exploreCodes(title: string, namespace: string, service: string): PanelLink {
  const host = `\${__data.fields.${service}}[.]\${__data.fields.${namespace}}[.]svc[.].*`;
  const byCode = (refId: string, labels: string, series: string) => ({
    refId,
    datasource: { type: "prometheus", uid: "${datasource}" },
    expr: `sum by (${labels}) (rate(${series}[${lineWindow}]))`,
  });
  const queries = [
    byCode(
      "Istio",
      "reporter, source_workload, response_code, response_flags",
      `istio_requests_total{destination_service=~"${host}"}`,
    ),
    byCode("Linkerd", "direction, deployment, status_code, error", `response_total{authority=~"${host}"}`),
  ];
  const pane = { datasource: "${datasource}", queries, range: { from: "${__from}", to: "${__to}" } };
  const panes = JSON.stringify({ meshlens: pane })
    .split(/(\$\{[^}]+\})/)
    .map((part) => (part.startsWith("${") ? part : encodeURIComponent(part)))
    .join("");
  return { title, url: `/explore?schemaVersion=1&orgId=1&panes=${panes}` };
}
