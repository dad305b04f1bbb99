/**
 * Keeps what was changed, bounded by age and count. Changes of objects stand each for itself; what happens again and again (events,
 * restarts) is one entry that is renewed, so that a storm of events pushes nothing out. Called by cluster-state.ts.
 */
import type { Aim } from "./aim.js";

/** A change as it is kept. */
export interface KeptChange {
  /** What makes it the same change; null for one that stands for itself. */
  readonly key: string | null;
  readonly atMs: number;
  /** When it was first seen; atMs for what happened once. */
  readonly firstMs: number;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly summary: string;
  readonly detail: string | null;
  readonly aims: readonly Aim[];
}

/** How much is kept. */
export interface ChangeLimits {
  readonly maxAgeMs: number;
  /** Of changes of objects, and as many of repeated ones. */
  readonly maxChanges: number;
}

/** The keeper. */
export interface ChangeKeeper {
  /**
   * @param nowMs changes older than the limit's age by then are not taken and leave
   * @returns the change as it is kept, renewed where it was known; null when it was not taken
   */
  add(change: KeptChange, nowMs: number): KeptChange | null;
  /** In no order. */
  all(): Iterable<KeptChange>;
  readonly count: number;
}

/** An empty keeper. */
export function createChangeKeeper({ maxAgeMs, maxChanges }: ChangeLimits): ChangeKeeper {
  let single: KeptChange[] = [];
  const repeated = new Map<string, KeptChange>();

  function addSingle(change: KeptChange, oldestMs: number): KeptChange {
    single.push(change);
    // Some slack, so that a full keeper does not sort at every change.
    if (single.length <= maxChanges + Math.max(16, maxChanges / 8)) return change;
    single = single
      .filter(({ atMs }) => atMs >= oldestMs)
      .sort((a, b) => a.atMs - b.atMs)
      .slice(-maxChanges);
    return change;
  }

  function addRepeated(key: string, change: KeptChange, oldestMs: number): KeptChange | null {
    const known = repeated.get(key);
    if (known !== undefined && known.atMs > change.atMs) return null;
    const renewed = { ...change, firstMs: Math.min(change.firstMs, known?.firstMs ?? change.firstMs) };
    // Written anew, so that the order of the map is that of the last time.
    repeated.delete(key);
    repeated.set(key, renewed);
    for (const [oldest, { atMs }] of repeated) {
      if (repeated.size <= maxChanges && atMs >= oldestMs) break;
      repeated.delete(oldest);
    }
    return renewed;
  }

  return {
    add(change, nowMs) {
      const oldestMs = nowMs - maxAgeMs;
      if (change.atMs < oldestMs) return null;
      return change.key === null ? addSingle(change, oldestMs) : addRepeated(change.key, change, oldestMs);
    },
    *all() {
      yield* single;
      yield* repeated.values();
    },
    get count() {
      return single.length + repeated.size;
    },
  };
}
