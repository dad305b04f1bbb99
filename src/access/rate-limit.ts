/** How often one caller may ask: a bucket per principal, per address for those who have no name. Wraps authentication, so that every way in counts. */
import { isMeshlensError, MeshlensError } from "../errors.js";
import type { Clock } from "../telemetry/clock.js";
import type { Authenticate, Caller } from "./authenticate.js";
import { everyone, type Principal } from "./principal.js";

/** What is allowed. */
export interface RateLimit {
  /** Requests a second over time. */
  readonly perSecond: number;
  /** Requests at once after a pause. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Callers that are remembered; the one who asked least lately is forgotten. */
const mostCallers = 10_000;
/** What sums of fractions are off by. */
const rounding = 1e-6;

/** Takes one of a caller's requests. @returns 0 when it may go on, else in how many ms the next one may */
export function createRateLimit({ perSecond, burst }: RateLimit, clock: Clock): (caller: string) => number {
  const buckets = new Map<string, Bucket>();
  return (caller) => {
    const nowMs = clock.nowMs();
    const { tokens, atMs } = buckets.get(caller) ?? { tokens: burst, atMs: nowMs };
    // A clock that goes back gives nothing and takes nothing.
    const filled = Math.min(burst, tokens + (Math.max(0, nowMs - atMs) / 1_000) * perSecond);
    const isAllowed = filled >= 1 - rounding;
    buckets.delete(caller);
    buckets.set(caller, { tokens: isAllowed ? filled - 1 : filled, atMs: nowMs });
    const [oldest] = buckets.keys();
    if (buckets.size > mostCallers && oldest !== undefined) buckets.delete(oldest);
    return isAllowed ? 0 : Math.ceil(((1 - filled) / perSecond) * 1_000 - rounding);
  };
}

/** The same authentication for callers within their limit; refused ones count for their address. */
export function limitRate(authenticate: Authenticate, limit: RateLimit, clock: Clock): Authenticate {
  const take = createRateLimit(limit, clock);
  return async (request) => {
    const principal = await authenticate(request).catch((refusal: unknown) => {
      if (isMeshlensError(refusal)) allow(take(addressOf(request)));
      throw refusal;
    });
    allow(take(keyOf(principal, request)));
    return principal;
  };
}

function keyOf(principal: Principal, request: Caller): string {
  return principal === everyone ? addressOf(request) : `token ${principal.name}`;
}

function addressOf({ ip }: Caller): string {
  return `address ${ip}`;
}

function allow(waitMs: number): void {
  if (waitMs === 0) return;
  const message = `asked more often than server.rateLimit allows: ask again in ${Math.ceil(waitMs / 1_000)} s`;
  throw new MeshlensError("MESHLENS_ERR_ACCESS_RATE_LIMITED", message, { retryAfterMs: waitMs });
}
