/** Meshlens itself: its sources, its answers, its evaluation of objectives, its process. */
import { meshlensDashboard } from "../dashboard.js";
import { banner } from "../meshlens-panels.js";
import { errorSteps, lines } from "../panels.js";
import { lineWindow } from "../promql/choice.js";
import { promql, type Target } from "../targets.js";

const rate = (metric: string, by: string, only = "") => `sum by (${by}) (rate(${metric}${only}[${lineWindow}]))`;
const p95 = (metric: string, by: string) => `histogram_quantile(0.95, ${rate(`${metric}_bucket`, `le, ${by}`)})`;
const one = (refId: string, expr: string, legend: string): Target[] => [promql(refId, expr, { legend })];
const job = '{job=~".*meshlens.*"}';

export const self = meshlensDashboard({
  name: "self",
  title: "Meshlens / Meshlens itself",
  description:
    "Whether Meshlens itself is well: calls to its sources, answers from its cache, its own answers, how late objectives are evaluated, its process.",
  rows: [
    {
      title: "Sources",
      panels: [
        banner(),
        lines({
          title: "Calls to sources",
          description: "Calls per second to each backend, by kind of question.",
          unit: "reqps",
          width: 8,
          targets: one(
            "calls",
            rate("meshlens_source_request_duration_seconds_count", "source, operation"),
            "{{source}} {{operation}}",
          ),
        }),
        lines({
          title: "Time of a call",
          description: "95 of 100 calls to a backend took at most this long, waiting for a free slot included.",
          unit: "s",
          width: 8,
          targets: one("call p95", p95("meshlens_source_request_duration_seconds", "source"), "{{source}}"),
        }),
        lines({
          title: "Failed calls to sources",
          description: "Failed calls per second, by source and code. Empty: none failed.",
          unit: "reqps",
          width: 8,
          steps: errorSteps,
          targets: one("call errors", rate("meshlens_source_errors_total", "source, code"), "{{source}} {{code}}"),
        }),
        lines({
          title: "Answers by origin",
          description:
            "Questions per second that went upstream (own), joined one under way, or were kept: viewers add to the last two only.",
          unit: "reqps",
          width: 12,
          isStacked: true,
          targets: one("origins", rate("meshlens_cache_answers_total", "origin"), "{{origin}}"),
        }),
        lines({
          title: "Calls that wait",
          description: "Calls to a backend that wait for a free slot.",
          unit: "none",
          width: 12,
          targets: one("waiting", "sum by (source) (meshlens_source_queue_depth)", "{{source}}"),
        }),
      ],
    },
    {
      title: "Answers",
      panels: [
        lines({
          title: "Operations",
          description: "GraphQL operations per second, by name.",
          unit: "reqps",
          width: 8,
          targets: one(
            "operations",
            rate("meshlens_graphql_operation_duration_seconds_count", "operation"),
            "{{operation}}",
          ),
        }),
        lines({
          title: "Time of an operation",
          description: "95 of 100 operations were answered within this time, by name.",
          unit: "s",
          width: 8,
          targets: one(
            "operation p95",
            p95("meshlens_graphql_operation_duration_seconds", "operation"),
            "{{operation}}",
          ),
        }),
        lines({
          title: "HTTP answers",
          description: "HTTP answers per second, by route and status.",
          unit: "reqps",
          width: 8,
          targets: one(
            "http",
            rate("meshlens_http_request_duration_seconds_count", "route, status"),
            "{{route}} {{status}}",
          ),
        }),
      ],
    },
    {
      title: "Objectives",
      panels: [
        lines({
          title: "Time since the last evaluation",
          description: "Age of what all objectives stand on; it should stay below the interval, 30 s by default.",
          unit: "s",
          width: 8,
          targets: one("evaluation age", "time() - max(meshlens_alert_last_evaluation_timestamp_seconds)", "age"),
        }),
        lines({
          title: "Time of an evaluation",
          description: "95 of 100 evaluations of all objectives took at most this long.",
          unit: "s",
          width: 8,
          targets: one(
            "evaluation p95",
            `histogram_quantile(0.95, sum by (le) (rate(meshlens_alert_loop_duration_seconds_bucket[${lineWindow}])))`,
            "p95",
          ),
        }),
        lines({
          title: "Evaluations that failed or were left out",
          description: "Evaluations per second that could not be stored or were skipped.",
          unit: "ops",
          width: 8,
          steps: errorSteps,
          targets: [
            ...one(
              "evaluation failures",
              `sum(rate(meshlens_alert_evaluation_failures_total[${lineWindow}]))`,
              "failed",
            ),
            ...one(
              "evaluations skipped",
              `sum(rate(meshlens_alert_evaluations_skipped_total[${lineWindow}]))`,
              "left out",
            ),
          ],
        }),
      ],
    },
    {
      title: "Process",
      panels: [
        lines({
          title: "Memory",
          description: "Resident memory of the process, and what counts of objectives take of it.",
          unit: "bytes",
          width: 8,
          targets: [
            ...one("resident", `process_resident_memory_bytes${job}`, "resident"),
            ...one("counts", "meshlens_slo_counts_bytes", "counts of objectives"),
          ],
        }),
        lines({
          title: "Processor time",
          description: "Cores used by the process.",
          unit: "none",
          width: 8,
          targets: one("cpu", `rate(process_cpu_seconds_total${job}[${lineWindow}])`, "cores"),
        }),
        lines({
          title: "Event loop",
          description: "How long the process was kept from answering, 99th percentile.",
          unit: "s",
          width: 8,
          targets: one("loop", `nodejs_eventloop_lag_p99_seconds${job}`, "p99"),
        }),
      ],
    },
  ],
});
