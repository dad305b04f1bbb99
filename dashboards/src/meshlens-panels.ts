/** Panels of Meshlens' own rows that several dashboards show. */
import { exploreCodes, toServiceOf, urlIn } from "./links.js";
import { budgetSteps, errorSteps, logLines, type PlacedPanel, type Steps, table } from "./panels.js";
import { type Column, rows, variable } from "./targets.js";

const unit = (id: string) => ({ id: "unit", value: id });
const scale = (steps: Steps) => ({
  id: "thresholds",
  value: { mode: "absolute", steps: steps.map(([value, color]) => ({ value, color })) },
});
const columnWidth = (pixels: number) => ({ id: "custom.width", value: pixels });
const cell = (type: string) => ({ id: "custom.cellOptions", value: { type } });
const columnsOf = (types: Readonly<Record<string, Column[1]>>): Column[] =>
  Object.entries(types).map(([name, type]) => [name, type]);

/** Which sources answer: what is not OK here is missing from everything below. */
export function banner(): PlacedPanel {
  return table({
    title: "Sources of Meshlens",
    description:
      "State of each backend Meshlens reads. A source that is not OK is missing from all panels of the Meshlens datasource, whose rows say so in their status column.",
    unit: "none",
    width: 24,
    height: 4,
    targets: [
      rows({
        list: "sources",
        columns: columnsOf({
          name: "string",
          kind: "string",
          status: "string",
          latencyMs: "number",
          time: "timestamp_epoch",
        }),
      }),
    ],
    order: { name: "Source", kind: "Kind", status: "Status", latencyMs: "Answers in", time: "Looked at" },
    overrides: [
      { field: "Answers in", properties: [unit("ms")] },
      { field: "Looked at", properties: [unit("dateTimeFromNow")] },
    ],
  });
}

/** Services with their golden signals. */
export function serviceTable(title: string, width: number, height = 9): PlacedPanel {
  return table({
    title,
    height,
    description:
      "Golden signals over the whole range as callers saw them, with the worst objective. Empty: no calls, which is neither 0 % nor 100 %.",
    unit: "none",
    width,
    targets: [
      rows({
        list: `services(service: ${variable("service")})`,
        columns: columnsOf({
          namespace: "string",
          service: "string",
          requestsPerSecond: "number",
          errorRatio: "number",
          p50Ms: "number",
          p95Ms: "number",
          p99Ms: "number",
          sloState: "string",
          budgetRemaining: "number",
          status: "string",
        }),
      }),
    ],
    order: {
      namespace: "Namespace",
      service: "Service",
      requestsPerSecond: "Calls/s",
      errorRatio: "Failed",
      p50Ms: "p50",
      p95Ms: "p95",
      p99Ms: "p99",
      sloState: "Objectives",
      budgetRemaining: "Budget left",
      status: "Status",
    },
    sortBy: "Failed",
    links: [
      toServiceOf("service", "Service", "Namespace", "Service"),
      toServiceOf("investigation", "Investigate", "Namespace", "Service"),
      toServiceOf("slo", "Objectives", "Namespace", "Service"),
      exploreCodes("Codes in Explore", "Namespace", "Service"),
    ],
    overrides: [
      { field: "Calls/s", properties: [unit("reqps")] },
      { field: "Failed", properties: [unit("percentunit"), scale(errorSteps), cell("color-background")] },
      ...["p50", "p95", "p99"].map((field) => ({ field, properties: [unit("ms")] })),
      { field: "Budget left", properties: [unit("percentunit"), scale(budgetSteps), cell("color-text")] },
    ],
  });
}

/** Incidents of the range. */
export function alertTable(width: number): PlacedPanel {
  return table({
    title: "Incidents",
    height: 6,
    description: "Incidents of objectives that overlap the range, newest first.",
    unit: "none",
    width,
    targets: [
      rows({
        list: `alerts(service: ${variable("service")})`,
        columns: columnsOf({
          time: "timestamp_epoch",
          severity: "string",
          state: "string",
          namespace: "string",
          service: "string",
          slo: "string",
          text: "string",
        }),
      }),
    ],
    order: {
      time: "Since",
      severity: "Severity",
      state: "State",
      namespace: "Namespace",
      service: "Service",
      slo: "Objective",
      text: "Summary",
    },
    links: [toServiceOf("investigation", "Investigate", "Namespace", "Service")],
  });
}

/** Changes of the range. */
export function changeTable(width: number): PlacedPanel {
  return table({
    title: "Changes",
    height: 6,
    description:
      "What was changed in Kubernetes near the services, newest first: configuration of the mesh, rollouts, restarts.",
    unit: "none",
    width,
    targets: [
      rows({
        list: `changes(service: ${variable("service")})`,
        columns: columnsOf({
          time: "timestamp_epoch",
          title: "string",
          text: "string",
          namespace: "string",
          status: "string",
        }),
      }),
    ],
    order: { time: "At", title: "Object", text: "Change", namespace: "Namespace", status: "Status" },
  });
}

/** Traces of the service. */
export function traceTable(title: string, width: number, errorsOnly: boolean): PlacedPanel {
  return table({
    title,
    description: errorsOnly
      ? "Traces with a failed span, newest first. The id leads to Jaeger or Zipkin, the last column to the log lines in Kibana. Choose a service."
      : "Traces that took longer than 500 ms, newest first. The id leads to Jaeger or Zipkin, the last column to Kibana. Choose a service.",
    unit: "none",
    width,
    targets: [
      rows({
        list: `traces(service: ${variable("service")}, ${errorsOnly ? "errorsOnly: true" : "minDurationMs: 500"})`,
        columns: columnsOf({
          startTime: "timestamp_epoch",
          traceId: "string",
          operation: "string",
          durationMs: "number",
          spanCount: "number",
          errorCount: "number",
          services: "string",
          url: "string",
          kibanaUrl: "string",
          status: "string",
        }),
      }),
    ],
    order: {
      startTime: "Start",
      traceId: "Trace",
      operation: "Operation",
      durationMs: "Duration",
      spanCount: "Spans",
      errorCount: "Errors",
      services: "Services",
      url: "UI",
      kibanaUrl: "Kibana",
      status: "Status",
    },
    overrides: [
      { field: "Duration", properties: [unit("ms")] },
      { field: "Trace", properties: [urlIn("UI", "Open the trace")] },
      { field: "UI", properties: [columnWidth(90)] },
      { field: "Kibana", properties: [urlIn("Kibana", "Log lines of the trace"), columnWidth(90)] },
    ],
  });
}

/** Log lines of the service. */
export function serviceLogs(width: number): PlacedPanel {
  return logLines({
    title: "Warnings and errors in the logs",
    description:
      "Lines of the service from level WARN on, newest first, with the trace they belong to. Choose a service.",
    unit: "none",
    width,
    targets: [
      rows({
        list: `logs(service: ${variable("service")}, levels: [FATAL, ERROR, WARN])`,
        format: "logs",
        columns: columnsOf({
          timestamp: "timestamp_epoch",
          body: "string",
          level: "string",
          id: "string",
          pod: "string",
          container: "string",
          traceId: "string",
          kibanaUrl: "string",
          status: "string",
        }),
      }),
    ],
    overrides: [
      { field: "traceId", properties: [urlIn("kibanaUrl", "In Kibana")] },
      { field: "kibanaUrl", properties: [urlIn("kibanaUrl", "In Kibana")] },
    ],
  });
}

/** The same question elsewhere. */
export function linkTable(width: number): PlacedPanel {
  return table({
    title: "Elsewhere",
    description: "The service over this range in Prometheus, Jaeger, Zipkin and Kibana. Choose a service.",
    unit: "none",
    width,
    targets: [
      rows({
        list: `links(service: ${variable("service")})`,
        columns: columnsOf({ kind: "string", name: "string", url: "string", service: "string" }),
      }),
    ],
    order: { kind: "UI", name: "What", service: "Service", url: "URL" },
    overrides: [{ field: "What", properties: [urlIn("URL", "Open")] }],
  });
}
