/** Slack's rate limits over the stand-in's calls: a message a second and channel after a burst of three, tiers by the minute for the rest. */
import { webMethods } from "./web-methods.js";

/** Counts calls. */
export interface RateLimits {
  /** Seconds to wait before this call; null and counted when it may go. */
  take(method: string, channel: string): number | null;
}

const minuteMs = 60_000;
const burst = 3;

/** Nothing counted yet. A webhook is a channel of its own. */
export function createRateLimits(nowMs: () => number): RateLimits {
  const taken = new Map<string, number[]>();

  function takeOne(key: string, most: number, withinMs: number): number | null {
    const now = nowMs();
    const recent = (taken.get(key) ?? []).filter((atMs) => atMs > now - withinMs);
    const [first] = recent;
    taken.set(key, recent);
    if (first !== undefined && recent.length >= most) return Math.max(1, Math.ceil((first + withinMs - now) / 1_000));
    recent.push(now);
    return null;
  }

  return {
    take(method, channel) {
      const limit = method === "webhook" ? "channel" : (webMethods.get(method)?.limit ?? null);
      if (limit === null) return null;
      return limit === "channel"
        ? takeOne(`${method} ${channel}`, burst, burst * 1_000)
        : takeOne(method, limit, minuteMs);
    },
  };
}
