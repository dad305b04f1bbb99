/** Waiting for a condition of a server, which may refuse connections until it is there. */
import { setTimeout as pause } from "node:timers/promises";

/** Limits of a wait. */
export interface WaitOptions {
  readonly limitMs: number;
  /** Ends the wait at once, with its reason. */
  readonly signal?: AbortSignal;
  /** Says why waiting is pointless (the server ended); null while it is not. */
  readonly hopeless?: () => string | null;
}

const pollMs = 100;

/**
 * Returns when `isReached` answers true; an answer of false and an exception both mean not yet.
 * @throws Error naming what was waited for, how long, and the last exception
 */
export async function waitUntil(what: string, isReached: () => Promise<boolean>, options: WaitOptions): Promise<void> {
  const endMs = performance.now() + options.limitMs;
  let last = "it was not reached";
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      if (await isReached()) return;
    } catch (error) {
      last = describe(error);
    }
    const reason = options.hopeless?.();
    if (reason) throw new Error(`${what}: ${reason}`);
    if (performance.now() > endMs) throw new Error(`${what}: not within ${options.limitMs / 1000} s (last: ${last})`);
    await pause(pollMs);
  }
}

/** fetch says only "fetch failed"; the reason is its cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
