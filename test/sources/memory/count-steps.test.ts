import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createMemoryMetricSource } from "../../../src/sources/memory/memory-metric-source.js";
import { createMetricStore } from "../../../src/sources/memory/metric-store.js";
import { countHistory } from "../../support/count-history.js";
import { type CounterHistory, histories } from "../../support/counter-histories.js";

function sourceOf({ scrapeMs, series }: CounterHistory) {
  const store = createMetricStore({ maxAgeMs: 86_400_000 });
  for (const { labels, samples } of series) for (const [atMs, value] of samples) store.add(labels, atMs, value);
  return createMemoryMetricSource({ config: { name: "memory", cluster: null, scrapeIntervalMs: scrapeMs }, store });
}

describe.each([5_000, 15_000, 30_000, 60_000])("steps of 30 s over scrapes of %d ms", (scrapeMs) => {
  test("add up to the raw difference of a counter, whatever the jitter, the missed scrapes and the gaps", async () => {
    await fc.assert(
      fc.asyncProperty(histories(scrapeMs, false), async (history) => {
        expect(await countHistory(sourceOf(history), 30_000)).toEqual(history.truth);
      }),
      { numRuns: 30 },
    );
  });

  test("count restarts", async () => {
    await fc.assert(
      fc.asyncProperty(histories(scrapeMs, true), async (history) => {
        expect(await countHistory(sourceOf(history), 30_000)).toEqual(history.truth);
      }),
      { numRuns: 30 },
    );
  });

  // Twenty scrapes: in longer steps cells are longer than a scrape, and a series born in the cell of its target's first scrape is missed.
  const longestMs = Math.min(300_000, 20 * scrapeMs);

  test(`are the same in steps of ${longestMs / 1000} s`, async () => {
    await fc.assert(
      fc.asyncProperty(histories(scrapeMs, false), async (history) => {
        expect(await countHistory(sourceOf(history), longestMs)).toEqual(history.truth);
      }),
      { numRuns: 10 },
    );
  });
});
