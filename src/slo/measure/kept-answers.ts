/**
 * The last answers of windows that are asked rarely, so that a restart neither forgets what a month was nor asks for all months at once.
 * Called by asked-windows.ts.
 */
import { createHash } from "node:crypto";
import type { AskedWindow } from "./asked-schedule.js";
import { usableForMs } from "./asked-schedule.js";
import type { AskedAnswer, AskedValues } from "./asked-values.js";
import { askedQuery } from "./user-counts.js";

/** An answer as it is stored; store/asked-answer-store.ts has the same shape. */
export interface KeptAnswer {
  readonly group: string;
  readonly key: string;
  readonly query: string;
  readonly atMs: number;
  readonly value: number | "NaN" | null;
}

/** What of the store the answers need. */
export interface AnswerStore {
  load(sinceMs: number): Promise<readonly KeptAnswer[]>;
  save(answers: readonly KeptAnswer[]): Promise<void>;
  prune(beforeMs: number): Promise<number>;
}

/** Between the answers in memory and the stored ones. */
export interface KeptAnswers {
  load(nowMs: number): Promise<void>;
  save(): Promise<void>;
  /** Takes an answer that is to be stored; why nothing was said is not, nor what is asked again at once anyway. */
  put(group: string, window: AskedWindow, atMs: number, answer: AskedAnswer): void;
  /** Puts what was loaded into the values, each answer once: those of the same query, from before `endMs`. */
  restore(group: string, windows: readonly AskedWindow[], endMs: number, values: AskedValues): void;
}

/** Every step asks for windows of a shorter cadence. */
const leastCadenceMs = 60_000;
/** No answer is of use after two hours; a clock may be wrong by more. */
const keepMs = 86_400_000;

/** Nothing loaded, nothing to store. */
export function createKeptAnswers(store: AnswerStore | undefined): KeptAnswers {
  let loaded = new Map<string, KeptAnswer>();
  const unsaved = new Map<string, KeptAnswer>();
  return {
    async load(nowMs) {
      if (store === undefined) return;
      await store.prune(nowMs - keepMs);
      const answers = await store.load(nowMs - keepMs);
      loaded = new Map(answers.map((answer) => [`${answer.group} ${answer.key}`, answer]));
    },
    async save() {
      if (store === undefined || unsaved.size === 0) return;
      const answers = [...unsaved];
      await store.save(answers.map(([, answer]) => answer));
      // A slow window may have been answered meanwhile.
      for (const [key, answer] of answers) if (unsaved.get(key) === answer) unsaved.delete(key);
    },
    put(group, window, atMs, answer) {
      if (store === undefined || !("value" in answer) || window.cadenceMs < leastCadenceMs) return;
      const { key } = window;
      unsaved.set(`${group} ${key}`, { group, key, query: queryName(window), atMs, value: answer.value });
    },
    restore(group, windows, endMs, values) {
      if (loaded.size === 0) return;
      for (const window of windows) {
        const key = `${group} ${window.key}`;
        const answer = loaded.get(key);
        if (answer === undefined) continue;
        loaded.delete(key);
        const { atMs, query, value } = answer;
        const isUsable = atMs <= endMs && endMs - atMs <= usableForMs(window);
        if (isUsable && query === queryName(window)) values.put(window, atMs, { value });
      }
    },
  };
}

/** The same for the same question: its text around the windows, and what its window is. */
function queryName({ objective, windowMs }: AskedWindow): string {
  const question = [askedQuery(objective)?.pieces ?? [], windowMs ?? objective.period];
  return createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 20);
}
