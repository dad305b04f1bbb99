/** Incidents and changes as annotations: `time` <= `timeEnd`, a title, tags. Pure; called by the resolvers of the `grafana` root. */
import type { Incident } from "../alerting/alert-desk.js";
import { readIncidentFacts } from "../alerting/stored-alert.js";
import type { ServiceChange } from "../mesh/mesh.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import { names } from "./service-rows.js";

const severityColors: Readonly<Record<string, string>> = { PAGE: "red", TICKET: "orange" };

/** The annotation of an incident; null where it does not overlap the window. An open one lasts until `nowMs`. */
export function alertRow(incident: Incident, window: TimeWindow, nowMs: number) {
  const { startedAtMs, resolvedAtMs, service, state, severity } = incident;
  const timeEnd = Math.max(startedAtMs, resolvedAtMs ?? nowMs);
  if (startedAtMs > window.toMs || timeEnd <= window.fromMs) return null;
  const { summary, objectiveName } = readIncidentFacts(incident);
  return {
    id: incident.id,
    time: startedAtMs,
    timeEnd,
    title: `${severity} ${service.namespace}/${service.name}: ${objectiveName} ${state.toLowerCase()}`,
    text: summary,
    tags: ["meshlens", "alert", severity.toLowerCase(), state.toLowerCase()].join(","),
    color: resolvedAtMs === null ? (severityColors[severity] ?? "red") : "gray",
    ...names(service),
    slo: objectiveName,
    state,
    severity,
    status: "OK",
  };
}

/** The annotation of a change. */
export function changeRow(change: ServiceChange, status: string) {
  const { id, atMs, kind, namespace, name, summary, detail } = change;
  return {
    id,
    time: Math.floor(atMs),
    timeEnd: Math.floor(atMs),
    title: [kind, name].filter((part) => part !== "").join(" "),
    text: detail === null ? summary : `${summary}\n${detail}`,
    tags: ["meshlens", "change", kind.toLowerCase()].join(","),
    color: "blue",
    kind,
    namespace,
    name,
    status,
  };
}
