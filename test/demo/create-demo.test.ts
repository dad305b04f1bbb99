import { describe, expect, test } from "@jest/globals";
import { createDemo } from "../../src/demo/create-demo.js";
import { bookinfoWithShop } from "../../src/demo/meshes/join-meshes.js";

const startMs = Date.UTC(2026, 10, 21, 9, 0, 0);
const minuteMs = 60_000;

/** A demo that was played for some minutes. */
async function played(minutes: number, steps: number) {
  const demo = createDemo({
    mesh: bookinfoWithShop,
    proxies: "istio",
    seed: 3,
    startMs,
    clock: { nowMs: () => demo?.stage.progress().nowMs ?? startMs },
  });
  for (let i = 1; i <= steps; i += 1)
    await demo.stage.play(startMs + (i * minutes * minuteMs) / steps, new AbortController().signal);
  return demo;
}

describe("a demo", () => {
  test("lives the same in one step and in many", async () => {
    const [once, often] = [await played(2, 1), await played(2, 31)];
    expect(often.stage.progress()).toEqual(once.stage.progress());
    expect(often.metricsText().text).toBe(once.metricsText().text);
    expect(often.backends.traces.counts()).toEqual(once.backends.traces.counts());
    expect(often.backends.logs.counts()).toEqual(once.backends.logs.counts());
  });

  test("an abort ends a long life at its next pause", async () => {
    const demo = await played(1, 1);
    const ending = new AbortController();
    await demo.stage.play(startMs + 600 * minuteMs, ending.signal, () => ending.abort());
    expect(demo.stage.progress().nowMs).toBeLessThan(startMs + 600 * minuteMs);
  });

  test("a story that is none changes nothing", async () => {
    const demo = await played(1, 1);
    expect(() => demo.switchTo("nope", startMs)).toThrow(/choose one of healthy/);
    expect(demo.scenario().scenario.name).toBe("healthy");
  });
});
