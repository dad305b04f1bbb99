/** Makes the context of each HTTP request: who asks, until when, and a signal that ends upstream work when nobody waits any more. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { createContext, type GraphqlContext } from "./context.js";
import type { GraphqlDeps, GraphqlLimits, GraphqlPrincipal } from "./graphql-deps.js";
import type { SharedRows } from "./shared-rows.js";

/** How much longer than the deadline a request may hang before its upstream calls are aborted; the mesh answers TIMEOUT before that. */
const graceMs = 1000;

/** Nobody: the context of a request that was refused, which never gets to a resolver. */
const nobody: GraphqlPrincipal = { name: "nobody", visibility: { namespaces: new Set() }, actions: new Set() };

/** A context, or with `refusal` what to throw before anything is looked at: context functions of Mercurius must not throw themselves. */
export interface HttpContext extends GraphqlContext {
  readonly refusal: unknown;
}

/** Our part of the context Mercurius hands to hooks. */
export function httpContextOf(mercuriusContext: object): HttpContext {
  return mercuriusContext as HttpContext;
}

/** Who asks, or why nobody may. */
export async function principalOrRefusal(deps: GraphqlDeps, request: FastifyRequest) {
  try {
    return { principal: await deps.principalOf(request), refusal: null };
  } catch (refusal) {
    return { principal: nobody, refusal };
  }
}

/** The context of one HTTP request. */
export async function createHttpContext(
  deps: GraphqlDeps,
  limits: GraphqlLimits,
  request: FastifyRequest,
  reply: FastifyReply,
  sharedRows: SharedRows<GraphqlContext>,
): Promise<HttpContext> {
  const { principal, refusal } = await principalOrRefusal(deps, request);
  const timeoutMs = deps.options?.requestTimeoutMs ?? 10_000;
  const context = createContext({
    mesh: deps.mesh,
    alerting: deps.alerting ?? null,
    clock: deps.clock,
    principal,
    signal: signalOf(reply, timeoutMs + graceMs),
    deadlineMs: deps.clock.nowMs() + timeoutMs,
    maxRangeMs: limits.rangeMs,
    isDebug: deps.options?.debug === true && mayDebug(principal) && isDebugAsked(request),
    sharedRows,
  });
  return Object.assign(context, { refusal, operationName: operationNameOf(request) });
}

/**
 * Aborts when the client goes away before the answer is written, or long after the deadline. `request.signal` of Fastify 5 does not serve:
 * it aborts at once on a POST with a body.
 */
function signalOf(reply: FastifyReply, limitMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), limitMs);
  timer.unref();
  const { raw } = reply;
  raw.once("finish", () => clearTimeout(timer));
  raw.once("close", () => {
    clearTimeout(timer);
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Upstream queries name services of all namespaces: of an edge both ends, of a name in a backend all that are alike. */
function mayDebug({ actions, visibility }: GraphqlPrincipal): boolean {
  return actions.has("debug") && visibility.namespaces === "all";
}

function isDebugAsked(request: FastifyRequest): boolean {
  return request.headers["x-meshlens-debug"] === "true";
}

function operationNameOf({ body, query }: FastifyRequest): string | null {
  for (const holder of [body, query]) {
    const name: unknown = (holder as { readonly operationName?: unknown } | null | undefined)?.operationName;
    if (typeof name === "string" && name !== "") return name;
  }
  return null;
}
