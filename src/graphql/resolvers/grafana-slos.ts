/** Rows of objectives and incidents. */
import type { ObjectiveStatus } from "../../alerting/alert-board.js";
import { alertRow } from "../../grafana/annotation-rows.js";
import { burnRows, sloPointRows, sloRow } from "../../grafana/slo-rows.js";
import type { GraphqlContext } from "../context.js";
import type { GrafanaResolvers } from "../generated/resolver-types.js";
import { chosen, type GrafanaScope } from "../grafana-scope.js";

const mostHistories = 20;
const mostIncidents = 100;

export const grafanaSloResolvers: Pick<GrafanaResolvers, "slos" | "sloHistory" | "burns" | "alerts"> = {
  slos: (scope, args, context) => scopedObjectives(context, scope, chosen(args.service), chosen(args.slo)).map(sloRow),
  burns: (scope, args, context) =>
    scopedObjectives(context, scope, chosen(args.service), chosen(args.slo)).flatMap(burnRows),

  sloHistory: async (scope, args, context) => {
    const all = scopedObjectives(context, scope, chosen(args.service), chosen(args.slo)).slice(0, mostHistories);
    const rows = all.map(async (status) => {
      const history = await context.alerts?.history(status, scope.window, args.maxPoints ?? 60);
      return history ? sloPointRows(status, history) : [];
    });
    return (await Promise.all(rows)).flat();
  },

  alerts: async ({ window, namespace, cluster }, args, context) => {
    const { alerts, principal } = context;
    if (alerts === null) return [];
    const service = chosen(args.service);
    const { incidents } = await alerts.desk.incidents({
      filter: namespace === null ? {} : { namespaces: [namespace] },
      visibility: principal.visibility,
      first: mostIncidents,
      after: { startedAtMs: window.toMs + 1, id: "" },
    });
    const nowMs = alerts.clock.nowMs();
    return incidents
      .filter((one) => cluster === null || one.service.cluster === cluster)
      .filter((one) => service === null || one.service.name === service)
      .flatMap((one) => alertRow(one, window, nowMs) ?? []);
  },
};

/** Objectives the caller may see and the dashboard has chosen; all of an operation's are of one evaluation. */
export function scopedObjectives(
  { alerts, principal }: GraphqlContext,
  { cluster, namespace }: GrafanaScope,
  service: string | null,
  slo: string | null,
): readonly ObjectiveStatus[] {
  const all = alerts?.desk.objectives(principal.visibility) ?? [];
  return all.filter(
    (one) =>
      (cluster === null || one.service.cluster === cluster) &&
      (namespace === null || one.service.namespace === namespace) &&
      (service === null || one.service.name === service) &&
      (slo === null || one.objective.name === slo),
  );
}
