/** What the GraphQL room needs from outside; server/compose.ts gives it to registerGraphql (register-graphql.ts). */
import type { FastifyRequest } from "fastify";
import type { AlertDesk } from "../alerting/alert-desk.js";
import type { Mesh } from "../mesh/mesh.js";
import type { Clock } from "../telemetry/clock.js";
import type { Visibility } from "../telemetry/visibility.js";
import type { AdmissionDeps, AdmissionLimits } from "./admission.js";

/** What a caller may do: ask, see upstream queries (`debug`), change alerts (`operate`). */
export type GraphqlAction = "read" | "debug" | "operate";

/** Who asks, as the access room found out from the request. */
export interface GraphqlPrincipal {
  /** Name of its token; what people did is kept under it. */
  readonly name: string;
  readonly visibility: Visibility;
  readonly actions: Pick<ReadonlySet<GraphqlAction>, "has">;
  /** When its token expires, epoch ms: sockets opened with it end then. Left out: never. */
  readonly expiresAtMs?: number | undefined;
}

/** What one operation may ask for at most. Each is checked before execution. */
export interface GraphqlLimits {
  /** Levels of fields; the root field is level 1, introspection is not counted. */
  readonly depth: number;
  /** Fields with an alias, fragments expanded. */
  readonly aliases: number;
  /** Fields of the root, fragments expanded. */
  readonly rootFields: number;
  /** Lexical tokens of the document. */
  readonly tokens: number;
  /** Points of limits/cost.ts: weighted upstream calls, dearer over long ranges and many points. */
  readonly cost: number;
  /** Longest `range`, in ms. */
  readonly rangeMs: number;
}

/** Limits that let every query of examples/queries pass over a day for a large mesh. */
export const defaultGraphqlLimits: GraphqlLimits = {
  depth: 15,
  aliases: 100,
  rootFields: 20,
  tokens: 5_000,
  cost: 1_000,
  rangeMs: 32 * 86_400_000,
};

/** Choices of the operator; each has the default named. */
export interface GraphqlOptions {
  /** Deadline of one operation in ms; default 10,000. What has not answered by then is TIMEOUT. */
  readonly requestTimeoutMs?: number;
  /** Default defaultGraphqlLimits; a part given overrides its part. */
  readonly limits?: Partial<GraphqlLimits>;
  /** How much is taken on at once; a part given overrides its part of defaultAdmissionLimits. */
  readonly admission?: Partial<AdmissionLimits>;
  /** Compile hot operations (in idle time, after the third run); default true. */
  readonly jit?: boolean;
  /** Allow the header `x-meshlens-debug: true` to callers with the action `debug`; default false. */
  readonly debug?: boolean;
  /** Answer `__schema` and `__type`; default true. */
  readonly introspection?: boolean;
  /** Shapes of the documents that are answered (limits/prepared-documents.ts); null or left out for all. */
  readonly prepared?: ReadonlySet<string> | null;
  /** Subscriptions under way per WebSocket; default 20. */
  readonly subscriptionsPerSocket?: number;
}

/** One finished operation, for self-metrics. */
export interface OperationReport {
  /** The operation's name if it is one the server may use as a label (letters, digits, `_`, at most 64), else `anonymous`. */
  readonly operationName: string;
  readonly operationType: "query" | "mutation" | "subscription";
  readonly durationMs: number;
  /** `extensions.code` of each error, once each. */
  readonly errorCodes: readonly string[];
  /** Points found before execution; null when the operation was refused before that. */
  readonly cost: number | null;
  readonly upstreamCalls: number;
}

/** One mutation that was asked for, done or not. */
export interface MutationReport {
  /** Name of the caller's token. */
  readonly by: string;
  readonly mutation: string;
  /** What it was about: its id within Meshlens; null for text that is no id. */
  readonly target: string | null;
  /** DONE, REFUSED before it ran, FAILED by a fault, or the code of what was wrong. */
  readonly outcome: string;
}

/** Everything registerGraphql needs. */
export interface GraphqlDeps {
  readonly mesh: Mesh;
  readonly clock: Clock;
  /** Null or left out: no objectives are configured. */
  readonly alerting?: AlertDesk | null;
  /**
   * The caller of a request (also of a WebSocket's upgrade request).
   * @throws MESHLENS_ERR_ACCESS_UNAUTHENTICATED: the answer is 401
   */
  readonly principalOf: (request: FastifyRequest) => GraphqlPrincipal | Promise<GraphqlPrincipal>;
  readonly options?: GraphqlOptions;
  /** What queries are refused by under load, and who hears of it. */
  readonly admission?: AdmissionDeps;
  readonly onOperation?: (report: OperationReport) => void;
  /** Told of every field of a mutation, for the audit log. */
  readonly onMutation?: (report: MutationReport) => void;
  /** Told about errors that are nobody's doing but ours, with their cause; the client sees the code only. */
  readonly onInternalError?: (error: unknown) => void;
}
