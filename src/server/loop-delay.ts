/** How far the event loop is behind with its work: what is asked for is then more than this process can do. Used by start-server.ts. */

/** A watch over the loop. */
export interface LoopDelay {
  /** The least delay of the last two looks, ms: one long pause (a collection, a large answer) is not yet too much work. */
  behindMs(): number;
  stop(): void;
}

const everyMs = 1_000;

/** Looks every second; @param nowMs a clock that only goes forward */
export function watchLoopDelay(nowMs: () => number = () => performance.now()): LoopDelay {
  let dueMs = nowMs() + everyMs;
  let [last, before] = [0, 0];
  const timer = setInterval(() => {
    before = last;
    last = Math.max(0, nowMs() - dueMs);
    dueMs = nowMs() + everyMs;
  }, everyMs);
  timer.unref();
  return { behindMs: () => Math.min(last, before), stop: () => clearInterval(timer) };
}
