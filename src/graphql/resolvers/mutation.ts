/** Resolvers of Mutation. While no objectives can be configured there is nothing to change: each says so in userErrors. */
import type { MutationResolvers, UserError } from "../generated/resolver-types.js";

function notConfigured(field: string): UserError[] {
  const message = "No objectives are configured, so there are no incidents and no messages; add a section `slo`.";
  return [{ field: ["input", field], code: "NOT_CONFIGURED", message }];
}

export const mutationResolvers: MutationResolvers = {
  acknowledgeAlert: () => ({ alert: null, userErrors: notConfigured("alertId") }),
  silenceAlert: () => ({ alert: null, userErrors: notConfigured("alertId") }),
  retryDelivery: () => ({ delivery: null, userErrors: notConfigured("deliveryId") }),
};
