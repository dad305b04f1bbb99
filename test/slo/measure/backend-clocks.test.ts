import { describe, expect, test } from "@jest/globals";
import { createBackendClocks } from "../../../src/slo/measure/backend-clocks.js";
import { createMemoryMetricSource } from "../../../src/sources/memory/memory-metric-source.js";
import { createMetricStore } from "../../../src/sources/memory/metric-store.js";
import type { MetricSource } from "../../../src/telemetry/metric-source.js";
import type { CallOptions } from "../../../src/telemetry/source.js";

const minuteMs = 60_000;
const options: CallOptions = { signal: new AbortController().signal, deadlineMs: Number.POSITIVE_INFINITY };
const clock = { nowMs: () => 1_000_000_000_000 };

/** A source whose clock is so far ahead; null: it does not tell. */
function sourceWith(name: string, skewOf: () => number | null): MetricSource {
  const config = { name, cluster: name, scrapeIntervalMs: 15_000 };
  const source = createMemoryMetricSource({ config, store: createMetricStore({ maxAgeMs: 1 }) });
  const readClock = async () => {
    const skewMs = skewOf();
    return skewMs === null ? null : clock.nowMs() + skewMs;
  };
  return { ...source, readClock };
}

describe("the clocks of the backends", () => {
  test.each([
    ["that agree within what the offset bears are taken to be ours", [4_000, -3_000], 0],
    ["that do not tell are taken to be ours", [null], 0],
    ["that are all ahead are followed to the one most behind", [2 * minuteMs, minuteMs], minuteMs],
    ["of which one is behind hold all back to it", [0, -90_000], -90_000],
  ])("%s", async (_, skews, expected) => {
    const sources = skews.map((skewMs, i) => sourceWith(`s${i}`, () => skewMs));
    const { skewMs, unusable } = await createBackendClocks(sources, clock)(options);
    expect(skewMs).toBe(expected);
    expect(unusable.size).toBe(0);
  });

  test("that tremble are followed without trembling", async () => {
    let skewMs = 40_000;
    const read = createBackendClocks([sourceWith("a", () => skewMs)], clock);
    const followed: number[] = [];
    for (skewMs of [40_000, 39_000, 43_000, 36_000, 60_000, 62_000, 2_000, 0])
      followed.push((await read(options)).skewMs);
    expect(followed).toEqual([40_000, 40_000, 40_000, 40_000, 60_000, 60_000, 0, 0]);
  });

  test("that fail once are where they were", async () => {
    let skewMs: number | null = 40_000;
    const read = createBackendClocks([sourceWith("a", () => skewMs)], clock);
    await read(options);
    skewMs = null;
    expect(await read(options)).toMatchObject({ skewMs: 40_000 });
  });

  test("beyond an hour are not followed, and said so", async () => {
    const sources = [sourceWith("mad", () => -180 * minuteMs), sourceWith("sane", () => minuteMs)];
    const { skewMs, unusable, measuredMs } = await createBackendClocks(sources, clock)(options);
    expect(skewMs).toBe(minuteMs);
    expect([...unusable]).toEqual([["mad", expect.stringContaining("180 min behind")]]);
    expect(measuredMs.get("mad")).toBe(-180 * minuteMs);
  });
});
