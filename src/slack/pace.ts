/** How often Slack may be called: a post a second and channel, edits fewer than fifty a minute, and every pause Slack asks for. No timers. */
import type { Clock } from "../telemetry/clock.js";

/** What is counted apart. Source: https://docs.slack.dev/apis/web-api/rate-limits */
export type PaceKind = "post" | "update" | "upload";

const rules: Readonly<
  Record<PaceKind, { readonly everyMs: number; readonly burst: number; readonly isPerChannel: boolean }>
> = {
  post: { everyMs: 1_000, burst: 1, isPerChannel: true },
  update: { everyMs: 1_250, burst: 10, isPerChannel: false },
  upload: { everyMs: 3_000, burst: 3, isPerChannel: false },
};

/** Counts calls and keeps pauses. */
export interface Pace {
  /** From when the next call of the kind may be made, epoch ms; now or earlier: at once. */
  readyMs(kind: PaceKind, channel: string): number;
  took(kind: PaceKind, channel: string): void;
  /** No calls of the kind before then. */
  pauseKind(kind: PaceKind, channel: string, untilMs: number): void;
  /** Nothing at all to the channel before then; to no channel for null. */
  pauseAll(channel: string | null, untilMs: number): void;
}

/** A pace with nothing used yet. After a restart nothing is known of before: Slack then answers 429, which is kept to. */
export function createPace(clock: Clock): Pace {
  /** When the bucket of a key was or will be full. */
  const fullMs = new Map<string, number>();
  const pausedMs = new Map<string, number>();
  const keyOf = (kind: PaceKind, channel: string) => (rules[kind].isPerChannel ? `${kind} ${channel}` : kind);
  const pause = (key: string, untilMs: number) => pausedMs.set(key, Math.max(untilMs, pausedMs.get(key) ?? 0));
  return {
    readyMs(kind, channel) {
      const { everyMs, burst } = rules[kind];
      const key = keyOf(kind, channel);
      const bucketMs = (fullMs.get(key) ?? 0) - (burst - 1) * everyMs;
      return Math.max(bucketMs, ...[key, `all ${channel}`, "all"].map((one) => pausedMs.get(one) ?? 0));
    },
    took(kind, channel) {
      const key = keyOf(kind, channel);
      fullMs.set(key, Math.max(fullMs.get(key) ?? 0, clock.nowMs()) + rules[kind].everyMs);
    },
    pauseKind: (kind, channel, untilMs) => pause(keyOf(kind, channel), untilMs),
    pauseAll: (channel, untilMs) => pause(channel === null ? "all" : `all ${channel}`, untilMs),
  };
}
