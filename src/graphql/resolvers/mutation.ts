/** Resolvers of Mutation: wrong input is told in userErrors. Whether the caller may `operate` is found out before. */
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
  silenceAlert: (_, { input }, context) => {
    const { alerts, principal } = context;
    return changed(context, input.alertId, (id) =>
      alerts ? alerts.desk.silence(id, principal.name, input.for, principal.visibility) : null,
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

async function changed(
  context: GraphqlContext,
  alertId: string,
  change: (incidentId: string) => Promise<AlertParent["incident"] | null> | null,
) {
  const field = ["input", "alertId"];
  if (context.alerts === null) return { alert: null, userErrors: [notConfigured(field)] };
  const id = keyOfId(decodeId(alertId), "alert");
  const incident = id === null ? null : await change(id);
  if (incident === null) return { alert: null, userErrors: [notFound(field, "incident")] };
  return { alert: { incident, window: windowOf(context, {}) }, userErrors: [] };
}

function notConfigured(field: string[]): UserError {
  const message = "No objectives are configured, so there are no incidents and no messages; add a section `slo`.";
  return { field, code: "NOT_CONFIGURED", message };
}

function notFound(field: string[], what: string): UserError {
  const message = `There is no ${what} with this id, or you may not see it; give an \`id\` of an earlier answer.`;
  return { field, code: "NOT_FOUND", message };
}
