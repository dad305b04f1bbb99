/** The few figures a bench reports. */

/** The p-quantile (0..1) of measured values by nearest rank. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

/** The median of measured values, and between what it lies 19 times in 20 by the order of the values alone. */
export function medianWithin(values: readonly number[]) {
  const off = 0.98 / Math.sqrt(values.length);
  return { median: quantile(values, 0.5), low: quantile(values, 0.5 - off), high: quantile(values, 0.5 + off) };
}

/** Milliseconds one asynchronous call takes. */
export async function timeMs(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Measures several things in turns, so that whatever else the machine does hits all alike; values in ms by name. */
export async function interleave<N extends string>(
  runs: Readonly<Record<N, (round: number) => Promise<unknown>>>,
  rounds: number,
): Promise<Record<N, number[]>> {
  const names = Object.keys(runs) as N[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times[name].push(await timeMs(() => runs[name](round)));
  }
  return times;
}
