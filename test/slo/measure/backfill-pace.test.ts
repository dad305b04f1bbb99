import { describe, expect, test } from "@jest/globals";
import { paceBackfill } from "../../../src/slo/measure/backfill-pace.js";
import type { BackfillStep } from "../../../src/slo/measure/measurer.js";

function paced(steps: readonly BackfillStep[], tookMs: number) {
  let nowMs = 0;
  const pauses: number[] = [];
  const left = [...steps];
  const stop = new AbortController();
  return {
    pauses,
    stop,
    run: () =>
      paceBackfill({
        clock: { nowMs: () => nowMs },
        step: async () => {
          nowMs += tookMs;
          return left.shift() ?? "done";
        },
        pause: async (ms) => {
          pauses.push(ms);
          nowMs += ms;
        },
        signal: stop.signal,
        coreShare: 0.5,
        retryMs: 30_000,
      }),
  };
}

describe("the pace of back-fill", () => {
  test("leaves a backend at most its share of a core, two questions at once", async () => {
    const { run, pauses } = paced(["filled", "filled"], 1000);
    expect(await run()).toBe(2);
    expect(pauses).toEqual([3000, 3000]);
  });

  test("waits before it asks again what failed", async () => {
    const { run, pauses } = paced(["failed", "filled"], 1000);
    expect(await run()).toBe(1);
    expect(pauses).toEqual([30_000, 3000]);
  });

  test("stops between two pieces", async () => {
    const { run, stop } = paced(["filled", "filled"], 1000);
    stop.abort();
    expect(await run()).toBe(0);
  });
});
