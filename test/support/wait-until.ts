/** Waiting for a condition instead of for time. */
import { setTimeout as pause } from "node:timers/promises";

/** Limits of a wait. */
export interface WaitOptions {
  /** Default 30 s: it only ends a wait in vain, on a busy machine too. */
  readonly limitMs?: number;
  /** Ends the wait at once, with its reason. */
  readonly signal?: AbortSignal;
  /** Says why waiting is pointless (the server ended); null while it is not. */
  readonly hopeless?: () => string | null;
}

const pollMs = 20;

/**
 * Returns when `isReached` answers true; an answer of false and an exception both mean not yet.
 * @throws Error naming what was waited for, how long, and the last exception
 */
export async function waitUntil(
  what: string,
  isReached: () => boolean | Promise<boolean>,
  { limitMs = 30_000, signal, hopeless }: WaitOptions = {},
): Promise<void> {
  const endMs = performance.now() + limitMs;
  let last = "it was not reached";
  for (;;) {
    signal?.throwIfAborted();
    try {
      if (await isReached()) return;
    } catch (error) {
      last = describe(error);
    }
    const reason = hopeless?.();
    if (reason) throw new Error(`${what}: ${reason}`);
    if (performance.now() > endMs) throw new Error(`${what}: not within ${limitMs / 1000} s (last: ${last})`);
    await pause(pollMs);
  }
}

/** fetch says only "fetch failed"; the reason is its cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
