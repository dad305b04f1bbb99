/** When things happen in the recorded mesh. */

const minute = 60_000;

/** Start of the recorded range, epoch ms: 2026-03-02T10:00:00Z. */
export const fromMs: number = Date.UTC(2026, 2, 2, 10, 0, 0);

/** Instants of the story, epoch ms. Each stretch ends where the next begins. */
export const timeline = {
  /** Quiet traffic before the range, in the metrics only, so that counters do not start at its border. */
  warmUpMs: fromMs - 1.5 * minute,
  warmUpEndMs: fromMs - 0.5 * minute,
  /** The first scrape; every target is on one 15 s grid. */
  firstScrapeMs: fromMs - minute,
  scrapeIntervalMs: 15_000,
  fromMs,
  /** ratings is aborted for reviews-v2. */
  abortMs: fromMs + 2 * minute,
  /** ratings is delayed for jason, whose pages go to reviews-v2. */
  delayMs: fromMs + 3 * minute,
  /** The way out to Firestore is closed. */
  blackHoleMs: fromMs + 4 * minute,
  /** All is well again. details' proxy restarts (its counters begin at 0) and the pod of reviews-v1 is deleted, right after this scrape. */
  recoveryMs: fromMs + 5 * minute,
  toMs: fromMs + 6 * minute,
  lastScrapeMs: fromMs + 6.5 * minute,
} as const;

/** Distance between pages. */
export const pageEveryMs = 2_000;
