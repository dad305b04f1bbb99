/**
 * Queries of users asked together, at no other's cost: one that a backend refuses is found out by halving, told with the backend's words,
 * and left alone for five minutes; then it is tried by itself. Called by the counting of users' own metrics.
 */
import { type ErrorCode, isMeshlensError } from "../../errors.js";
import type { Clock } from "../../telemetry/clock.js";

/** Asks for some items at once; rejects when one of them is refused. */
export type AskTogether<T> = (items: readonly T[]) => Promise<void>;

/** Asks for items, `most` at a time, and says which were refused and why, by key. What is no refusal is passed on. */
export type AskApart = <T extends { readonly key: string }>(
  items: readonly T[],
  most: number,
  ask: AskTogether<T>,
) => Promise<ReadonlyMap<string, string>>;

const restMs = 300_000;
/** Those that were not reached because others took too long are tried again sooner. */
const passedOverRestMs = 60_000;
/** Calls in a row that may time out: five would make the source be left alone, and all other objectives with it. */
const mostTimeouts = 3;
const refusals: ReadonlySet<ErrorCode> = new Set([
  "MESHLENS_ERR_SOURCE_QUERY_REFUSED",
  "MESHLENS_ERR_SOURCE_UNSUPPORTED",
  "MESHLENS_ERR_SOURCE_TOO_LARGE",
]);

interface Refusal {
  readonly message: string;
  readonly untilMs: number;
}

/** Remembers refusals of one source. A call that takes too long counts as one where `withTimeouts`, else it is passed on. */
export function createAskApart(clock: Clock, { withTimeouts }: { readonly withTimeouts: boolean }): AskApart {
  const known = new Map<string, Refusal>();

  return async <T extends { readonly key: string }>(items: readonly T[], most: number, ask: AskTogether<T>) => {
    const nowMs = clock.nowMs();
    let timeouts = 0;
    let lastTimeout = "";
    const refuse = (refused: readonly T[], message: string, forMs: number) => {
      for (const { key } of refused) known.set(key, { message, untilMs: nowMs + forMs });
    };

    async function askHalves(some: readonly T[]): Promise<void> {
      if (timeouts >= mostTimeouts) return refuse(some, lastTimeout, passedOverRestMs);
      try {
        await ask(some);
        timeouts = 0;
      } catch (error) {
        if (!isMeshlensError(error)) throw error;
        const isTimeout = error.code === "MESHLENS_ERR_SOURCE_TIMEOUT";
        if (!refusals.has(error.code) && !(isTimeout && withTimeouts)) throw error;
        timeouts = isTimeout ? timeouts + 1 : 0;
        if (isTimeout) lastTimeout = error.message;
        if (some.length === 1) return refuse(some, error.message, restMs);
        const middle = Math.ceil(some.length / 2);
        await askHalves(some.slice(0, middle));
        await askHalves(some.slice(middle));
      }
    }

    const untilOf = ({ key }: T) => known.get(key)?.untilMs ?? Number.NEGATIVE_INFINITY;
    // A clock that was set back must not make a rest longer.
    const isResting = (item: T) => untilOf(item) > nowMs && untilOf(item) <= nowMs + restMs;
    const asked = items.filter((item) => !isResting(item));
    const sound = asked.filter(({ key }) => !known.has(key));
    const suspects = asked.filter(({ key }) => known.has(key)).sort((a, b) => untilOf(a) - untilOf(b));
    for (const { key } of suspects) known.delete(key);
    for (let at = 0; at < sound.length; at += most) await askHalves(sound.slice(at, at + most));
    for (const suspect of suspects) await askHalves([suspect]);
    return new Map(items.flatMap(({ key }) => (known.has(key) ? [[key, known.get(key)?.message ?? ""] as const] : [])));
  };
}
