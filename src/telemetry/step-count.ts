/** The rules by which steps are counted, the same in every adapter: how fine a step is read, and how long a series is remembered. */

/** How long a series that is not scraped keeps its last value, ms: it counts what it counted meanwhile when it returns. */
export const countMemoryMs = 3_600_000;

/** How far back a sample of its proves a target scraped where `up` says nothing. */
export const provenMs = 300_000;

/** What makes two series those of one target. */
export const targetLabels: readonly string[] = ["job", "instance", "pod"];

/** Finer cells than this many a step cost a backend more than the restarts they tell apart are worth. */
const mostCells = 20;

/** Length of the cells a step is read in: the longest that divides the step and is not longer than a scrape interval, whole ms. */
export function gridOfStep(stepMs: number, scrapeMs: number): number {
  for (let cells = Math.max(1, Math.ceil(stepMs / scrapeMs)); cells <= mostCells; cells += 1) {
    if (stepMs % cells === 0) return stepMs / cells;
  }
  const cells = [20, 18, 16, 15, 12, 10, 9, 8, 6, 5, 4, 3, 2].find((count) => stepMs % count === 0) ?? 1;
  return stepMs / cells;
}

/** A series without a sample for this long has left: two scrapes may be missed, at least a minute. */
export function countPresenceMs(gridMs: number, scrapeMs: number): number {
  return Math.max(60_000, 3 * scrapeMs, gridMs);
}
