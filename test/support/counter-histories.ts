/** Counters as targets live them: scraped with jitter, missed, born late, restarted; and what they truly counted, told from their samples. */
import fc from "fast-check";
import type { ContractSeries } from "../contract/metric-contract-data.js";

/** One target with two counters: one there from the first scrape, one born later. */
export interface CounterHistory {
  readonly scrapeMs: number;
  readonly series: readonly ContractSeries[];
  /** What the steps of (fromMs, toMs] must add up to, by `kind`. */
  readonly truth: { readonly old: number; readonly born: number };
}

/** All histories lie in this window, whose ends are multiples of five minutes. */
export const historyWindow = { fromMs: Date.UTC(2026, 10, 1, 0, 10), toMs: Date.UTC(2026, 10, 1, 1, 20) };

export const historyMetric = "history_calls_total";

interface Drawn {
  readonly phase: number;
  readonly jitter: readonly number[];
  readonly missed: readonly boolean[];
  readonly gap: { readonly at: number; readonly scrapes: number };
  readonly added: readonly number[];
  readonly bornAt: number;
  readonly restarts: readonly boolean[];
}

/**
 * Histories at one scrape interval. With `restarts` scrapes come on time, one to a cell: of two samples in one cell the newer alone is
 * read, and what a counter had before a restart between them is nobody's.
 */
export function histories(scrapeMs: number, withRestarts: boolean): fc.Arbitrary<CounterHistory> {
  const most = Math.floor((historyWindow.toMs - historyWindow.fromMs - 600_000) / scrapeMs);
  const drawn = fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    gap: fc.record({ at: fc.integer({ min: 3, max: most - 1 }), scrapes: fc.integer({ min: 0, max: most }) }),
    bornAt: fc.integer({ min: 3, max: most - 1 }),
  });
  return drawn.map(({ seed, gap, bornAt }) => {
    const random = randomFrom(seed);
    const list = <T>(item: () => T): readonly T[] => Array.from({ length: most }, item);
    return historyOf(scrapeMs, {
      gap,
      bornAt,
      phase: 0.05 + 0.9 * random(),
      jitter: list(() => (withRestarts ? 0 : random() - 0.5)),
      missed: list(() => random() < 0.1),
      added: list(() => (random() < 0.5 ? 0 : Math.floor(1 + 1000 * random()))),
      restarts: list(() => withRestarts && random() < 0.05),
    });
  });
}

/** A small generator of even numbers in 0..1: a history from one number is drawn faster than from thousands. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function historyOf(scrapeMs: number, { phase, jitter, missed, gap, added, bornAt, restarts }: Drawn): CounterHistory {
  const old: [number, number][] = [];
  const born: [number, number][] = [];
  const up: [number, number][] = [];
  let oldValue = 5_000;
  let bornValue = 0;
  for (let i = 0; i < added.length; i += 1) {
    if (restarts[i] === true) {
      oldValue = 0;
      bornValue = 0;
    }
    // Of a target's first scrapes, those of one cell are one.
    if (i > 2) oldValue += added[i] ?? 0;
    if (i >= bornAt) bornValue += 7 * (added[i] ?? 0) + 1;
    const isAway = (missed[i] === true && i > 2) || (i >= gap.at && i < gap.at + gap.scrapes);
    const atMs = Math.round(historyWindow.fromMs + 300_000 + (i + phase + (jitter[i] ?? 0) * 0.9) * scrapeMs);
    up.push([atMs, isAway ? 0 : 1]);
    if (isAway) continue;
    old.push([atMs, oldValue]);
    if (i >= bornAt) born.push([atMs, bornValue]);
  }
  const target = { job: "mesh", instance: "h:15020", pod: "h" };
  return {
    scrapeMs,
    series: [
      { labels: { __name__: historyMetric, ...target, kind: "old" }, samples: old },
      { labels: { __name__: historyMetric, ...target, kind: "born" }, samples: born },
      { labels: { __name__: "up", ...target }, samples: up },
    ],
    truth: { old: counted(old, true), born: counted(born, false) },
  };
}

/** Differences of neighbouring samples, a smaller one counting itself; the first is history, or all its own. */
function counted(samples: readonly (readonly [number, number])[], isHistory: boolean): number {
  let sum = 0;
  let before = isHistory ? (samples[0]?.[1] ?? 0) : 0;
  for (const [, value] of samples) {
    sum += value < before ? value : value - before;
    before = value;
  }
  return sum;
}
