/** From a service that misbehaves to its cause: signals, changes, traces, logs on one page. */
import { meshlensDashboard } from "../dashboard.js";
import {
  alertTable,
  banner,
  changeTable,
  linkTable,
  serviceLogs,
  serviceTable,
  traceTable,
} from "../meshlens-panels.js";
import { errorSteps, lines } from "../panels.js";
import { errorRatio, latency, perMesh } from "../per-mesh.js";
import { istioCalls, istioLatency } from "../promql/istio.js";
import { linkerdCalls, linkerdLatency } from "../promql/linkerd.js";
import { rows, variable } from "../targets.js";

export const investigation = meshlensDashboard({
  name: "investigation",
  title: "Meshlens / Investigation",
  description:
    "From a service that misbehaves to its cause: its signals, what it calls, what was changed, failed and slow traces, and log lines that lead to each other.",
  rows: [
    {
      title: "What is wrong",
      panels: [
        banner(),
        serviceTable("Golden signals", 24, 4),
        lines({
          title: "Failed calls",
          description: "Share of failed calls as callers saw them. A gap is a time without calls.",
          unit: "percentunit",
          width: 8,
          steps: errorSteps,
          targets: errorRatio("failed"),
        }),
        lines({
          title: "95th percentile",
          description: "95 of 100 calls took at most this long, as callers saw them.",
          unit: "ms",
          width: 8,
          targets: latency(0.95, "p95"),
        }),
        lines({
          title: "Latency by Meshlens",
          description: "The same quantile as the API gives it, of the chosen services.",
          unit: "ms",
          width: 8,
          targets: [
            rows({
              list: `series(measure: LATENCY_P95, service: ${variable("service")})`,
              format: "timeseries",
              columns: [
                ["time", "timestamp_epoch"],
                ["service", "string"],
                ["value", "number"],
              ],
            }),
          ],
        }),
      ],
    },
    {
      title: "What it calls",
      panels: [
        lines({
          title: "Failures of what it calls",
          description:
            "Calls per second by the service that failed, by the called host: a cause further down shows here first.",
          unit: "reqps",
          width: 12,
          targets: perMesh(
            "calls out",
            istioCalls({ side: "calling", by: ["destination_service_name"] }, 'response_code=~"5..|0"'),
            linkerdCalls({ side: "calling", by: ["authority"] }, 'classification="failure"'),
            { legend: "{{destination_service_name}}{{authority}}" },
          ),
        }),
        lines({
          title: "95th percentile of what it calls",
          description: "Durations of the calls the service makes, by the called host.",
          unit: "ms",
          width: 12,
          targets: perMesh(
            "p95 out",
            istioLatency(0.95, { side: "calling", by: ["destination_service_name"] }),
            linkerdLatency(0.95, { side: "calling", by: ["authority"] }),
            { legend: "{{destination_service_name}}{{authority}}" },
          ),
        }),
      ],
    },
    { title: "What happened", panels: [alertTable(24), changeTable(24)] },
    { title: "Traces", panels: [traceTable("Failed traces", 24, true), traceTable("Slow traces", 24, false)] },
    { title: "Logs", panels: [serviceLogs(16), linkTable(8)] },
  ],
});
