/** The variables of every dashboard, the Prometheus one first: tools that check dashboards look at the first datasource only. */
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { ruleWindow } from "./promql/choice.js";
import { prometheus } from "./targets.js";

/**
 * Reporters of a mesh's series: which mesh is a matcher on `reporter` (Istio) and `direction` (Linkerd). The texts are what the `grafana`
 * root is given.
 */
const meshes = [
  { text: "All", value: ".*", selected: true },
  { text: "Istio", value: "(source|destination|waypoint)", selected: false },
  { text: "Linkerd", value: "(outbound|inbound)", selected: false },
];

/** All of a mesh's hosts with what the other variables chose. */
function hosts(label: "service" | "namespace", chosen: string): string {
  const pattern = label === "service" ? "([^.]+)[.][^.]+[.]svc[.].*" : "[^.]+[.]([^.]+)[.]svc[.].*";
  const istio = `istio_requests_total{reporter=~"$mesh",destination_cluster=~"$cluster|unknown",destination_service=~"${chosen}"}`;
  const linkerd = `response_total{direction=~"$mesh",authority=~"${chosen}"}`;
  const named = (host: string, series: string) => `label_replace(${series}, "${label}", "$1", "${host}", "${pattern}")`;
  return `query_result(count by (${label}) (${named("destination_service", istio)} or ${named("authority", linkerd)}))`;
}

const rawOrRules = `query_result(label_replace(absent(meshlens:calls:rate${ruleWindow}), "raw", ".*", "", ""))`;

/** One value of many, or all. */
function chosen(name: string, label: string, description: string, query: string, regex: string): VariableModel {
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(prometheus)
    .query({ query, refId: `variable ${name}` })
    .definition(query)
    .regex(regex)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(false)
    .includeAll(true)
    .allValue(".*")
    .current({ text: "All", value: "$__all" })
    .build();
}

/** Variables all dashboards share; links between dashboards hand them on. */
export function sharedVariables(): readonly VariableModel[] {
  return [
    new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus").build(),
    new DatasourceVariableBuilder("meshlens")
      .label("Meshlens")
      .type("yesoreyeram-infinity-datasource")
      .regex("/meshlens/i")
      .build(),
    {
      ...new CustomVariableBuilder("mesh").label("Mesh").build(),
      query: meshes.map(({ text, value }) => `${text} : ${value}`).join(","),
      options: meshes,
      current: { text: "All", value: ".*" },
    },
    chosen(
      "cluster",
      "Cluster",
      "Istio's cluster of the called service; Linkerd's metrics name none.",
      'label_values(istio_requests_total{destination_cluster!="unknown"}, destination_cluster)',
      "",
    ),
    chosen(
      "namespace",
      "Namespace",
      "Namespace of the called service.",
      hosts("namespace", ".+[.]svc[.].*"),
      '/namespace="([^"]+)"/',
    ),
    chosen(
      "service",
      "Service",
      "The called service.",
      hosts("service", ".+[.]$namespace[.]svc[.].*"),
      '/service="([^"]+)"/',
    ),
  ];
}

/** Further variables of single dashboards. */
export const ownVariables = {
  /** Workload that calls, by name. */
  caller: (): VariableModel =>
    chosen(
      "caller",
      "Caller",
      "The calling workload.",
      'query_result(count by (caller) (label_replace(istio_requests_total{reporter=~"$mesh",destination_service=~"$service[.]$namespace[.]svc[.].*"}, "caller", "$1", "source_workload", "(.+)") or label_replace(response_total{direction="outbound",direction=~"$mesh",authority=~"$service[.]$namespace[.]svc[.].*"}, "caller", "$1", "deployment", "(.+)")))',
      '/caller="([^"]+)"/',
    ),
  /**
   * `.*` while Prometheus has none of our recording rules, else nothing: a matcher on it switches raw queries off. Hidden.
   * `absent` has no row where the rules are, and a variable without a value is empty text.
   */
  raw: (): VariableModel =>
    new QueryVariableBuilder("raw")
      .description("Whether raw series are read, because there are no recording rules of Meshlens.")
      .datasource(prometheus)
      .query({ query: rawOrRules, refId: "variable raw" })
      .definition(rawOrRules)
      .regex('/raw="([^"]*)"/')
      .refresh(VariableRefresh.OnDashboardLoad)
      .multi(false)
      .includeAll(false)
      .hide(VariableHide.HideVariable)
      .build(),
  /** Objective of the chosen service, by name. */
  slo: (): VariableModel =>
    chosen(
      "slo",
      "Objective",
      "Objective of the service.",
      'label_values(meshlens_slo_objective_ratio{namespace=~"$namespace",service=~"$service"}, slo)',
      "",
    ),
};
