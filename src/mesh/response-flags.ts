/** What Envoy's response flags mean, in words for people and as causes. Read by classify-outcome.ts and by edges' `responseFlags`. */
import type { FailureCause } from "./mesh.js";

/** One flag: its meaning, and the cause a failed call with it has (null: the flag explains no failure by itself). */
export interface ResponseFlag {
  readonly meaning: string;
  readonly cause: FailureCause | null;
}

/**
 * The table of flags. Source: Envoy's access-log documentation (response flags) and ztunnel's `DENY` and `CONNECT`.
 * Stories of a real mesh show which of them matter: DC is the caller's own timeout, FI and DI are injected on purpose.
 */
export const responseFlags: Readonly<Record<string, ResponseFlag>> = {
  CONNECT: { meaning: "the connection to the destination could not be made", cause: "CONNECTION_FAILED" },
  DC: { meaning: "the caller closed the connection before the answer", cause: "CALLER_GAVE_UP" },
  DENY: { meaning: "a policy of the mesh refused the connection", cause: null },
  DF: { meaning: "the destination's name did not resolve", cause: "NO_ENDPOINTS" },
  DI: { meaning: "a delay was injected by a fault rule", cause: null },
  DO: { meaning: "dropped because the destination is overloaded", cause: "CIRCUIT_OPEN" },
  DPE: { meaning: "the caller's request broke the protocol", cause: null },
  DT: { meaning: "the call or connection lasted longer than allowed", cause: "TIMEOUT" },
  FI: { meaning: "the answer was injected by a fault rule", cause: "FAULT_INJECTED" },
  IH: { meaning: "a header had a value the proxy refuses", cause: null },
  LH: { meaning: "the destination failed its health check", cause: "NO_ENDPOINTS" },
  LR: { meaning: "the proxy reset the connection", cause: "CONNECTION_FAILED" },
  NC: { meaning: "no such cluster: the route's destination does not exist", cause: "NO_ENDPOINTS" },
  NFCF: { meaning: "the proxy waits for the configuration of a filter", cause: "OTHER" },
  NR: { meaning: "no route matches the request", cause: "OTHER" },
  OM: { meaning: "the proxy itself is overloaded", cause: "CIRCUIT_OPEN" },
  RFCF: { meaning: "answered from the proxy's cache", cause: null },
  RL: { meaning: "refused by a rate limit", cause: null },
  RLSE: { meaning: "the rate-limit service failed", cause: "OTHER" },
  SI: { meaning: "the stream was idle for too long", cause: "TIMEOUT" },
  UAEX: { meaning: "refused by external authorisation", cause: null },
  UC: { meaning: "the destination closed the connection", cause: "CONNECTION_FAILED" },
  UF: { meaning: "the connection to the destination failed", cause: "CONNECTION_FAILED" },
  UH: { meaning: "the destination has no healthy endpoint", cause: "NO_ENDPOINTS" },
  UMSDR: { meaning: "the call reached the longest duration allowed", cause: "TIMEOUT" },
  UO: { meaning: "the circuit breaker is open: too many connections or requests", cause: "CIRCUIT_OPEN" },
  UPE: { meaning: "the destination's answer broke the protocol", cause: "CONNECTION_FAILED" },
  UR: { meaning: "the destination reset the connection", cause: "CONNECTION_FAILED" },
  URX: { meaning: "every retry or connection attempt failed", cause: "RETRIES_EXHAUSTED" },
  UT: { meaning: "the destination did not answer within the route's timeout", cause: "TIMEOUT" },
};

const noFlags: readonly string[] = [];

/** Members of a flags label (`DI,DC`), each once, sorted; `-` and "" are no flag. */
export function parseFlags(text: string | undefined): readonly string[] {
  if (text === undefined || text === "-" || text === "") return noFlags;
  const members = text.split(",").map((flag) => flag.trim());
  return [...new Set(members.filter((flag) => flag !== "" && flag !== "-"))].sort();
}

/** What a flag means, in a few words; an unknown one says that it is unknown. */
export function flagMeaning(flag: string): string {
  return Object.hasOwn(responseFlags, flag) ? (responseFlags[flag]?.meaning ?? "") : "a flag Meshlens does not know";
}
