/** One edge, from a calling workload to a service: both proxies side by side. */
import { meshlensDashboard } from "../dashboard.js";
import { errorSteps, lines, stat } from "../panels.js";
import { calls, errorRatio, latency, perMesh } from "../per-mesh.js";
import { type Choice, chosenHost, lineWindow, wholeRange } from "../promql/choice.js";
import { istioAttempts, istioCalls, istioChosen } from "../promql/istio.js";
import { linkerdCalls } from "../promql/linkerd.js";
import { ownVariables } from "../variables.js";

const withCaller: Choice = { withCaller: true };
const whole: Choice = { ...withCaller, window: wholeRange };
const istio = istioChosen(withCaller);
const istioServer = `reporter="destination",${istio}`;
const linkerdServer = `direction="inbound",direction=~"$mesh",authority=~"${chosenHost}",client_id=~"$caller[.].*|$caller"`;
const rate = (metric: string, only: string, by = "") => `sum${by}(rate(${metric}{${only}}[${lineWindow}]))`;

export const edge = meshlensDashboard({
  name: "edge",
  title: "Meshlens / Edge",
  description:
    "One edge, from a calling workload to a service, as the caller's proxy and as the server's proxy see it: they differ exactly when calls are retried, lost or time out.",
  variables: [ownVariables.caller()],
  rows: [
    {
      title: "Over the range",
      panels: [
        stat({
          title: "Calls",
          description: "Calls per second of the edge, as the caller's proxy saw them.",
          unit: "reqps",
          width: 8,
          targets: calls("", whole),
        }),
        stat({
          title: "Failed calls",
          description: "Share of the edge's calls that failed. Empty without calls.",
          unit: "percentunit",
          width: 8,
          steps: errorSteps,
          targets: errorRatio("", whole),
        }),
        stat({
          title: "95th percentile",
          description: "95 of 100 calls of the edge took at most this long.",
          unit: "ms",
          width: 8,
          targets: latency(0.95, "", whole),
        }),
      ],
    },
    {
      title: "Both proxies",
      panels: [
        lines({
          title: "Calls and attempts",
          description:
            "Calls by the caller's proxy, attempts by the server's: more attempts are retries, fewer are calls that never arrived.",
          unit: "reqps",
          width: 12,
          targets: [
            ...calls("caller's proxy", withCaller),
            ...perMesh("attempts", istioAttempts(withCaller), rate("response_total", linkerdServer), {
              legend: "server's proxy",
            }),
          ],
        }),
        lines({
          title: "Failed calls by both proxies",
          description:
            "Share of failures as the caller's and as the server's proxy saw it. A caller that gives up fails at its own proxy only.",
          unit: "percentunit",
          width: 12,
          steps: errorSteps,
          targets: [
            ...errorRatio("caller's proxy", withCaller),
            ...perMesh(
              "server errors",
              failedShare("istio_requests_total", istioServer, 'response_code=~"5..|0"'),
              failedShare("response_total", linkerdServer, 'classification="failure"'),
              { legend: "server's proxy" },
            ),
          ],
        }),
        lines({
          title: "95th percentile by both proxies",
          description:
            "Durations at the caller include the network, retries and injected delays; at the server they do not.",
          unit: "ms",
          width: 12,
          targets: [
            ...latency(0.95, "caller's proxy", withCaller),
            ...perMesh(
              "server p95",
              `histogram_quantile(0.95, ${rate("istio_request_duration_milliseconds_bucket", istioServer, " by (le) ")})`,
              `histogram_quantile(0.95, ${rate("response_latency_ms_bucket", linkerdServer, " by (le) ")})`,
              { legend: "server's proxy" },
            ),
          ],
        }),
        lines({
          title: "Codes and flags",
          description:
            "The edge's calls by status and by Envoy's flags or Linkerd's errors, as the caller's proxy saw them.",
          unit: "reqps",
          width: 12,
          isStacked: true,
          targets: perMesh(
            "codes",
            istioCalls({ ...withCaller, by: ["response_code", "response_flags"] }),
            linkerdCalls({ ...withCaller, by: ["status_code", "error"] }),
            { legend: "{{response_code}} {{response_flags}}{{status_code}} {{error}}" },
          ),
        }),
      ],
    },
  ],
});

function failedShare(metric: string, chosen: string, failed: string): string {
  const all = rate(metric, chosen);
  return `(${rate(metric, `${chosen},${failed}`)} or 0 * ${all}) / (${all} > 0)`;
}
