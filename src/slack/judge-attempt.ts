/** What a failed call means for its delivery: when to try again, what to pause, when to give up. Pure; called by the pass. */
import type { DeliveryOutcome, StoredDelivery } from "../store/outbox-store.js";
import type { Failure } from "./call-result.js";
import { refusalKind, refusalWords } from "./slack-errors.js";

/** A judgement. */
export interface Judgement {
  readonly outcome: DeliveryOutcome;
  /** Nothing more before then: of this kind to this channel, to this channel, or at all. */
  readonly pause: { readonly scope: "KIND" | "CHANNEL" | "WORKSPACE"; readonly untilMs: number } | null;
}

/** What it is judged on. */
export interface JudgeInput {
  readonly delivery: Pick<StoredDelivery, "attempts" | "queuedAtMs">;
  readonly failure: Failure;
  /** Whether doing it twice would be seen: posts, not edits. */
  readonly isRepeatSeen: boolean;
  /** Whether an earlier attempt may have arrived. */
  readonly wasAmbiguous: boolean;
  readonly nowMs: number;
  /** 0 up to 1. */
  readonly random: number;
  readonly maxAgeMs: number;
}

const firstDelayMs = 1_000;
const longestDelayMs = 300_000;
/** Long enough that Slack's history knows of what arrived. */
const lookupDelayMs = 2_000;
/** How long a fault that people must mend is left alone. */
const mendDelayMs = 60_000;

/** Half of the delay is chance, so that what failed together does not come back together. */
export function backoffMs(attempts: number, random: number): number {
  const fullMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempts, 20));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}

/** The judgement. What cannot be known to have arrived stays AMBIGUOUS until it is looked up. */
export function judgeAttempt(input: JudgeInput): Judgement {
  const { failure, delivery, nowMs, isRepeatSeen, wasAmbiguous } = input;
  const error = failureWords(failure);
  const kind = failure.kind === "refused" ? refusalKind(failure.error) : null;
  if (kind === "CONTENT") return { outcome: { state: "DEAD", error }, pause: null };
  if (nowMs - delivery.queuedAtMs > input.maxAgeMs) {
    return { outcome: { state: "DEAD", error: `given up after its time to live: ${error}` }, pause: null };
  }
  // An edit whose message is gone becomes a post: what may have been posted for it before a crash is still to be looked up.
  const isOpen = isRepeatSeen ? wasAmbiguous || failure.kind === "ambiguous" : wasAmbiguous && kind === "GONE";
  const delayMs = delayOf(input, kind);
  const outcome = { state: isOpen ? "AMBIGUOUS" : "FAILED", nextAttemptMs: nowMs + delayMs, error } as const;
  const untilMs = nowMs + delayMs;
  if (failure.kind === "rate-limited") return { outcome, pause: { scope: "KIND", untilMs } };
  if (kind === "WORKSPACE") return { outcome, pause: { scope: "WORKSPACE", untilMs } };
  if (kind === "CHANNEL") return { outcome, pause: { scope: "CHANNEL", untilMs } };
  return { outcome, pause: null };
}

function delayOf({ failure, delivery, random }: JudgeInput, kind: ReturnType<typeof refusalKind> | null): number {
  if (failure.kind === "rate-limited") return failure.retryAfterMs;
  if (kind === "WORKSPACE" || kind === "CHANNEL") return mendDelayMs;
  if (kind === "GONE") return 0;
  const delayMs = backoffMs(delivery.attempts, random);
  return failure.kind === "ambiguous" ? Math.max(lookupDelayMs, delayMs) : delayMs;
}

/** A failure in words; holds nothing secret, because results do not. */
export function failureWords(failure: Failure): string {
  switch (failure.kind) {
    case "refused":
      return refusalWords(failure.error, failure.needed);
    case "rate-limited":
      return `Slack asked to wait ${Math.round(failure.retryAfterMs / 1_000)} s`;
    default:
      return failure.reason;
  }
}
