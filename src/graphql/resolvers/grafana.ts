/** The `grafana` root: flat rows, each list in a file of its own. What is asked of sources is shared by all viewers. */
import type { GraphQLResolveInfo } from "graphql";
import type { GraphqlContext } from "../context.js";
import type { GrafanaResolvers } from "../generated/resolver-types.js";
import type { GrafanaScope } from "../grafana-scope.js";
import { fieldsBelow } from "../selection.js";
import { grafanaEvidenceResolvers } from "./grafana-evidence.js";
import { grafanaGraphResolvers } from "./grafana-graph.js";
import { grafanaServiceResolvers } from "./grafana-services.js";
import { grafanaSloResolvers } from "./grafana-slos.js";

type RowsResolver = (scope: GrafanaScope, args: never, context: GraphqlContext, info: GraphQLResolveInfo) => unknown;

export const grafanaResolvers: GrafanaResolvers = {
  ...sharedAmongViewers({ ...grafanaServiceResolvers, ...grafanaEvidenceResolvers }),
  ...grafanaGraphResolvers,
  ...grafanaSloResolvers,
};

/** The same resolvers, each asked once for all who ask the same at the same time. */
function sharedAmongViewers<T extends object>(resolvers: T): T {
  const shared = Object.entries(resolvers).map(([name, resolver]) => {
    const resolve = resolver as RowsResolver;
    const ask: RowsResolver = (scope, args, context, info) => {
      const columns = fieldsBelow(info).map((field) => field.name);
      return context.sharedRows.ask(
        context,
        [name, scope, args, columns],
        async (own) => resolve(scope, args, own, info) as Promise<readonly { status: string }[]>,
        (rows) => rows,
      );
    };
    return [name, ask];
  });
  return Object.fromEntries(shared) as T;
}
