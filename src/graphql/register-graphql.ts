/** The one export the server mounts: the GraphQL endpoint on a Fastify instance. */
import type { FastifyInstance } from "fastify";
import { NoSchemaIntrospectionCustomRule, type ValidationRule } from "graphql";
import mercurius from "mercurius";
import { answerExtensions, reportOperation } from "./answer-extensions.js";
import { createContext, type GraphqlContext } from "./context.js";
import { createExecutableSchema } from "./executable-schema.js";
import { formatErrors, headersOfErrors, statusOfErrors } from "./format-error.js";
import { defaultGraphqlLimits, type GraphqlDeps, type GraphqlLimits } from "./graphql-deps.js";
import { createHttpContext, httpContextOf } from "./http-context.js";
import { documentLimits } from "./limits/document-limits.js";
import { addOperationHooks } from "./operation-hooks.js";
import { createSharedRows, type SharedRows } from "./shared-rows.js";
import { socketContextOf } from "./socket-context.js";

/**
 * Adds `/graphql` to `app`: POST, GET for queries, and WebSockets (graphql-transport-ws) for subscriptions. Everything that can be
 * refused is refused before execution; every answer has `extensions.cost`.
 * @throws MESHLENS_ERR_INTERNAL when the schema of the package cannot be read
 */
export async function registerGraphql(app: FastifyInstance, deps: GraphqlDeps): Promise<void> {
  const limits: GraphqlLimits = { ...defaultGraphqlLimits, ...deps.options?.limits };
  const timeoutMs = deps.options?.requestTimeoutMs ?? 10_000;
  const sharedRows: SharedRows<GraphqlContext> = createSharedRows(deps.clock, ({ principal }) =>
    createContext({
      mesh: deps.mesh,
      alerting: deps.alerting ?? null,
      clock: deps.clock,
      principal,
      signal: AbortSignal.timeout(timeoutMs),
      deadlineMs: deps.clock.nowMs() + timeoutMs,
      maxRangeMs: limits.rangeMs,
      isDebug: false,
      sharedRows,
    }),
  );
  const rules: ValidationRule[] = [documentLimits(limits)];
  if (deps.options?.introspection === false) rules.push(NoSchemaIntrospectionCustomRule);
  await app.register(async (scope) => {
    scope.addHook("onSend", async (request, reply, payload) => {
      reply.header("content-type", contentTypeFor(request.headers.accept));
      return payload;
    });
    await scope.register(mercurius, {
      schema: createExecutableSchema(),
      path: "/graphql",
      graphiql: false,
      // The form with a number compiles within a request, and that request skips the checks of its variables. Resolvers are typed by the
      // schema: checks of every number and text again are code that V8 would read and optimise for each document.
      ...(deps.options?.jit === false
        ? {}
        : { jit: { minCount: 3, eluThreshold: 0.8 }, compilerOptions: { disableLeafSerialization: true } }),
      validationRules: rules,
      graphql: { parseOptions: { maxTokens: limits.tokens } },
      context: (request, reply) => createHttpContext(deps, limits, request, reply, sharedRows),
      subscription: {
        context: (socket, request) => socketContextOf(deps, limits, socket, request, sharedRows),
        fullWsTransport: false,
      },
      errorFormatter: (execution, mercuriusContext) => {
        const { reply } = mercuriusContext;
        const context = httpContextOf(mercuriusContext);
        const errors = formatErrors(execution.errors, deps.onInternalError ?? (() => {}));
        if (execution.data !== undefined) {
          return { statusCode: statusOfAnswer(context), response: { data: execution.data, errors } };
        }
        const extensions = answerExtensions(context, limits);
        reportOperation(deps, context, errors);
        reply?.headers(headersOfErrors(execution.errors));
        return { statusCode: statusOfErrors(execution.errors, errors), response: { errors, extensions } };
      },
      additionalRouteOptions: {
        // Mercurius' response schema would turn list indexes in the paths of errors into text.
        serializerCompiler: () => (data: unknown) => JSON.stringify(data),
        preValidation: async ({ body }) => dropNullExtensions(body),
      },
    });
    addOperationHooks(scope, deps, limits, rules);
  });
}

/** Rows for Grafana of which every source is dead are no answer; every other operation that ran is 200, whatever its errors. */
function statusOfAnswer({ isGrafanaOnly, pillars }: GraphqlContext): number {
  return isGrafanaOnly && pillars.dead > 0 && pillars.answered === 0 ? 502 : 200;
}

/** GraphQL over HTTP: the new media type for clients that accept it, JSON for all others. */
function contentTypeFor(accept: string | undefined): string {
  const isNew = accept?.includes("application/graphql-response+json") === true;
  return `${isNew ? "application/graphql-response+json" : "application/json"}; charset=utf-8`;
}

/** `extensions: null` is as good as none by GraphQL over HTTP; Mercurius' request schema refuses it. */
function dropNullExtensions(body: unknown): void {
  if (typeof body !== "object" || body === null || !("extensions" in body)) return;
  if (body.extensions === null) delete body.extensions;
}
