/** Answers to queries over whole windows, newest last, with what could not be had. Filled by asked-windows.ts, read by the measuring. Pure. */
import type { AskedWindow } from "./asked-schedule.js";
import { usableForMs } from "./asked-schedule.js";

/** What a query said of a window: a number, "NaN" (0/0: no events), null (no series), or why it said nothing. */
export type AskedAnswer = { readonly value: number | "NaN" | null } | { readonly problem: string };

/** The last answer, and the last that says something, which may be some turns old. */
export interface AskedReading {
  readonly newest: AskedAnswer;
  readonly usable: AskedAnswer;
}

/** The answers of one cluster or shard. */
export interface AskedValues {
  /** Takes an answer at an instant; a later one at the same instant replaces it. */
  put(window: AskedWindow, atMs: number, answer: AskedAnswer): void;
  /** What is known at `atMs`; null before the first answer, or when the last one is too old. */
  read(window: AskedWindow, atMs: number): AskedReading | null;
  /** When it was asked last, answered or not; null before the first time. */
  askedAtMs(window: AskedWindow): number | null;
  /** Forgets windows that are not among these. */
  keepOnly(keys: ReadonlySet<string>): void;
}

interface Entry {
  readonly atMs: number;
  readonly answer: AskedAnswer;
}

/** Answers beyond these are forgotten, the oldest first: a backtest reads some hours ahead. */
const mostKept = 2_000;

/** No answers yet. */
export function createAskedValues(): AskedValues {
  const kept = new Map<string, Entry[]>();
  return {
    put({ key }, atMs, answer) {
      const own = kept.get(key) ?? [];
      kept.set(key, own);
      let at = own.length;
      while (at > 0 && (own[at - 1]?.atMs ?? 0) > atMs) at -= 1;
      if (own[at - 1]?.atMs === atMs) own[at - 1] = { atMs, answer };
      else own.splice(at, 0, { atMs, answer });
      if (own.length > mostKept) own.shift();
    },
    read(window, atMs) {
      const own = kept.get(window.key) ?? [];
      let newest: AskedAnswer | null = null;
      for (let i = own.length - 1; i >= 0; i -= 1) {
        const { atMs: askedMs, answer } = own[i] as Entry;
        if (askedMs > atMs) continue;
        if (atMs - askedMs > usableForMs(window)) break;
        newest ??= answer;
        if ("value" in answer) return { newest, usable: answer };
      }
      return newest === null ? null : { newest, usable: newest };
    },
    askedAtMs: ({ key }) => kept.get(key)?.at(-1)?.atMs ?? null,
    keepOnly(keys) {
      for (const key of kept.keys()) if (!keys.has(key)) kept.delete(key);
    },
  };
}
