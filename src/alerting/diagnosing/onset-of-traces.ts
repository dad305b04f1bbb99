/** When errors began, by the traces themselves: for a service whose own series stay calm because it hides what others do. Pure. */
import type { WeightedTrace } from "../../diagnosis/incident-evidence.js";

const fewestErrors = 5;
/** Log likelihood: below it a coin may have fallen so. */
const leastGain = 6;

/** The instant that best parts traces with few errors from traces with many, between the two that lie beside it; null when none does clearly. */
export function onsetOfTraces(traces: readonly WeightedTrace[]): number | null {
  const items = traces
    .map(({ spans }) => ({
      atMs: Math.min(...spans.map(({ startMs }) => startMs)),
      isBad: spans.some(({ status }) => status === "ERROR"),
    }))
    .sort((a, b) => a.atMs - b.atMs);
  const bad = items.filter(({ isBad }) => isBad).length;
  if (bad < fewestErrors) return null;
  const flat = likelihood(bad, items.length);
  let best: { readonly gain: number; readonly atMs: number } | null = null;
  let badBefore = 0;
  for (const [at, { atMs, isBad }] of items.entries()) {
    const [before, after] = [badBefore / Math.max(1, at), (bad - badBefore) / (items.length - at)];
    const gain = likelihood(badBefore, at) + likelihood(bad - badBefore, items.length - at) - flat;
    if (at > 0 && after > 2 * before && gain > (best?.gain ?? leastGain))
      best = { gain, atMs: (atMs + (items[at - 1]?.atMs ?? atMs)) / 2 };
    if (isBad) badBefore += 1;
  }
  return best?.atMs ?? null;
}

/** Log of the likelihood of `bad` of `all` by their own share. */
function likelihood(bad: number, all: number): number {
  const term = (count: number): number => (count === 0 ? 0 : count * Math.log(count / all));
  return term(bad) + term(all - bad);
}
