/** Answers that outlive a request for a while: which dialects a source speaks, who is who in the mesh. */
import type { Clock } from "../../telemetry/clock.js";

/** A keeper of answers by key. */
export interface KeptAnswers<T> {
  /** The kept answer, or the one being made, or a new one by `make`. A failure is not kept, and is not passed on to others. */
  get(key: string, make: () => Promise<T>): Promise<T>;
}

interface Entry<T> {
  readonly answer: Promise<T>;
  readonly madeAtMs: number;
}

/** Keeps at most `limit` answers for `keepMs` each; the oldest goes first. */
export function createKeptAnswers<T>(clock: Clock, keepMs: number, limit: number): KeptAnswers<T> {
  const entries = new Map<string, Entry<T>>();

  function begin(key: string, make: () => Promise<T>): Promise<T> {
    const entry = { answer: make(), madeAtMs: clock.nowMs() };
    entries.delete(key);
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= limit) break;
      entries.delete(oldest);
    }
    entry.answer.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    return entry.answer;
  }

  return {
    async get(key, make) {
      const kept = entries.get(key);
      if (kept === undefined || clock.nowMs() - kept.madeAtMs > keepMs) return begin(key, make);
      try {
        return await kept.answer;
      } catch {
        // It was another request's call, ended by that one's deadline or client: ask in our own name.
        return begin(key, make);
      }
    },
  };
}
