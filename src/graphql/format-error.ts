/** The one door errors leave by: whatever was thrown becomes a GraphQL error with a code, and what is not meant for clients stays inside. */
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { refusalHeaders } from "../access/refusal-headers.js";
import { errorKinds, isMeshlensError, type MeshlensError } from "../errors.js";
import { describeInvalid } from "./describe-invalid.js";

/** HTTP status of a request that was refused before execution, by `extensions.code`. */
const statusOfCode: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 400,
  BAD_REQUEST: 400,
  COST_LIMIT: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_PREPARED: 403,
  METHOD_NOT_ALLOWED: 405,
  SERVER_BUSY: 503,
  RATE_LIMITED: 429,
  KEYS_UNAVAILABLE: 503,
};

/** Several errors found before execution, thrown as one. */
export interface RequestErrors extends Error {
  readonly errors: readonly GraphQLError[];
}

/** The GraphQL errors of what was thrown or collected, each with `extensions.code`. `onInternal` hears of those that are our fault. */
export function formatErrors(
  errors: readonly unknown[],
  onInternal: (error: unknown) => void,
): readonly GraphQLFormattedError[] {
  return errors.flatMap(innerErrors).map((error) => formatError(error, onInternal));
}

/** The HTTP status of a request refused with these errors: the gravest; Fastify's own 413, 415 and the like stay what they are. */
export function statusOfErrors(thrown: readonly unknown[], errors: readonly GraphQLFormattedError[]): number {
  const [own] = thrown.map(causeOf);
  const ownStatus = own instanceof Error && "statusCode" in own ? Number(own.statusCode) : 0;
  if (ownStatus > 400 && ownStatus < 500) return ownStatus;
  return Math.max(...errors.map((error) => statusOfCode[String(error.extensions?.["code"])] ?? 500));
}

/** Headers of a request refused with what was thrown. */
export function headersOfErrors(thrown: readonly unknown[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...thrown.map((error) => refusalHeaders(causeOf(error))));
}

/** One error in the form clients see. */
export function formatError(error: unknown, onInternal: (error: unknown) => void): GraphQLFormattedError {
  const cause = causeOf(error);
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (isMeshlensError(cause) && errorKinds[cause.code].graphql !== "INTERNAL_SERVER_ERROR") {
    return { message: cause.message, ...place, extensions: extensionsOf(cause) };
  }
  if (error instanceof GraphQLError && (cause === null || cause instanceof GraphQLError)) {
    if (typeof error.extensions?.["code"] === "string") {
      const isPlaced = error.path !== undefined || "argument" in error.extensions;
      const known = isPlaced ? {} : describeInvalid(error);
      return { message: error.message, ...place, extensions: { ...known, ...error.extensions } };
    }
    if (error.path === undefined) return { message: error.message, ...place, extensions: describeInvalid(error) };
  }
  const refused = refusalOf(cause);
  if (refused !== null) return refused;
  onInternal(cause ?? error);
  const message = "Meshlens failed; the server's log has the cause under the request's id.";
  return { message, ...place, extensions: { code: "INTERNAL_SERVER_ERROR" } };
}

/** What was really thrown; null for a GraphQL error that wraps nothing. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return error;
  const original: unknown = error.originalError;
  if (original === undefined || original === null) return null;
  return original instanceof GraphQLError ? (causeOf(original) ?? original) : original;
}

/** Mercurius and we ourselves throw several validation errors as the `errors` of one. */
function innerErrors(error: unknown): readonly unknown[] {
  const cause = causeOf(error);
  if (cause instanceof Error && "statusCode" in cause && cause.statusCode === 405) return [error];
  const inner: unknown = typeof cause === "object" && cause !== null && "errors" in cause ? cause.errors : undefined;
  return Array.isArray(inner) && !(cause instanceof GraphQLError) ? inner : [error];
}

function placeOf({ locations, path }: GraphQLError): Pick<GraphQLFormattedError, "locations" | "path"> {
  return { ...(locations?.length ? { locations } : {}), ...(path === undefined ? {} : { path }) };
}

function extensionsOf({ code, details }: MeshlensError): Record<string, unknown> {
  return {
    code: errorKinds[code].graphql,
    ...(details.source === undefined ? {} : { source: details.source }),
    // Of a source's answer it is a place in there, which no client can mend.
    ...(details.at === undefined || details.source !== undefined ? {} : { argument: details.at }),
    ...(details.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
  };
}

/** Requests that Fastify or Mercurius refused by an error with a 4xx status: malformed body, unknown content type, GET of a mutation. */
function refusalOf(cause: unknown): GraphQLFormattedError | null {
  if (!(cause instanceof Error)) return null;
  const status = "statusCode" in cause ? Number(cause.statusCode) : "validation" in cause ? 400 : 0;
  const isUnknownQuery = "code" in cause && cause.code === "MER_ERR_GQL_PERSISTED_QUERY_NOT_FOUND";
  if (isUnknownQuery) {
    const remedy = 'Send JSON with a text `query`: {"query": "{ sources { name } }"}.';
    return { message: `The request has no query. ${remedy}`, extensions: { code: "BAD_REQUEST", remedy } };
  }
  if (status === 405) return { message: cause.message, extensions: { code: "METHOD_NOT_ALLOWED" } };
  if (status < 400 || status > 499) return null;
  return { message: cause.message, extensions: { code: "BAD_REQUEST" } };
}
