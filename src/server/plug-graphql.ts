/** The GraphQL room's needs, met from the configuration and the composition. Used by server.ts. */
import type { Logger } from "pino";
import type { Authenticate } from "../access/authenticate.js";
import type { AlertDesk } from "../alerting/alert-desk.js";
import type { MeshlensConfig } from "../config/config-schema.js";
import { durationMs } from "../config/duration.js";
import type { GraphqlDeps } from "../graphql/graphql-deps.js";
import type { Mesh } from "../mesh/mesh.js";
import type { Clock } from "../telemetry/clock.js";
import type { SelfMetrics } from "./self-metrics.js";

/** What is plugged into GraphQL. */
export function graphqlDeps(
  { server }: MeshlensConfig,
  {
    mesh,
    clock,
    selfMetrics,
    alerting,
    prepared,
    behindMs,
  }: {
    readonly mesh: Mesh;
    readonly clock: Clock;
    readonly selfMetrics: SelfMetrics;
    readonly alerting: AlertDesk | null;
    /** Shapes of the documents that are answered; null for all. */
    readonly prepared: ReadonlySet<string> | null;
    /** How far the event loop is behind. */
    readonly behindMs: () => number;
  },
  authenticate: Authenticate,
  logger: Logger,
): GraphqlDeps {
  // Kept whatever level the rest of the log has.
  const audit = logger.child({ audit: true }, { level: logger.level === "silent" ? "silent" : "info" });
  const { operations, waitingOperations, loopDelayMs } = server.limits;
  const { depth, aliases, rootFields, tokens, cost, range } = server.limits;
  return {
    mesh,
    clock,
    alerting,
    principalOf: authenticate,
    options: {
      requestTimeoutMs: server.requestTimeoutMs,
      limits: { depth, aliases, rootFields, tokens, cost, rangeMs: durationMs(range) ?? 0 },
      admission: { operations, waitingOperations, loopDelayMs },
      jit: server.jit,
      debug: server.debug,
      introspection: server.introspection,
      prepared,
    },
    admission: { ...selfMetrics.admission, loopDelayMs: behindMs },
    onOperation: selfMetrics.operation,
    onMutation: (report) => audit.info(report, "a mutation was asked for"),
    onInternalError: (error) => logger.error({ err: error }, "a resolver failed for a reason of our own"),
  };
}
