/** What waits for a slow reader: the newest of each key only, at most so many keys. Called by subscriptions. */

/** An iterator that is fed from outside. */
export interface ConflatedQueue<T> extends AsyncIterableIterator<T> {
  /** Replaces what waits under the key; beyond the limit the reader is told `overflow` and the queue ends. */
  push(key: string, value: T): void;
}

/** An empty queue; `onEnd` hears of its end once. */
export function createConflatedQueue<T>(limit: number, overflow: () => Error, onEnd: () => void): ConflatedQueue<T> {
  const waiting = new Map<string, T>();
  const readers: ((result: IteratorResult<T>) => void)[] = [];
  let failure: Error | null = null;
  let isOver = false;
  const done = { done: true, value: undefined } as const;

  function end(): void {
    if (isOver) return;
    isOver = true;
    waiting.clear();
    onEnd();
    for (const reader of readers.splice(0)) reader(done);
  }

  return {
    push(key, value) {
      if (isOver) return;
      const reader = readers.shift();
      if (reader !== undefined) return reader({ done: false, value });
      waiting.set(key, value);
      if (waiting.size <= limit) return;
      failure = overflow();
      end();
    },
    next() {
      const [first] = waiting;
      if (first !== undefined) {
        waiting.delete(first[0]);
        return Promise.resolve({ done: false, value: first[1] });
      }
      if (failure !== null) {
        const error = failure;
        failure = null;
        return Promise.reject(error);
      }
      if (isOver) return Promise.resolve(done);
      return new Promise((resolve) => readers.push(resolve));
    },
    return() {
      end();
      return Promise.resolve(done);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
