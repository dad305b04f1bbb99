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
const refusals: ReadonlySet<ErrorCode> = new Set([
  "MESHLENS_ERR_SOURCE_QUERY_REFUSED",
  "MESHLENS_ERR_SOURCE_UNSUPPORTED",
  "MESHLENS_ERR_SOURCE_TOO_LARGE",
]);

/** Remembers refusals of one source. @param more codes beside those of refusals that cost an item its turn and nothing else its answer */
export function createAskApart(clock: Clock, more: readonly ErrorCode[] = []): AskApart {
  const known = new Map<string, { readonly message: string; readonly atMs: number }>();
  const refusalOf = (error: unknown) =>
    isMeshlensError(error) && (refusals.has(error.code) || more.includes(error.code)) ? error.message : null;

  async function askHalves<T extends { readonly key: string }>(
    items: readonly T[],
    ask: AskTogether<T>,
  ): Promise<void> {
    try {
      await ask(items);
    } catch (error) {
      const message = refusalOf(error);
      if (message === null) throw error;
      const [only, second] = items;
      if (only !== undefined && second === undefined) known.set(only.key, { message, atMs: clock.nowMs() });
      else {
        const middle = Math.ceil(items.length / 2);
        await askHalves(items.slice(0, middle), ask);
        await askHalves(items.slice(middle), ask);
      }
    }
  }

  return async (items, most, ask) => {
    const nowMs = clock.nowMs();
    const isResting = ({ key }: { readonly key: string }) =>
      Math.abs(nowMs - (known.get(key)?.atMs ?? Number.NaN)) < restMs;
    const asked = items.filter((item) => !isResting(item));
    const suspects = asked.filter(({ key }) => known.delete(key));
    const sound = asked.filter((item) => !suspects.includes(item));
    for (let at = 0; at < sound.length; at += most) await askHalves(sound.slice(at, at + most), ask);
    for (const suspect of suspects) await askHalves([suspect], ask);
    return new Map(items.flatMap(({ key }) => (known.has(key) ? [[key, known.get(key)?.message ?? ""] as const] : [])));
  };
}
