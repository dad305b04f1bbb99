/** How far the event loop is behind with its work: what is asked for is then more than this process can do. Used by server.ts. */

/** A watch over the loop. */
export interface LoopDelay {
  /** The least delay of the last two looks, ms: one long pause (a collection, a large answer) is not yet too much work. */
  behindMs(): number;
  stop(): void;
}

/** For a process that asks itself: nobody else would be spared by its waiting. */
export const neverBehind: LoopDelay = { behindMs: () => 0, stop: () => {} };

const everyMs = 1_000;

/**
 * Looks every second.
 * @param nowMs a clock that only goes forward @param repeat calls again and again, so many ms apart as the loop allows, until it is stopped
 */
export function watchLoopDelay(nowMs: () => number = () => performance.now(), repeat = byInterval): LoopDelay {
  let dueMs = nowMs() + everyMs;
  let [last, before] = [0, 0];
  const stop = repeat(() => {
    before = last;
    last = Math.max(0, nowMs() - dueMs);
    dueMs = nowMs() + everyMs;
  }, everyMs);
  return { behindMs: () => Math.min(last, before), stop };
}

function byInterval(look: () => void, ms: number): () => void {
  const timer = setInterval(look, ms);
  timer.unref();
  return () => clearInterval(timer);
}
