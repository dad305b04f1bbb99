/** Resolvers of Mutation: wrong input is told in userErrors. Whether the caller may `operate` is found out before. */
import type { Incident, SilencedIncident } from "../../alerting/alert-desk.js";
import type { GraphqlContext } from "../context.js";
import type { MutationResolvers, UserError } from "../generated/resolver-types.js";
import { decodeId, keyOfId } from "../ids.js";
import type { AlertParent } from "../parents.js";
import { windowOf } from "../window-of.js";

export const mutationResolvers: MutationResolvers = {
  acknowledgeAlert: (_, { input }, context) => {
    const { alerts, principal } = context;
    return changed(context, input.alertId, (id) =>
      alerts ? alerts.desk.acknowledge(id, principal.name, principal.visibility) : null,
    );
  },
  silenceAlert: async (_, { input }, context) => {
    const { alerts, principal } = context;
    return silenced(
      await changed(context, input.alertId, (id) =>
        alerts ? alerts.desk.silence(id, principal.name, input.for, principal.visibility) : null,
      ),
    );
  },
  endSilence: async (_, { input }, context) => {
    const { alerts, principal } = context;
    return silenced(
      await changed(context, input.alertId, (id) => (alerts ? alerts.desk.endSilence(id, principal.visibility) : null)),
    );
  },
  retryDelivery: async (_, { input }, { alerts, principal }) => {
    const field = ["input", "deliveryId"];
    if (alerts === null) return { delivery: null, userErrors: [notConfigured(field)] };
    const id = keyOfId(decodeId(input.deliveryId), "delivery");
    const delivery = id === null ? null : await alerts.desk.retryDelivery(id, principal.visibility);
    if (delivery === null) return { delivery: null, userErrors: [notFound(field, "message")] };
    return { delivery: { delivery }, userErrors: [] };
  },
};

async function changed<T extends Incident>(
  context: GraphqlContext,
  alertId: string,
  change: (incidentId: string) => Promise<T | null> | null,
): Promise<{ alert: (AlertParent & { readonly incident: T }) | null; userErrors: UserError[] }> {
  const field = ["input", "alertId"];
  if (context.alerts === null) return { alert: null, userErrors: [notConfigured(field)] };
  const id = keyOfId(decodeId(alertId), "alert");
  const incident = id === null ? null : await change(id);
  if (incident === null) return { alert: null, userErrors: [notFound(field, "incident")] };
  return { alert: { incident, window: windowOf(context, {}) }, userErrors: [] };
}

/** What went wrong in Alertmanager stands beside what was done here. */
function silenced({ alert, userErrors }: Awaited<ReturnType<typeof changed<SilencedIncident>>>): {
  alert: AlertParent | null;
  userErrors: UserError[];
} {
  const problem = alert?.incident.silenceProblem ?? null;
  if (problem === null) return { alert, userErrors };
  return { alert, userErrors: [{ field: null, code: "ALERTMANAGER_FAILED", message: problem }] };
}

function notConfigured(field: string[]): UserError {
  const message = "No objectives are configured, so there are no incidents and no messages; add a section `slo`.";
  return { field, code: "NOT_CONFIGURED", message };
}

function notFound(field: string[], what: string): UserError {
  const message = `There is no ${what} with this id, or you may not see it; give an \`id\` of an earlier answer.`;
  return { field, code: "NOT_FOUND", message };
}
