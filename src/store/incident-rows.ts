/** Incidents between their rows and their records, and the filters of their lists. Called by the repository of alerts. */
import { type ExpressionBuilder, type ExpressionWrapper, type Kysely, type SqlBool, sql } from "kysely";
import type { Visibility } from "../telemetry/visibility.js";
import type { IncidentFilter, IncidentKey, IncidentRecord, StoredIncident } from "./alert-store.js";
import { decodeJson, encodeJson } from "./json-text.js";
import type { IncidentRow, Tables } from "./tables.js";

type Condition = ExpressionWrapper<Tables, "incident", SqlBool>;

/** The row of a new incident. */
export function incidentRow(incident: IncidentRecord): IncidentRow {
  return {
    id: incident.id,
    objective_id: incident.objectiveId,
    cluster: incident.service.cluster,
    namespace: incident.service.namespace,
    service: incident.service.name,
    state: incident.state,
    severity: incident.severity,
    started_ms: incident.startedAtMs,
    recovered_ms: incident.recoveredAtMs,
    resolved_ms: incident.resolvedAtMs,
    payload: encodeJson(incident.payload),
    acknowledged_by: null,
    acknowledged_ms: null,
    silenced_by: null,
    silenced_ms: null,
    silenced_until_ms: null,
  };
}

/** The columns an evaluation overwrites in an incident that is there already: all but people's. */
export const evaluatedColumns = [
  "objective_id",
  "cluster",
  "namespace",
  "service",
  "state",
  "severity",
  "started_ms",
  "recovered_ms",
  "resolved_ms",
  "payload",
] as const satisfies readonly (keyof IncidentRow)[];

/** The incident of a row. */
export function incidentOf(row: IncidentRow): StoredIncident {
  const { acknowledged_by: seenBy, acknowledged_ms: seenMs, silenced_by: mutedBy, silenced_ms: mutedMs } = row;
  return {
    id: row.id,
    objectiveId: row.objective_id,
    service: { cluster: row.cluster, namespace: row.namespace, name: row.service },
    state: row.state,
    severity: row.severity,
    startedAtMs: row.started_ms,
    recoveredAtMs: row.recovered_ms,
    resolvedAtMs: row.resolved_ms,
    payload: decodeJson(row.payload),
    acknowledged: seenBy === null || seenMs === null ? null : { by: seenBy, atMs: seenMs },
    silence:
      mutedBy === null || mutedMs === null ? null : { by: mutedBy, atMs: mutedMs, untilMs: row.silenced_until_ms },
  };
}

/** Incidents a filter and a caller's visibility leave. */
export function selectIncidents(db: Kysely<Tables>, filter: IncidentFilter, visibility: Visibility) {
  return db.selectFrom("incident").where((builder) => builder.and(conditions(builder, filter, visibility)));
}

/** What comes after a key, newest start first, then by id descending. */
export function afterKey(builder: ExpressionBuilder<Tables, "incident">, { startedAtMs, id }: IncidentKey): Condition {
  return builder.or([
    builder("started_ms", "<", startedAtMs),
    builder.and([builder("started_ms", "=", startedAtMs), builder("id", "<", id)]),
  ]);
}

function conditions(
  builder: ExpressionBuilder<Tables, "incident">,
  filter: IncidentFilter,
  visibility: Visibility,
): Condition[] {
  const within: Condition[] = [];
  const oneOf = (column: "state" | "severity" | "namespace" | "objective_id", values?: readonly string[]) => {
    if (values !== undefined) within.push(isOneOf(builder, column, values));
  };
  oneOf("state", filter.states);
  oneOf("severity", filter.severities);
  oneOf("namespace", filter.namespaces);
  oneOf("objective_id", filter.objectiveIds);
  if (visibility.namespaces !== "all") oneOf("namespace", [...visibility.namespaces]);
  if (filter.services !== undefined) {
    const services = filter.services.map(({ cluster, namespace, name }) =>
      builder.and([
        ...(cluster === null ? [] : [builder("cluster", "=", cluster)]),
        builder("namespace", "=", namespace),
        builder("service", "=", name),
      ]),
    );
    within.push(services.length === 0 ? nothing(builder) : builder.or(services));
  }
  return within;
}

function isOneOf(
  builder: ExpressionBuilder<Tables, "incident">,
  column: "state" | "severity" | "namespace" | "objective_id",
  values: readonly string[],
): Condition {
  return values.length === 0 ? nothing(builder) : builder.and([builder(column, "in", values)]);
}

/** `in ()` is no SQL. */
function nothing(builder: ExpressionBuilder<Tables, "incident">): Condition {
  return builder.and([sql<SqlBool>`1 = 0`]);
}
