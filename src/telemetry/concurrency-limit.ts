/** At most n calls under way to one backend; the others wait in order of arrival and can give up waiting. */

/** Waits for a place; the returned function gives it back and is safe to call twice. Rejects with the signal's reason. */
export interface ConcurrencyLimit {
  acquire(signal: AbortSignal): Promise<() => void>;
  /** Callers waiting now. */
  queueLength(): number;
}

/** A limit of `max` places. */
export function createConcurrencyLimit(max: number): ConcurrencyLimit {
  const waiting: Array<() => void> = [];
  let used = 0;

  const place = (): (() => void) => {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      used -= 1;
      waiting.shift()?.();
    };
  };

  return {
    queueLength: () => waiting.length,
    acquire(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (used < max) {
        used += 1;
        return Promise.resolve(place());
      }
      return new Promise((resolve, reject) => {
        const enter = () => {
          signal.removeEventListener("abort", leave);
          used += 1;
          resolve(place());
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(enter), 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        waiting.push(enter);
      });
    },
  };
}
