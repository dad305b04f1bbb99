/**
 * What counts as failed, as the client's fault, or as nobody's: the contract's rule, for every dialect the same. Pure; called by the
 * metrics reader for services and edges, and by objectives, so that views cannot disagree.
 */
import type { ClientErrorCause, FailureCause, RequestOutcome } from "./mesh.js";
import { flagMeaning, responseFlags } from "./response-flags.js";

/** Calls of one kind, as a dialect read them from its labels. */
export interface CountedCalls {
  readonly count: number;
  /** HTTP status as a number; 0 = no response was sent; null = the metrics do not say. */
  readonly code: number | null;
  /** gRPC status; null for calls that are not gRPC or without a status. */
  readonly grpcStatus: number | null;
  /** Envoy's response flags, a set. */
  readonly flags: readonly string[];
  /** True where the caller is a gateway or outside the mesh: its going away is the client's affair. */
  readonly isFromOutside: boolean;
  /** Set where the metrics say that it failed without saying how (OpenTelemetry's status, Linkerd's classification). */
  readonly isMarkedFailed?: boolean;
}

/** The class of a call, with the cause where there is one. */
export type Verdict =
  | { readonly kind: "SUCCESS" | "LEFT" }
  | { readonly kind: "FAILED"; readonly cause: FailureCause }
  | { readonly kind: "CLIENT_ERROR"; readonly cause: ClientErrorCause };

/** gRPC statuses that blame the server: UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
export const failedGrpc: ReadonlySet<number> = new Set([2, 4, 8, 12, 13, 14, 15]);

/**
 * Which cause a failed call with several flags has: what was done on purpose first, then who gave up, then the reason behind the last
 * attempt; "retries exhausted" says only that there were attempts, so any flag that says why they failed comes before it.
 */
const precedence: readonly FailureCause[] = [
  "FAULT_INJECTED",
  "CALLER_GAVE_UP",
  "CIRCUIT_OPEN",
  "NO_ENDPOINTS",
  "TIMEOUT",
  "CONNECTION_FAILED",
  "RETRIES_EXHAUSTED",
  "OTHER",
];

/** The verdict on one kind of call; depends on the set of flags, never on their order. */
export function verdictOf(calls: CountedCalls): Verdict {
  if (calls.flags.includes("DC")) {
    return calls.isFromOutside ? { kind: "LEFT" } : { kind: "FAILED", cause: failureCause(calls) };
  }
  if (isFailed(calls)) return { kind: "FAILED", cause: failureCause(calls) };
  const cause = clientErrorCause(calls);
  return cause === null ? success : { kind: "CLIENT_ERROR", cause };
}

const success: Verdict = { kind: "SUCCESS" };

function isFailed({ code, grpcStatus, isMarkedFailed }: CountedCalls): boolean {
  if (code !== null && (code === 0 || code >= 500)) return true;
  if (code !== null && code >= 400) return false;
  if (grpcStatus !== null) return failedGrpc.has(grpcStatus);
  return isMarkedFailed === true;
}

function failureCause(calls: CountedCalls): FailureCause {
  const causes = new Set(calls.flags.map((flag) => responseFlags[flag]?.cause ?? null));
  const named = precedence.find((cause) => causes.has(cause));
  if (named !== undefined) return named;
  const { code, grpcStatus } = calls;
  if (code === 0) return "OTHER";
  if (code !== null && code >= 500) return "SERVER_ERROR";
  return grpcStatus !== null && failedGrpc.has(grpcStatus) ? "GRPC_ERROR" : "SERVER_ERROR";
}

function clientErrorCause({ code, grpcStatus, flags }: CountedCalls): ClientErrorCause | null {
  const isHttpError = code !== null && code >= 400 && code < 500;
  const isGrpcError = !isHttpError && grpcStatus !== null && grpcStatus !== 0;
  if (!isHttpError && !isGrpcError) return null;
  if (flags.includes("UAEX")) return "DENIED";
  if (flags.includes("RL") || code === 429) return "RATE_LIMITED";
  if (flags.includes("NR")) return "NO_ROUTE";
  if (isHttpError) return code === 401 ? "UNAUTHENTICATED" : code === 403 ? "DENIED" : "OTHER";
  return grpcStatus === 16 ? "UNAUTHENTICATED" : grpcStatus === 7 ? "DENIED" : "OTHER";
}

/** Sums calls of one service or edge into its outcome. No calls at all: zeros with null ratios; "no rows" is for the reader to tell. */
export function outcomeOf(calls: Iterable<CountedCalls>): RequestOutcome {
  let requestCount = 0;
  let leftCount = 0;
  // Most edges of a mesh have nothing of these; a map each would weigh more than their calls.
  let failures: Map<FailureCause, number> | null = null;
  let clientErrors: Map<ClientErrorCause, number> | null = null;
  let flagCounts: Map<string, number> | null = null;
  for (const one of calls) {
    requestCount += one.count;
    for (const flag of one.flags) flagCounts = added(flagCounts, flag, one.count);
    const verdict = verdictOf(one);
    if (verdict.kind === "LEFT") leftCount += one.count;
    else if (verdict.kind === "FAILED") failures = added(failures, verdict.cause, one.count);
    else if (verdict.kind === "CLIENT_ERROR") clientErrors = added(clientErrors, verdict.cause, one.count);
  }
  const failedCount = total(failures);
  const clientErrorCount = total(clientErrors);
  const counted = requestCount - leftCount;
  return {
    requestCount,
    leftCount,
    failedCount,
    clientErrorCount,
    errorRatio: counted > 0 ? failedCount / counted : null,
    clientErrorRatio: counted > 0 ? clientErrorCount / counted : null,
    failures: largestFirst(failures).map(([cause, count]) => ({ cause, count })),
    clientErrors: largestFirst(clientErrors).map(([cause, count]) => ({ cause, count })),
    responseFlags: largestFirst(flagCounts).map(([flag, count]) => ({
      flag,
      meaning: flagMeaning(flag),
      share: count / requestCount,
    })),
  };
}

function added<K>(counts: Map<K, number> | null, key: K, count: number): Map<K, number> {
  const own = counts ?? new Map<K, number>();
  return own.set(key, (own.get(key) ?? 0) + count);
}

function total(counts: ReadonlyMap<unknown, number> | null): number {
  let sum = 0;
  if (counts !== null) for (const count of counts.values()) sum += count;
  return sum;
}

const none: readonly never[] = [];

function largestFirst<K extends string>(counts: ReadonlyMap<K, number> | null): readonly (readonly [K, number])[] {
  if (counts === null) return none;
  return [...counts].filter(([, count]) => count > 0).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}
