/** Resolvers of messages. */
import type { Delivery } from "../../alerting/alert-desk.js";
import type { GraphqlContext } from "../context.js";
import type { DeliveryResolvers, DeliveryState, QueryDeliveriesArgs } from "../generated/resolver-types.js";
import { deliveryId } from "../ids.js";

/** The outbox's states by the words of the schema. */
const storedStates = {
  PENDING: ["QUEUED", "SENDING", "FAILED", "AMBIGUOUS"],
  SENT: ["SENT"],
  FAILED: ["DEAD"],
  SUPPRESSED: ["SENT"],
} as const satisfies Record<DeliveryState, readonly Delivery["state"][]>;

export const deliveryResolvers: DeliveryResolvers = {
  id: ({ delivery }) => deliveryId(delivery.id),
  channel: ({ delivery }) => delivery.channel,
  state: ({ delivery }) => stateOf(delivery),
  queuedAt: ({ delivery }) => delivery.queuedAtMs,
  attempts: ({ delivery }) => delivery.attempts,
  sentAt: ({ delivery }) => (stateOf(delivery) === "SENT" ? delivery.sentAtMs : null),
  messageUrl: ({ delivery }) => delivery.url,
  error: ({ delivery }) => delivery.error,
};

/** Messages in some states, newest first; null without objectives. */
export async function newestDeliveries({ alerts, principal }: GraphqlContext, args: QueryDeliveriesArgs) {
  if (alerts === null) return null;
  const wanted = args.states ?? ["FAILED"];
  const states = [...new Set(wanted.flatMap((state) => storedStates[state]))];
  const found = await alerts.desk.deliveries({ states, first: args.first ?? 20, visibility: principal.visibility });
  return found.filter((one) => wanted.includes(stateOf(one))).map((delivery) => ({ delivery }));
}

function stateOf({ state, isLeftOut }: Delivery): DeliveryState {
  if (state === "DEAD") return "FAILED";
  if (state !== "SENT") return "PENDING";
  return isLeftOut ? "SUPPRESSED" : "SENT";
}
