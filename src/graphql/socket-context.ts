/** Makes the context of each WebSocket: who asks, and a signal that ends with the socket. */
import type { FastifyRequest } from "fastify";
import { createContext, type GraphqlContext } from "./context.js";
import type { GraphqlDeps, GraphqlLimits } from "./graphql-deps.js";
import { principalOrRefusal } from "./http-context.js";
import type { SharedRows } from "./shared-rows.js";
import { type WatchedSocket, watchSocket } from "./watch-socket.js";

/** What the subscriptions of one socket share. */
export interface SocketContext extends GraphqlContext {
  readonly refusal: unknown;
  /** Subscriptions under way on this socket, and how many there may be. */
  readonly subscriptions: { active: number; readonly limit: number };
}

const contexts = new WeakMap<WatchedSocket, Promise<SocketContext>>();

/** The context of one WebSocket: the same for as long as it is open, however often its client begins anew. */
export function socketContextOf(
  deps: GraphqlDeps,
  limits: GraphqlLimits,
  socket: WatchedSocket,
  request: FastifyRequest,
  sharedRows: SharedRows<GraphqlContext>,
): Promise<SocketContext> {
  const known = contexts.get(socket) ?? createSocketContext(deps, limits, socket, request, sharedRows);
  contexts.set(socket, known);
  return known;
}

async function createSocketContext(
  deps: GraphqlDeps,
  limits: GraphqlLimits,
  socket: WatchedSocket,
  request: FastifyRequest,
  sharedRows: SharedRows<GraphqlContext>,
): Promise<SocketContext> {
  const { principal, refusal } = await principalOrRefusal(deps, request);
  const controller = new AbortController();
  socket.once("close", () => controller.abort());
  watchSocket(socket, { clock: deps.clock, expiresAtMs: principal.expiresAtMs });
  const context = createContext({
    mesh: deps.mesh,
    alerting: deps.alerting ?? null,
    clock: deps.clock,
    principal,
    signal: controller.signal,
    deadlineMs: Number.POSITIVE_INFINITY,
    maxRangeMs: limits.rangeMs,
    isDebug: false,
    sharedRows,
  });
  const subscriptions = { active: 0, limit: deps.options?.subscriptionsPerSocket ?? 20 };
  return Object.assign(context, { refusal, subscriptions });
}
