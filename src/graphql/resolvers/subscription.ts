/** Resolvers of Subscription. While no objectives can be configured alertChanged stays silent until its client ends it. */
import { GraphQLError, type GraphQLResolveInfo } from "graphql";
import type { GraphqlContext } from "../context.js";
import type { SubscriptionResolvers } from "../generated/resolver-types.js";
import { selectedFields } from "../selection.js";
import type { SocketContext } from "../socket-context.js";
import { firstArgumentProblem } from "../validate-arguments.js";

export const subscriptionResolvers: SubscriptionResolvers = {
  alertChanged: {
    subscribe: (_, _args, context, info) => {
      checkArguments(context, info);
      const { subscriptions } = context as GraphqlContext & SocketContext;
      if (subscriptions.active >= subscriptions.limit) throw tooMany(subscriptions.limit);
      subscriptions.active += 1;
      return silence(() => {
        subscriptions.active -= 1;
      });
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

/** An iterator that gives nothing and ends when it is told to; `onEnd` hears of the end once. */
function silence(onEnd: () => void): AsyncIterableIterator<never> {
  const done = { done: true, value: undefined } as const;
  let end: (() => void) | null = null;
  const ended = new Promise<typeof done>((resolve) => {
    end = () => {
      end = null;
      onEnd();
      resolve(done);
    };
  });
  const iterator: AsyncIterableIterator<never> = {
    next: () => ended,
    return: () => {
      end?.();
      return ended;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
