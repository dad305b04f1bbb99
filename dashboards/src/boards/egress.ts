/** What leaves and enters the mesh: external hosts, blocked and unknown egress, gateways, connections. */
import { meshlensDashboard } from "../dashboard.js";
import { lines } from "../panels.js";
import { perMesh } from "../per-mesh.js";
import { lineWindow, matchers } from "../promql/choice.js";
import { promql } from "../targets.js";

const outside =
  'reporter="source",reporter=~"$mesh",destination_service!~".*[.]svc[.].*",source_workload_namespace=~"$namespace"';
const linkerdOutside =
  'direction="outbound",direction=~"$mesh",peer="dst",namespace=~"$namespace",authority!~".*[.]svc[.].*"';
const gateway =
  'reporter="source",reporter=~"$mesh",source_workload=~"istio-(ingress|egress)gateway.*|.*-gateway-istio"';
const rate = (metric: string, only: string, by: string) => `sum by (${by}) (rate(${metric}{${only}}[${lineWindow}]))`;
const host = "source_workload, destination_service_name";
const legend = "{{source_workload}}{{deployment}} → {{destination_service_name}}{{authority}}";

export const egress = meshlensDashboard({
  name: "egress",
  title: "Meshlens / Egress and gateways",
  description:
    "What leaves the mesh and what enters it: connections and bytes to external hosts, egress that was blocked or is undeclared, traffic of the gateways.",
  rows: [
    {
      title: "Out of the mesh",
      panels: [
        lines({
          title: "Connections to external hosts",
          description:
            "Connections opened per second, by who opens them. BlackHoleCluster: blocked; PassthroughCluster: let through undeclared.",
          unit: "cps",
          width: 12,
          targets: perMesh(
            "opened",
            rate("istio_tcp_connections_opened_total", outside, host),
            rate("tcp_open_total", linkerdOutside, "deployment, authority"),
            { legend },
          ),
        }),
        lines({
          title: "Bytes to external hosts",
          description: "Bytes per second sent to external hosts. Istio counts them as received by the caller's proxy.",
          unit: "Bps",
          width: 12,
          targets: perMesh(
            "bytes out",
            rate("istio_tcp_received_bytes_total", outside, host),
            rate("tcp_write_bytes_total", linkerdOutside, "deployment, authority"),
            { legend },
          ),
        }),
        lines({
          title: "Failed connections",
          description: "Connections per second that were closed with a failure: blocked, refused, broken.",
          unit: "cps",
          width: 12,
          targets: perMesh(
            "failed connections",
            rate(
              "istio_tcp_connections_closed_total",
              matchers(outside, 'response_flags!="-"'),
              `${host}, response_flags`,
            ),
            rate("tcp_close_total", matchers(linkerdOutside, 'errno!=""'), "deployment, authority, errno"),
            { legend: `${legend} {{response_flags}}{{errno}}` },
          ),
        }),
        lines({
          title: "Blocked and undeclared egress",
          description:
            "Connections per second to hosts no ServiceEntry declares: Istio's black hole (blocked) and passthrough, Linkerd's connections without an authority.",
          unit: "cps",
          width: 12,
          targets: perMesh(
            "undeclared",
            rate(
              "istio_tcp_connections_opened_total",
              matchers(outside, 'destination_service_name=~"BlackHoleCluster|PassthroughCluster"'),
              host,
            ),
            rate(
              "tcp_open_total",
              'direction="outbound",direction=~"$mesh",peer="dst",namespace=~"$namespace",authority=""',
              "deployment",
            ),
            { legend },
          ),
        }),
      ],
    },
    {
      title: "Gateways",
      panels: [
        lines({
          title: "Calls through the gateways",
          description: "Calls per second of Istio's gateways, by the called service and status.",
          unit: "reqps",
          width: 12,
          targets: [
            promql(
              "istio gateway calls",
              rate("istio_requests_total", gateway, "source_workload, destination_service_name, response_code"),
              {
                legend: "{{source_workload}} → {{destination_service_name}} {{response_code}}",
              },
            ),
          ],
        }),
        lines({
          title: "95th percentile through the gateways",
          description: "Durations as the gateways saw them, by the called service.",
          unit: "ms",
          width: 12,
          targets: [
            promql(
              "istio gateway p95",
              `histogram_quantile(0.95, ${rate("istio_request_duration_milliseconds_bucket", gateway, "le, destination_service_name")})`,
              { legend: "{{destination_service_name}}" },
            ),
          ],
        }),
      ],
    },
  ],
});
