/** What stands beside `data` and `errors` in an answer, and what is told about it for self-metrics. */
import type { GraphQLFormattedError } from "graphql";
import type { GraphqlContext } from "./context.js";
import type { GraphqlDeps, GraphqlLimits } from "./graphql-deps.js";

/** `cost` always (requested is 0 for what was refused before it was priced), `debug` where it was asked for and is allowed. */
export function answerExtensions(context: GraphqlContext, limits: Pick<GraphqlLimits, "cost">) {
  const { cost, upstreamCalls, debugCalls } = context;
  return {
    cost: { requested: cost ?? 0, limit: limits.cost, upstreamCalls },
    ...(debugCalls === null ? {} : { debug: { calls: debugCalls } }),
  };
}

/** Tells deps.onOperation about a finished operation. */
export function reportOperation(
  deps: Pick<GraphqlDeps, "onOperation" | "clock">,
  context: GraphqlContext,
  errors: readonly { readonly extensions?: GraphQLFormattedError["extensions"] | undefined }[],
): void {
  deps.onOperation?.({
    operationName: labelOf(context.operationName),
    operationType: context.operationType,
    durationMs: deps.clock.nowMs() - context.startMs,
    errorCodes: [...new Set(errors.map((error) => String(error.extensions?.["code"] ?? "INTERNAL_SERVER_ERROR")))],
    cost: context.cost,
    upstreamCalls: context.upstreamCalls,
  });
}

function labelOf(name: string | null): string {
  return name !== null && /^\w{1,64}$/.test(name) ? name : "anonymous";
}
