import { describe, expect, test } from "@jest/globals";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../../../src/mesh/metrics/metric-knowledge.js";
import { createMeasurer } from "../../../src/slo/measure/measurer.js";
import type { Objective } from "../../../src/slo/objective.js";
import { openStore } from "../../../src/store/open-store.js";
import { createListStore, options, startMs, stepMs } from "./measured-mesh.js";
import { createOwnMesh, objectivesOf } from "./own-mesh.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const entry = (query: string) =>
  `  - service: cart\n    name: ratio\n    ratio: { target: 99%, failed: "${query}[{{.window}}])" }\n`;
const objectives = objectivesOf(entry("max_over_time(errors"));

/** One store, and lives of a measurer over it. */
async function lives() {
  const mesh = createOwnMesh((promql) => (promql.includes("[30d]") ? 0.001 : 0.25));
  const { askedAnswers: answers } = await openStore({ url: ":memory:" });
  async function live(fromMs: number, minutes: number, own: readonly Objective[] = objectives) {
    const clock = { nowMs: () => Date.now() };
    const sources = [mesh.source];
    const knowledge = createMetricKnowledge({ sources, clock, clusters: noClusterNames, dialect: null });
    const { store } = createListStore();
    const measurer = createMeasurer({ sources, knowledge, clock, store, answers, horizonMs: 2 * 24 * hourMs });
    await measurer.load(fromMs);
    mesh.asked.length = 0;
    for (let atMs = fromMs; atMs < fromMs + minutes * minuteMs; atMs += stepMs) {
      const { measurements } = await measurer.cycle(atMs, own, options());
      const [measurement] = [...measurements];
      if (atMs + stepMs >= fromMs + minutes * minuteMs) return measurement;
    }
    return undefined;
  }
  const asked = (window: string) => mesh.asked.filter(({ promql }) => promql.includes(`[${window}]`)).length;
  return { live, asked, answers };
}

describe("a restart", () => {
  test("knows what long windows were, and asks for them when their time has come", async () => {
    const { live, asked } = await lives();
    await live(startMs, 40);
    const first = await live(startMs + 40 * minuteMs, 0.5);
    expect(first?.period).toMatchObject({ errorRatio: 0.001, dataState: "OK" });
    expect(first?.windows.map(({ dataState }) => dataState)).toEqual(first?.windows.map(() => "OK"));
    // Short ones are asked with every step; at most the instants of one step can fall together.
    expect(asked("5m")).toBe(1);
    expect(["2h", "6h", "1d", "3d", "30d"].reduce((sum, window) => sum + asked(window), 0)).toBeLessThanOrEqual(2);
    await live(startMs + 41 * minuteMs, 30);
    expect(asked("30d")).toBe(1);
  });

  test("with another query under the same name asks it anew", async () => {
    const { live, asked } = await lives();
    await live(startMs, 2);
    await live(startMs + 2 * minuteMs, 0.5, objectivesOf(entry("min_over_time(errors")));
    expect([asked("30d"), asked("1d"), asked("5m")]).toEqual([1, 1, 1]);
  });

  test("after a night asks anew: what a window was then says nothing now", async () => {
    const { live, asked, answers } = await lives();
    await live(startMs, 2);
    await live(startMs + 9 * hourMs, 0.5);
    expect([asked("30d"), asked("1d")]).toEqual([1, 1]);
    await live(startMs + 72 * hourMs, 0.5, []);
    expect(await answers.load(0)).toEqual([]);
  });
});
