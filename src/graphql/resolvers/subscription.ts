/** Resolvers of Subscription. While no objectives are configured alertChanged stays silent until its client ends it. */
import { GraphQLError, type GraphQLResolveInfo } from "graphql";
import { canSee } from "../../telemetry/visibility.js";
import { createConflatedQueue } from "../conflated-queue.js";
import type { GraphqlContext } from "../context.js";
import type { SubscriptionResolvers } from "../generated/resolver-types.js";
import type { AlertParent } from "../parents.js";
import { defaultWindow, floorNow } from "../range.js";
import { selectedFields } from "../selection.js";
import type { SocketContext } from "../socket-context.js";
import { firstArgumentProblem } from "../validate-arguments.js";
import { isWantedIncident } from "./alert.js";

/** Incidents that may wait for a slow reader. */
const mostWaiting = 1_000;

export const subscriptionResolvers: SubscriptionResolvers = {
  alertChanged: {
    subscribe: (_, { filter }, context, info) => {
      checkArguments(context, info);
      const { subscriptions } = context as GraphqlContext & SocketContext;
      if (subscriptions.active >= subscriptions.limit) throw tooMany(subscriptions.limit);
      subscriptions.active += 1;
      const { alerts, principal } = context;
      let unfollow = () => {};
      const queue = createConflatedQueue<{ readonly alertChanged: AlertParent }>(mostWaiting, tooSlow, () => {
        unfollow();
        subscriptions.active -= 1;
      });
      if (alerts !== null) {
        unfollow = alerts.desk.follow((incident) => {
          if (!canSee(principal.visibility, incident.service.namespace) || !isWantedIncident(incident, filter)) return;
          const window = defaultWindow(floorNow(alerts.clock.nowMs()));
          queue.push(incident.id, { alertChanged: { incident, window } });
        });
      }
      return queue;
    },
  },
};

/** The walk over arguments with variables, which the hook before execution does not get. */
function checkArguments(context: GraphqlContext, info: GraphQLResolveInfo): void {
  const roots = selectedFields(info, info.parentType, info.operation.selectionSet);
  const problem = firstArgumentProblem(roots, context.rangeTerms);
  if (problem !== null) throw problem;
}

function tooMany(limit: number): GraphQLError {
  const remedy = "End one of them, or open another socket.";
  return new GraphQLError(`This socket has ${limit} subscriptions, which is the limit. ${remedy}`, {
    extensions: { code: "COST_LIMIT", limit: "subscriptions", remedy },
  });
}

function tooSlow(): GraphQLError {
  const remedy = "Subscribe again, and ask `alerts` for what was missed.";
  return new GraphQLError(`More than ${mostWaiting} incidents waited to be read. ${remedy}`, {
    extensions: { code: "COST_LIMIT", limit: "waiting", remedy },
  });
}
