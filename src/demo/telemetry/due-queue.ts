/** Things that are known before they may be seen. Keeps spans until they end and log lines until they are written. */

const slotMs = 1_000;

/** Things with the instant from which they may be seen. */
export interface DueQueue<T> {
  put(atMs: number, thing: T): void;
  /** Takes out all that are due by `untilMs` (inclusive), the earliest first. */
  takeUntil(untilMs: number): T[];
  readonly size: number;
}

interface Due<T> {
  readonly atMs: number;
  readonly thing: T;
}

/** An empty queue. */
export function createDueQueue<T>(): DueQueue<T> {
  const slots = new Map<number, Due<T>[]>();
  let size = 0;
  return {
    put(atMs, thing) {
      const index = Math.floor(atMs / slotMs);
      const slot = slots.get(index);
      if (slot === undefined) slots.set(index, [{ atMs, thing }]);
      else slot.push({ atMs, thing });
      size++;
    },
    takeUntil(untilMs) {
      const last = Math.floor(untilMs / slotMs);
      const due: Due<T>[] = [];
      for (const [index, slot] of [...slots]) {
        if (index > last) continue;
        const later = slot.filter(({ atMs }) => atMs > untilMs);
        if (later.length > 0) slots.set(index, later);
        else slots.delete(index);
        for (const one of slot) if (one.atMs <= untilMs) due.push(one);
      }
      size -= due.length;
      return due.sort((a, b) => a.atMs - b.atMs).map(({ thing }) => thing);
    },
    get size() {
      return size;
    },
  };
}
