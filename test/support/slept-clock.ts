/** A clock that stands still until everybody who waits on it sleeps, and then goes to whoever wakes first. */
import { setImmediate } from "node:timers/promises";

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** The clock, its pause, and the hand that moves it. */
export function createSleptClock(startMs: number) {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    clock: { nowMs: () => nowMs },
    /** Sets it, forwards or back; sleepers keep their rest. */
    set(ms: number) {
      const change = ms - nowMs;
      nowMs = ms;
      for (const sleeper of [...sleepers]) {
        sleepers.delete(sleeper);
        sleepers.add({ ...sleeper, atMs: sleeper.atMs + change });
      }
    },
    /** Time that passes while nobody sleeps: work that takes long. */
    pass(ms: number) {
      nowMs += ms;
    },
    pause(ms: number, signal: AbortSignal): Promise<void> {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const atMs = nowMs + Math.max(0, ms);
        const wake = () => {
          for (const one of sleepers) if (one.wake === wake) sleepers.delete(one);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        sleepers.add({ atMs, wake });
        signal.addEventListener("abort", wake, { once: true });
      });
    },
    /** Until this many sleep, so that all that was due has been done. */
    async settled(count: number) {
      while (sleepers.size < count) await setImmediate();
    },
    /**
     * Moves on to the next who wakes, again and again, until an instant; `count` is how many sleep when all is quiet, `isQuiet` asks for
     * work that sleeps nowhere.
     */
    async runUntil(
      ms: number,
      count: number,
      before: (nowMs: number) => void | Promise<void> = () => {},
      isQuiet: () => boolean | Promise<boolean> = () => true,
    ) {
      for (;;) {
        await this.settled(count);
        if (!(await isQuiet())) {
          await setImmediate();
          continue;
        }
        const next = [...sleepers].sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > ms) break;
        nowMs = Math.max(nowMs, next.atMs);
        await before(nowMs);
        next.wake();
      }
      nowMs = Math.max(nowMs, ms);
    },
  };
}
