/** From what the SDK and fetch throw to a result. Only fixed words of ours leave here: their own texts may hold URLs, bodies and tokens. */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import type { CallResult } from "./slack-port.js";

/** A result that is no success. */
export type Failure = Exclude<CallResult<never>, { readonly kind: "ok" }>;

/** Slack's words for "part of it may have been done". */
const ambiguousWords: ReadonlySet<string> = new Set(["internal_error", "fatal_error", "request_timeout"]);
const limitWords: ReadonlySet<string> = new Set(["ratelimited", "rate_limited", "message_limit_exceeded"]);
/** Codes of Node for a connection that never was. */
const neverSent: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** The failure of a thrown value; never throws. */
export function failureOf(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError) return { kind: "rate-limited", retryAfterMs: limitMs(error.retryAfter) };
  if (error instanceof WebAPIPlatformError) return refusal(error.data.error, error.data);
  if (error instanceof WebAPIHTTPError) return statusFailure(error.statusCode);
  return networkFailure(error instanceof WebAPIRequestError ? error.original : error);
}

/** The failure of Slack's `ok: false`. */
export function refusal(error: unknown, answer: object = {}): Failure {
  // An answer that is no JSON, such as a proxy's page, comes as its whole text where the word should be.
  if (typeof error !== "string" || !/^[a-z][a-z0-9_]{1,60}$/.test(error)) {
    return { kind: "ambiguous", reason: "the answer was none of Slack's" };
  }
  if (limitWords.has(error)) return { kind: "rate-limited", retryAfterMs: limitMs(undefined) };
  if (ambiguousWords.has(error)) return { kind: "ambiguous", reason: `Slack answered ${error}` };
  const needed = "needed" in answer && typeof answer.needed === "string" ? answer.needed : "";
  // Scopes and nothing else: a proxy could put anything there.
  return { kind: "refused", error, needed: /^[a-z][a-z.:_, ]{0,99}$/.test(needed) ? needed : null };
}

/** The failure of an HTTP status that is not 200. */
export function statusFailure(status: number): Failure {
  return status >= 500
    ? { kind: "ambiguous", reason: `Slack answered HTTP ${status}` }
    : { kind: "not-sent", reason: `something before Slack answered HTTP ${status}` };
}

/** How long to wait on a 429, at least a second, at most five minutes; 30 s where it does not say. */
export function limitMs(retryAfterSeconds: number | undefined): number {
  return Math.min(300, Math.max(1, retryAfterSeconds ?? 30)) * 1_000;
}

function networkFailure(error: unknown): Failure {
  const codes = [error, fieldOf(error, "cause")].map((one) => String(fieldOf(one, "code")));
  const code = codes.find((one) => neverSent.has(one));
  if (code !== undefined) return { kind: "not-sent", reason: `Slack could not be reached (${code})` };
  const isTimeout = ["TimeoutError", "AbortError"].includes(String(fieldOf(error, "name")));
  return { kind: "ambiguous", reason: isTimeout ? "Slack did not answer in time" : "the connection to Slack broke" };
}

/** Not by instanceof: what fetch throws may be of another realm. */
function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
