/** Makes the context of each WebSocket: who asks, and a signal that ends with the socket. */
import type { FastifyRequest } from "fastify";
import { createContext, type GraphqlContext } from "./context.js";
import type { GraphqlDeps, GraphqlLimits } from "./graphql-deps.js";
import { principalOrRefusal } from "./http-context.js";
import type { SharedRows } from "./shared-rows.js";

/** What the subscriptions of one socket share. */
export interface SocketContext extends GraphqlContext {
  readonly refusal: unknown;
  /** Subscriptions under way on this socket, and how many there may be. */
  readonly subscriptions: { active: number; readonly limit: number };
}

/** The part of a WebSocket that is needed. */
interface ClosingSocket {
  once(event: "close", listener: () => void): unknown;
}

/** The context of one WebSocket. */
export async function createSocketContext(
  deps: GraphqlDeps,
  limits: GraphqlLimits,
  socket: ClosingSocket,
  request: FastifyRequest,
  sharedRows: SharedRows<GraphqlContext>,
): Promise<SocketContext> {
  const { principal, refusal } = await principalOrRefusal(deps, request);
  const controller = new AbortController();
  socket.once("close", () => controller.abort());
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
