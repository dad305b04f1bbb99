/** Where the checks hang in Mercurius' life of an operation. */
import type { FastifyInstance } from "fastify";
import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  Kind,
  Location,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from "graphql";
import { createAdmission, defaultAdmissionLimits } from "./admission.js";
import { answerExtensions, reportOperation } from "./answer-extensions.js";
import { auditMutations } from "./audit-mutations.js";
import { badInput } from "./bad-input.js";
import { checkOperation } from "./check-operation.js";
import { formatError } from "./format-error.js";
import type { GraphqlDeps, GraphqlLimits } from "./graphql-deps.js";
import { httpContextOf } from "./http-context.js";
import { createPreparedCheck } from "./limits/prepared-documents.js";

/** Adds the hooks to the instance Mercurius is registered on. */
export function addOperationHooks(
  app: FastifyInstance,
  deps: GraphqlDeps,
  limits: GraphqlLimits,
  rules: readonly ValidationRule[],
): void {
  const onInternal = deps.onInternalError ?? (() => {});
  const admission = createAdmission({ ...defaultAdmissionLimits, ...deps.options?.admission }, deps.admission);
  const checkPrepared = createPreparedCheck(deps.options?.prepared ?? null);
  const audits = new WeakMap<object, (data: Readonly<Record<string, unknown>> | null) => void>();

  app.graphql.addHook("preParsing", async (_schema, source, context) => {
    const { refusal, operationName } = httpContextOf(context);
    if (refusal !== null) throw refusal;
    // Mercurius reads the kind of operation of a GET without looking whether there is one.
    if (context.reply.request.method !== "GET") return;
    if (!getOperationAST(parseOrNothing(source, limits.tokens), operationName)) throw unknownOperation();
  });

  app.graphql.addHook("preValidation", async (_schema, document) => {
    // Mercurius takes a document as JSON too, past the limit on tokens.
    if (!(document.loc instanceof Location)) {
      throw new GraphQLError("Syntax Error: a document is GraphQL text, not JSON.");
    }
  });

  app.graphql.addHook("preExecution", async (schema, document, mercuriusContext, variables) => {
    const context = httpContextOf(mercuriusContext);
    const { principal, rangeTerms, operationName } = context;
    const request = { schema, document, operationName, variables: variables ?? {} };
    const audit = (data: Readonly<Record<string, unknown>> | null) =>
      auditMutations(deps, { ...request, by: principal.name, data });
    const { operation, isOfWholeMesh } = checked(
      () => {
        checkPrepared(document);
        return checkOperation(request, { principal, rangeTerms, limits }, (points) => {
          context.cost = points;
        });
      },
      () => audit(null),
    );
    if (operation.operation === "mutation") audits.set(context, audit);
    context.operationType = operation.operation;
    context.operationName = operation.name?.value ?? null;
    context.isGrafanaOnly = operation.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && selection.name.value === "grafana",
    );
    const turn = () => {
      const waitMs = context.deadlineMs - deps.clock.nowMs();
      return { response: mercuriusContext.reply.raw, signal: context.signal, waitMs };
    };
    // What people do to incidents asks no source and is never refused for what others ask.
    if (operation.operation === "query") await admission.take(turn());
    if (isOfWholeMesh) await admission.takeWholeMesh(turn());
    // The compiled form of a text is of one operation only: a text with several must not be compiled, which a "changed" document prevents.
    return countOperations(document) > 1 ? { document } : undefined;
  });

  app.graphql.addHook("onResolution", async (execution, mercuriusContext) => {
    const context = httpContextOf(mercuriusContext);
    execution.extensions = answerExtensions(context, limits);
    audits.get(context)?.(execution.data ?? {});
    if (execution.data !== undefined) reportOperation(deps, context, execution.errors ?? []);
  });

  app.graphql.addHook("preSubscriptionParsing", async (_schema, _source, context) => {
    const { refusal } = httpContextOf(context);
    if (refusal !== null) throw toThrow(refusal, onInternal);
  });

  app.graphql.addHook("preSubscriptionExecution", async (schema, document, mercuriusContext) => {
    // Mercurius does not validate subscriptions.
    try {
      checkPrepared(document);
    } catch (problem) {
      throw toThrow(problem, onInternal);
    }
    const [error] = validate(schema, document, [...specifiedRules, ...rules]);
    if (error !== undefined) throw toThrow(error, onInternal);
    const { principal, rangeTerms } = httpContextOf(mercuriusContext);
    try {
      const request = { schema, document, operationName: null, variables: null };
      checkOperation(request, { principal, rangeTerms, limits });
    } catch (problem) {
      throw toThrow(problem, onInternal);
    }
  });
}

/** What a check gives; `onRefused` is called before its refusal goes on. */
function checked<T>(check: () => T, onRefused: () => void): T {
  try {
    return check();
  } catch (refusal) {
    onRefused();
    throw refusal;
  }
}

function parseOrNothing(source: string, maxTokens: number): DocumentNode {
  try {
    return parse(source, { maxTokens });
  } catch (error) {
    throw error instanceof GraphQLError ? error : new GraphQLError("Syntax Error: the document cannot be read.");
  }
}

function unknownOperation(): GraphQLError {
  return badInput("operationName", {
    what: "The document has no such operation.",
    remedy: "Name one that it has, or leave the name out where it has only one.",
  });
}

function countOperations(document: DocumentNode): number {
  return document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION).length;
}

/** An error as a WebSocket client may see it: Mercurius sends the message of whatever is thrown. */
function toThrow(error: unknown, onInternal: (error: unknown) => void): GraphQLError {
  const { message, extensions } = formatError(error, onInternal);
  return new GraphQLError(message, extensions === undefined ? {} : { extensions });
}
