/** The workloads behind a service: versions side by side, and what their proxies cost. */
import { meshlensDashboard } from "../dashboard.js";
import { changeTable } from "../meshlens-panels.js";
import { errorSteps, lines } from "../panels.js";
import { perMesh } from "../per-mesh.js";
import { chosenHost, lineWindow } from "../promql/choice.js";
import { promql } from "../targets.js";

const istioVersion = "destination_workload, destination_version";
const istio = `reporter=~"$mesh",reporter=~"destination|waypoint",destination_cluster=~"$cluster|unknown",destination_service=~"${chosenHost}"`;
const linkerd = `direction=~"$mesh",direction="inbound",authority=~"${chosenHost}"`;
const legend = "{{destination_workload}} {{destination_version}}{{deployment}}";
const proxies = 'container=~"istio-proxy|linkerd-proxy",namespace=~"$namespace",pod=~"$service-.*"';

const istioRate = (only = "", metric = "istio_requests_total", by = istioVersion) =>
  `sum by (${by}) (rate(${metric}{${istio}${only}}[${lineWindow}]))`;
const linkerdRate = (only = "", metric = "response_total", by = "deployment") =>
  `sum by (${by}) (rate(${metric}{${linkerd}${only}}[${lineWindow}]))`;
const ratio = (rate: (only?: string) => string, only: string) => `(${rate(only)} or 0 * ${rate()}) / (${rate()} > 0)`;

export const workload = meshlensDashboard({
  name: "workload",
  title: "Meshlens / Workload",
  description:
    "Versions of a service side by side, as their own proxies see them, and what the proxies take: for a canary and after a rollout.",
  rows: [
    {
      title: "Versions side by side",
      panels: [
        lines({
          title: "Calls by version",
          description: "Calls per second that reached each workload.",
          unit: "reqps",
          width: 12,
          targets: perMesh("version calls", istioRate(), linkerdRate(), { legend }),
        }),
        lines({
          title: "Share of the calls",
          description: "Share of the service's calls that each workload got: the split of a canary as it really is.",
          unit: "percentunit",
          width: 12,
          max: 1,
          targets: perMesh(
            "version share",
            `${istioRate()} / ignoring (destination_workload, destination_version) group_left () (sum(rate(istio_requests_total{${istio}}[${lineWindow}])) > 0)`,
            `${linkerdRate()} / ignoring (deployment) group_left () (sum(rate(response_total{${linkerd}}[${lineWindow}])) > 0)`,
            { legend },
          ),
        }),
        lines({
          title: "Failures by version",
          description: "Share of the calls that reached a workload and failed there. A gap is a time without calls.",
          unit: "percentunit",
          width: 12,
          steps: errorSteps,
          targets: perMesh(
            "version errors",
            ratio(istioRate, ',response_code=~"5..|0"'),
            ratio(linkerdRate, ',classification="failure"'),
            { legend },
          ),
        }),
        lines({
          title: "95th percentile by version",
          description: "Durations as the workloads' own proxies saw them.",
          unit: "ms",
          width: 12,
          targets: perMesh(
            "version p95",
            `histogram_quantile(0.95, ${istioRate("", "istio_request_duration_milliseconds_bucket", `le, ${istioVersion}`)})`,
            `histogram_quantile(0.95, ${linkerdRate("", "response_latency_ms_bucket", "le, deployment")})`,
            { legend },
          ),
        }),
        changeTable(24),
      ],
    },
    {
      title: "Proxies",
      panels: [
        lines({
          title: "Processor time of the proxies",
          description: "Cores used by the proxies of the service's pods, from cAdvisor (kubelet).",
          unit: "none",
          width: 12,
          targets: [
            promql("proxy cpu", `sum by (pod) (rate(container_cpu_usage_seconds_total{${proxies}}[${lineWindow}]))`, {
              legend: "{{pod}}",
            }),
          ],
        }),
        lines({
          title: "Memory of the proxies",
          description: "Working set of the proxies of the service's pods, from cAdvisor (kubelet).",
          unit: "bytes",
          width: 12,
          targets: [
            promql("proxy memory", `sum by (pod) (container_memory_working_set_bytes{${proxies}})`, {
              legend: "{{pod}}",
            }),
          ],
        }),
      ],
    },
  ],
});
