import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createRateLimit } from "../../src/access/rate-limit.js";

describe("a limit of requests a second", () => {
  test("lets a burst through, then as many as it says, and tells how long to wait", () => {
    let nowMs = 0;
    const take = createRateLimit({ perSecond: 2, burst: 3 }, { nowMs: () => nowMs });
    expect([take("a"), take("a"), take("a"), take("a"), take("b")]).toEqual([0, 0, 0, 500, 0]);
    nowMs = 499;
    expect(take("a")).toBe(1);
    nowMs = 500;
    expect([take("a"), take("a")]).toEqual([0, 500]);
    nowMs = 1_000_000;
    expect([take("a"), take("a"), take("a"), take("a")]).toEqual([0, 0, 0, 500]);
  });

  test("never lets more through than the burst and what has passed, whatever the clock does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 2_000 }), { maxLength: 200 }), (steps) => {
        let nowMs = 10_000;
        let forwardMs = 0;
        let allowed = 0;
        const take = createRateLimit({ perSecond: 5, burst: 10 }, { nowMs: () => nowMs });
        for (const step of steps) {
          nowMs += step;
          forwardMs += Math.max(0, step);
          if (take("a") === 0) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(10 + (forwardMs / 1_000) * 5 + 1e-6);
      }),
    );
  });

  test("forgets callers beyond ten thousand instead of growing", () => {
    const take = createRateLimit({ perSecond: 0.001, burst: 1 }, { nowMs: () => 0 });
    expect(take("first")).toBe(0);
    expect(take("first")).toBeGreaterThan(0);
    for (let other = 0; other < 10_000; other += 1) take(`other ${other}`);
    expect(take("first")).toBe(0);
  });
});
