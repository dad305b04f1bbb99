/**
 * Every error Meshlens raises on purpose: a stable code, what it means for a GraphQL client and whether trying again can help.
 * Called from every room; docs/reference/errors.md is written from this table and a test keeps them equal.
 */

/** What a code stands for. `graphql` is `extensions.code` of a GraphQL error, `retryable` says whether the same call may succeed later. */
export interface ErrorKind {
  readonly graphql: string;
  readonly retryable: boolean;
  readonly meaning: string;
}

/** The table of codes. A code is never renamed or reused: users match on it. */
export const errorKinds = {
  MESHLENS_ERR_CONFIG_INVALID: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: false,
    meaning:
      "The configuration has an unknown key, a wrong type or an unset variable; the message names file, line and key.",
  },
  MESHLENS_ERR_SOURCE_UNREACHABLE: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: true,
    meaning: "A backend refused the connection, its name did not resolve, TLS failed or the connection broke.",
  },
  MESHLENS_ERR_SOURCE_TIMEOUT: {
    graphql: "SOURCE_TIMEOUT",
    retryable: true,
    meaning: "A backend did not answer within the deadline of the request.",
  },
  MESHLENS_ERR_SOURCE_UNAUTHORIZED: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: false,
    meaning: "A backend answered 401 or 403: its credentials in the configuration are missing, wrong or too weak.",
  },
  MESHLENS_ERR_SOURCE_RATE_LIMITED: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: true,
    meaning: "A backend answered 429; it is left alone until its Retry-After has passed.",
  },
  MESHLENS_ERR_SOURCE_STATUS: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: true,
    meaning: "A backend answered with an HTTP status that is no answer (404 on a route it must have, 5xx).",
  },
  MESHLENS_ERR_SOURCE_QUERY_REFUSED: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: false,
    meaning:
      "A backend refused the query itself (400, 422): too heavy for its limits, or a version Meshlens does not know.",
  },
  MESHLENS_ERR_SOURCE_DECODE: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: true,
    meaning:
      "A backend answered something else than its API says: HTML, cut JSON, a wrong shape. The URL may point to another program.",
  },
  MESHLENS_ERR_SOURCE_TOO_LARGE: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: false,
    meaning:
      "A backend's answer passed maxResponseBytes and was cut off unread; ask for a shorter range or raise the cap.",
  },
  MESHLENS_ERR_SOURCE_CIRCUIT_OPEN: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: true,
    meaning: "A backend failed several times in a row and is not asked again before a short pause is over.",
  },
  MESHLENS_ERR_SOURCE_ABORTED: {
    graphql: "SOURCE_TIMEOUT",
    retryable: true,
    meaning: "The call was given up because the client that asked has gone.",
  },
  MESHLENS_ERR_SOURCE_UNSUPPORTED: {
    graphql: "SOURCE_UNAVAILABLE",
    retryable: false,
    meaning: "A backend is of a kind or version that cannot answer this question.",
  },
  MESHLENS_ERR_QUERY_INPUT: {
    graphql: "BAD_USER_INPUT",
    retryable: false,
    meaning: "An argument is malformed or out of range; the message names it and says what is accepted.",
  },
  MESHLENS_ERR_QUERY_COST: {
    graphql: "COST_LIMIT",
    retryable: false,
    meaning:
      "The operation would cost more upstream work than one request may; ask for less range, fewer pillars or fewer services.",
  },
  MESHLENS_ERR_ACCESS_UNAUTHENTICATED: {
    graphql: "UNAUTHENTICATED",
    retryable: false,
    meaning:
      "No bearer token, one that is not configured, or a signed one that is forged, expired or meant for others.",
  },
  MESHLENS_ERR_ACCESS_FORBIDDEN: {
    graphql: "FORBIDDEN",
    retryable: false,
    meaning: "The token is known but its actions or its namespaces do not allow this operation.",
  },
  MESHLENS_ERR_ACCESS_KEYS_UNAVAILABLE: {
    graphql: "KEYS_UNAVAILABLE",
    retryable: true,
    meaning:
      "The keys of the issuer of a signed token cannot be read, and were not before: its `jwksUrl` is down or wrong.",
  },
  MESHLENS_ERR_ACCESS_RATE_LIMITED: {
    graphql: "RATE_LIMITED",
    retryable: true,
    meaning:
      "The caller has asked more often than `server.rateLimit` allows; the answer says after how long to ask again.",
  },
  MESHLENS_ERR_STORE_UNREACHABLE: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: true,
    meaning: "The database cannot be opened or reached: its folder, address, credentials or connection is at fault.",
  },
  MESHLENS_ERR_STORE_LOCKED: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: true,
    meaning: "Another process uses the SQLite file, or holds a lock on the database for longer than is waited.",
  },
  MESHLENS_ERR_STORE_FULL: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: true,
    meaning: "The disk of the database is full; what was being written is not stored, what was stored before is.",
  },
  MESHLENS_ERR_STORE_VERSION: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: false,
    meaning: "The database was written by a newer Meshlens, or is no database of Meshlens.",
  },
  MESHLENS_ERR_STORE_CORRUPT: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: false,
    meaning: "The database holds what cannot be read back; restore a backup or move the file away.",
  },
  MESHLENS_ERR_STORE_FENCED: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: true,
    meaning:
      "Another copy of Meshlens has taken over what this one was doing; nothing was stored, the other copy does it.",
  },
  MESHLENS_ERR_STORE_CONFLICT: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: false,
    meaning: "Another evaluator has written other transitions for the same objective; nothing was stored.",
  },
  MESHLENS_ERR_SERVER_LISTEN: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: false,
    meaning:
      "The address could not be listened on: the port is in use, not allowed, or the address is not of this machine.",
  },
  MESHLENS_ERR_SERVER_BUSY: {
    graphql: "SERVER_BUSY",
    retryable: true,
    meaning:
      "Too many heavy operations at once: this one was refused (503 with Retry-After) before anything was asked.",
  },
  MESHLENS_ERR_DEMO_SCENARIO: {
    graphql: "BAD_USER_INPUT",
    retryable: false,
    meaning:
      "The demo knows no scenario of that name, or the simulated mesh lacks what it needs; the message lists those it can play.",
  },
  MESHLENS_ERR_INTERNAL: {
    graphql: "INTERNAL_SERVER_ERROR",
    retryable: false,
    meaning: "A fault of Meshlens itself; the server's log has the cause under the request id.",
  },
} as const satisfies Record<string, ErrorKind>;

/** A stable code of the table above. */
export type ErrorCode = keyof typeof errorKinds;

/** More about one error than its sentence: which source, how long to wait. Never a secret, never a response body. */
export interface ErrorDetails {
  /** Name of the source in the configuration. */
  readonly source?: string;
  /** HTTP status the backend answered, where there was one. */
  readonly status?: number;
  /** How long the backend asked to be left alone, in ms. */
  readonly retryAfterMs?: number;
  /** The argument, configuration key or JSON path at fault. */
  readonly at?: string;
}

/** An error raised on purpose: one sentence for people, a code for programs. A class because `instanceof` is its use. */
export class MeshlensError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "MeshlensError";
    this.code = code;
    this.details = details;
  }
}

/** Whether a thrown value is ours; narrows to it. */
export function isMeshlensError(error: unknown): error is MeshlensError {
  return error instanceof MeshlensError;
}
