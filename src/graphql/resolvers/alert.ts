/** Resolvers of incidents. */
import type { Incident } from "../../alerting/alert-desk.js";
import { readIncidentFacts } from "../../alerting/stored-alert.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { GraphqlContext } from "../context.js";
import { alertCursor, alertOfCursor } from "../cursors.js";
import type {
  AlertFilter,
  AlertResolvers,
  AlertState,
  QueryAlertsArgs,
  Severity,
} from "../generated/resolver-types.js";
import { alertId } from "../ids.js";
import { noneConfigured } from "../none-configured.js";
import type { AlertParent } from "../parents.js";
import { windowOf } from "../window-of.js";

export const alertResolvers: AlertResolvers = {
  id: ({ incident }) => alertId(incident.id),
  state: ({ incident }) => incident.state as AlertState,
  dataState: ({ incident }, _, context) => {
    const now = incident.resolvedAtMs === null ? statusOf(context, incident) : null;
    return now?.dataState ?? readIncidentFacts(incident).dataState;
  },
  severity: ({ incident }) => incident.severity as Severity,
  summary: ({ incident }) => readIncidentFacts(incident).summary,
  service: ({ incident, window }) => ({ ref: incident.service, window }),
  slo: ({ incident, window }, _, context) => {
    const status = statusOf(context, incident);
    return status && { status, window };
  },
  startedAt: ({ incident }) => incident.startedAtMs,
  recoveredAt: ({ incident }) => incident.recoveredAtMs,
  resolvedAt: ({ incident }) => incident.resolvedAtMs,
  acknowledgedBy: ({ incident }) => incident.acknowledged?.by ?? null,
  silencedUntil: ({ incident: { silence } }, _, context) => {
    const untilMs = silence?.untilMs ?? null;
    return untilMs !== null && untilMs > (context.alerts?.clock.nowMs() ?? 0) ? untilMs : null;
  },
  transitions: async ({ incident }, _, context) => {
    const transitions = (await context.alerts?.transitionsOf(incident.id)) ?? [];
    return transitions.map(({ atMs, from, to, severity, reason }) => ({ at: atMs, from, to, severity, reason }));
  },
  evidence: async ({ incident, window }, _, context) => {
    const evidence = (await context.alerts?.evidenceOf(incident.id)) ?? null;
    return evidence && { evidence, incident, window };
  },
  deliveries: async ({ incident }, _, context) => {
    const deliveries = (await context.alerts?.deliveriesOf(incident.id)) ?? [];
    return deliveries.map((delivery) => ({ delivery }));
  },
};

/** A page of incidents, newest first; of one service where it is given. */
export async function alertPage(
  context: GraphqlContext,
  args: Pick<QueryAlertsArgs, "filter" | "first" | "after">,
  service: ServiceRef | null = null,
) {
  const { alerts, principal } = context;
  if (alerts === null) return noneConfigured;
  const window = windowOf(context, {});
  const { incidents, hasNextPage } = await alerts.desk.incidents({
    filter: incidentFilter(args.filter, service),
    visibility: principal.visibility,
    first: args.first ?? 20,
    after: args.after ? alertOfCursor(args.after) : null,
  });
  const nodes = incidents.map((incident): AlertParent => ({ incident, window }));
  const last = incidents.at(-1);
  return {
    nodes,
    edges: nodes.map((node) => ({ cursor: alertCursor(node.incident), node })),
    pageInfo: { hasNextPage, endCursor: last === undefined ? null : alertCursor(last) },
  };
}

/** Whether an incident is one of a filter's; the same rule as the store's. */
export function isWantedIncident(incident: Incident, filter: AlertFilter | null | undefined): boolean {
  if (!filter) return true;
  const { states, severities, namespaces, service } = filter;
  const { cluster, namespace, name } = incident.service;
  if (states && !states.some((state) => state === incident.state)) return false;
  if (severities && !severities.some((severity) => severity === incident.severity)) return false;
  if (namespaces && !namespaces.includes(namespace)) return false;
  if (!service) return true;
  return service.namespace === namespace && service.name === name && (!service.cluster || service.cluster === cluster);
}

function statusOf({ alerts, principal }: GraphqlContext, { objectiveId }: Incident) {
  return alerts?.desk.objective(objectiveId, principal.visibility) ?? null;
}

function incidentFilter(filter: AlertFilter | null | undefined, own: ServiceRef | null) {
  const asked = filter?.service;
  const names = [own, asked].flatMap((one) => one ?? []);
  return {
    ...(filter?.states ? { states: filter.states } : {}),
    ...(filter?.severities ? { severities: filter.severities } : {}),
    ...(filter?.namespaces ? { namespaces: filter.namespaces } : {}),
    ...(names.length === 0 ? {} : { services: namedBy(own, asked) }),
  };
}

/** The service both name; [] where they name two. */
function namedBy(
  own: ServiceRef | null,
  asked: AlertFilter["service"],
): readonly { readonly cluster: string | null; readonly namespace: string; readonly name: string }[] {
  if (own === null) return asked ? [{ ...asked, cluster: asked.cluster ?? null }] : [];
  if (!asked) return [own];
  const isSame = asked.namespace === own.namespace && asked.name === own.name;
  return isSame && (!asked.cluster || asked.cluster === own.cluster) ? [own] : [];
}
