/**
 * Whether a request is from Slack, and for the first time: the signature of version v0 over its raw body. Pure but for what it remembers;
 * called by the route of interactions. Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../telemetry/clock.js";

/** A request as it arrived. */
export interface IncomingRequest {
  /** `X-Slack-Request-Timestamp`, seconds. */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature`. */
  readonly signature: string | undefined;
  /** Byte for byte. */
  readonly body: Buffer;
}

/** Why a request is refused; null for one that is not. */
export type Refusal = "UNSIGNED" | "LATE" | "FORGED" | "REPLAYED";

/** Judges requests, each once. */
export type RequestVerifier = (request: IncomingRequest) => Refusal | null;

/** Both ways: a clock ahead of ours is as far off as one behind. */
const mostSkewMs = 300_000;

/** A verifier; it remembers what it let in for as long as the time in it would be accepted, so a second copy is a replay. */
export function createRequestVerifier(signingSecret: string, clock: Clock): RequestVerifier {
  /** Signatures let in, with the instant from which their time alone refuses them; in the order they came. */
  const seen = new Map<string, number>();

  return ({ timestamp, signature, body }) => {
    if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return "UNSIGNED";
    const nowMs = clock.nowMs();
    const sentMs = Number(timestamp) * 1_000;
    if (Math.abs(nowMs - sentMs) > mostSkewMs) return "LATE";
    const expected = `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;
    if (!isSame(expected, signature)) return "FORGED";
    for (const [old, endMs] of seen) if (endMs < nowMs) seen.delete(old);
    // Only what Slack signed is remembered: nobody else can fill the memory.
    if (seen.has(expected)) return "REPLAYED";
    seen.set(expected, sentMs + mostSkewMs);
    return null;
  };
}

/** In a time that does not tell how much of it was right. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
