/** One service: what its callers get, what its own proxies see, by code, version and caller. */
import { meshlensDashboard } from "../dashboard.js";
import { banner, serviceLogs, serviceTable, traceTable } from "../meshlens-panels.js";
import { errorSteps, lines, stat } from "../panels.js";
import { attempts, calls, errorRatio, latency, perMesh } from "../per-mesh.js";
import { lineWindow, wholeRange } from "../promql/choice.js";
import { istioCalls, istioChosen } from "../promql/istio.js";
import { linkerdCalls, linkerdChosen } from "../promql/linkerd.js";

const window = wholeRange;
const flags = 'response_flags!="-"';

export const service = meshlensDashboard({
  name: "service",
  title: "Meshlens / Service",
  description:
    "One service as its callers see it and as its own proxies see it: calls, failures, latency, codes, flags, callers.",
  rows: [
    {
      title: "Over the range",
      panels: [
        stat({
          title: "Calls",
          description:
            "Calls per second, each counted once: by the waypoint, else by the caller's proxy, else by the server's.",
          unit: "reqps",
          width: 4,
          targets: calls("", { window }),
        }),
        stat({
          title: "Failed calls",
          description:
            "Share of calls that failed: 5xx, no answer, or a gRPC status that blames the server. Empty without calls.",
          unit: "percentunit",
          width: 5,
          steps: errorSteps,
          targets: errorRatio("", { window }),
        }),
        ...[0.5, 0.95, 0.99].map((quantile) =>
          stat({
            title: `p${Math.round(quantile * 100)}`,
            description: `${Math.round(quantile * 100)} of 100 calls took at most this long, as their callers saw it.`,
            unit: "ms",
            width: 5,
            targets: latency(quantile, "", { window }),
          }),
        ),
        serviceTable("The same by Meshlens", 24, 4),
      ],
    },
    {
      title: "As callers see it",
      panels: [
        lines({
          title: "Calls by code",
          description: "Calls per second by HTTP status; 0 is a call that got no answer.",
          unit: "reqps",
          width: 8,
          isStacked: true,
          targets: perMesh(
            "codes",
            istioCalls({ by: ["response_code"] }),
            linkerdCalls({ by: ["status_code", "classification"] }),
            { legend: "{{response_code}}{{status_code}} {{classification}}" },
          ),
        }),
        lines({
          title: "Failed calls over time",
          description: "Share of failed calls. A gap is a time without calls.",
          unit: "percentunit",
          width: 8,
          steps: errorSteps,
          targets: errorRatio("failed"),
        }),
        lines({
          title: "Latency",
          description: "Quantiles of the calls' durations as their callers saw them.",
          unit: "ms",
          width: 8,
          targets: [0.5, 0.95, 0.99].flatMap((q) => latency(q, `p${Math.round(q * 100)}`)),
        }),
        lines({
          title: "Calls by caller",
          description: "Calls per second by calling workload.",
          unit: "reqps",
          width: 8,
          targets: perMesh(
            "callers",
            istioCalls({ by: ["source_workload"] }),
            linkerdCalls({ by: ["deployment"] }, 'direction="outbound"'),
            { legend: "{{source_workload}}{{deployment}}" },
          ),
        }),
        lines({
          title: "Response flags",
          description:
            "Calls per second that Envoy marked: UH no endpoint, UF connection failed, UT timeout, DC caller gone, FI fault injected, RBAC denied. Linkerd: its own words for errors.",
          unit: "reqps",
          width: 8,
          targets: perMesh(
            "flags",
            istioCalls({ by: ["response_flags"] }, flags),
            `sum by (error, direction) (rate(response_total{${linkerdChosen()},error!=""}[${lineWindow}]))`,
            { legend: "{{response_flags}}{{error}} {{direction}}" },
          ),
        }),
        lines({
          title: "gRPC status",
          description: "gRPC calls per second by status; 0 is OK. Empty where no call is gRPC.",
          unit: "reqps",
          width: 8,
          targets: perMesh(
            "grpc",
            istioCalls({ by: ["grpc_response_status"] }, 'request_protocol="grpc"'),
            linkerdCalls({ by: ["grpc_status"] }, 'grpc_status!=""'),
            { legend: "{{grpc_response_status}}{{grpc_status}}" },
          ),
        }),
      ],
    },
    {
      title: "As its own proxies see it",
      panels: [
        lines({
          title: "Calls and attempts",
          description:
            "Calls by their callers against attempts at the server: more attempts are retries, fewer are calls that never arrived.",
          unit: "reqps",
          width: 12,
          targets: [...calls("calls"), ...attempts("attempts")],
        }),
        lines({
          title: "Mutual TLS",
          description:
            "Share of the calls that came in over mutual TLS, by the server's proxies. A gap is a time without calls.",
          unit: "percentunit",
          width: 12,
          max: 1,
          targets: perMesh(
            "mutual tls",
            share(
              'istio_requests_total{reporter=~"destination|waypoint"',
              istioChosen(),
              'connection_security_policy="mutual_tls"',
            ),
            share(
              'response_total{direction="inbound"',
              'direction=~"$mesh",authority=~"$service[.]$namespace[.]svc[.].*"',
              'tls="true"',
            ),
            { legend: "mutual TLS" },
          ),
        }),
      ],
    },
    {
      title: "Evidence",
      panels: [traceTable("Failed traces", 24, true), serviceLogs(24), banner()],
    },
  ],
});

function share(series: string, chosen: string, only: string): string {
  const sum = (more: string) => `sum(rate(${series},${chosen}${more}}[${lineWindow}]))`;
  return `(${sum(`,${only}`)} or 0 * ${sum("")}) / (${sum("")} > 0)`;
}
