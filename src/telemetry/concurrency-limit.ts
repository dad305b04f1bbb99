/** At most n calls under way to one backend; the others wait in order of arrival and can give up waiting. */

/** Waits for a place; the returned function gives it back and is safe to call twice. Rejects with the signal's reason. */
export interface ConcurrencyLimit {
  /** @param isUrgent before all who are not, and into the places kept for urgent ones where the others are taken */
  acquire(signal: AbortSignal, isUrgent?: boolean): Promise<() => void>;
  /** Places taken now. */
  usedPlaces(): number;
  /** Callers waiting now. */
  queueLength(): number;
}

/** A limit of `max` places, and `urgentMax` more that only urgent callers are given. */
export function createConcurrencyLimit(max: number, urgentMax = 0): ConcurrencyLimit {
  const waiting: Array<() => void> = [];
  const urgent: Array<() => void> = [];
  let used = 0;

  /** Lets in whoever is next, as far as there is room. */
  function letIn(): void {
    const next = used < max + urgentMax ? urgent.shift() : undefined;
    if (next !== undefined) next();
    else if (used < max) waiting.shift()?.();
  }

  const place = (): (() => void) => {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      used -= 1;
      letIn();
    };
  };

  return {
    usedPlaces: () => used,
    queueLength: () => waiting.length + urgent.length,
    acquire(signal, isUrgent = false) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (used < (isUrgent ? max + urgentMax : max)) {
        used += 1;
        return Promise.resolve(place());
      }
      const queue = isUrgent ? urgent : waiting;
      return new Promise((resolve, reject) => {
        const enter = () => {
          signal.removeEventListener("abort", leave);
          used += 1;
          resolve(place());
        };
        const leave = () => {
          queue.splice(queue.indexOf(enter), 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        queue.push(enter);
      });
    },
  };
}
