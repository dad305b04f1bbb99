import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type EvaluationLoop, type LoopDeps, startEvaluationLoop } from "../../src/alerting/evaluation-loop.js";
import { createEvaluator } from "../../src/alerting/evaluator.js";
import { MeshlensError } from "../../src/errors.js";
import type { BackfillStep } from "../../src/slo/measure/measurer.js";
import type { AlertStore } from "../../src/store/alert-store.js";
import type { Store } from "../../src/store/store.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { measurerOver } from "../slo/measure/measured-mesh.js";
import { createSleptClock } from "../support/slept-clock.js";
import {
  cartObjectives,
  createWeatheredMesh,
  openMemoryStore,
  startMs,
  stepMs,
  type Weather,
} from "./evaluated-mesh.js";

const minuteMs = 60_000;
const outage: Weather = (minute) => (minute > 20 && minute <= 30 ? 0.5 : 0);

/** A loop over a mesh at a clock of its own. */
function loopOver(
  store: Store,
  weather: Weather,
  fromMs: number,
  given: Partial<Pick<AlertStore, "commitCycle">> = {},
) {
  const time = createSleptClock(fromMs);
  const mesh = createWeatheredMesh(weather);
  const evaluatedAt: number[] = [];
  const skipped: number[] = [];
  const failures: unknown[] = [];
  const filled: BackfillStep[] = [];
  const lags: number[] = [];
  const measurer = measurerOver([mesh.source], store.sliCounts);
  /** How long the next evaluations take. */
  const slow: number[] = [];
  const evaluator = createEvaluator({
    measurer: {
      load: measurer.load,
      async cycle(nowMs, objectives, options) {
        time.pass(slow.shift() ?? 0);
        return measurer.cycle(nowMs, objectives, options);
      },
    },
    alerts: { load: store.alerts.load, commitCycle: store.alerts.commitCycle, ...given },
    intervalMs: stepMs,
    serviceOf: ({ cluster, ...rest }) => ({ cluster: cluster ?? "default", ...rest }),
  });
  const deps: LoopDeps = {
    evaluator,
    backfill: async () => "done",
    rosterAt: async () => ({ objectives: cartObjectives, isComplete: true }),
    clock: time.clock,
    pause: time.pause,
    intervalMs: stepMs,
    timeoutMs: 20_000,
    observer: {
      loaded: () => {},
      evaluated: (cycle, _, { lagMs }) => {
        evaluatedAt.push((cycle.evaluatedAtMs - startMs) / minuteMs);
        lags.push(lagMs);
      },
      skipped: (count) => skipped.push(count),
      failed: (error) => failures.push(error),
      backfilled: (step) => filled.push(step),
    },
  };
  let loop: EvaluationLoop | null = null;
  return {
    time,
    mesh,
    evaluatedAt,
    skipped,
    failures,
    filled,
    lags,
    slow,
    start: (more: Partial<LoopDeps> = {}) => {
      loop = startEvaluationLoop({ ...deps, ...more });
    },
    until: (minute: number) => time.runUntil(startMs + minute * minuteMs, 2, (nowMs) => mesh.scrapeUntil(nowMs)),
    stop: async () => loop?.stop(),
  };
}

async function transitionsOf(store: Store) {
  const { incidents } = await store.alerts.incidents({ filter: {}, visibility: seeAll, first: 100, after: null });
  const rows = (await store.alerts.transitionsOf(incidents.map(({ id }) => id))).flat();
  return rows.toSorted((a, b) => a.atMs - b.atMs || (a.objectiveId < b.objectiveId ? -1 : 1));
}

describe("the loop", () => {
  let store: Store;
  beforeEach(async () => {
    store = await openMemoryStore();
  });
  afterEach(() => store.close());

  test("evaluates at every multiple of the interval, whenever it was started", async () => {
    const loop = loopOver(store, outage, startMs + 5 * minuteMs + 7_000);
    loop.start();
    await loop.until(8);
    expect(loop.evaluatedAt).toEqual([5, 5.5, 6, 6.5, 7, 7.5, 8]);
    await loop.stop();
    expect(loop.failures).toEqual([]);
  });

  test("an evaluation longer than the interval is followed by the newest, never by two at once", async () => {
    const loop = loopOver(store, outage, startMs + 5 * minuteMs);
    loop.slow.push(70_000, 70_000, 10_000, 95_000);
    loop.start();
    await loop.until(12);
    await loop.stop();
    // 5:00 ends at 6:10, when 6:00 is due: 5:30 is left out. 8:00 begins on time and ends at 9:35.
    expect(loop.evaluatedAt.slice(0, 7)).toEqual([5, 6, 7, 7.5, 9, 9.5, 10]);
    expect(loop.skipped).toEqual([1, 1, 2]);
    expect(Math.max(...loop.lags)).toBeLessThan(stepMs);
  });

  test("what was missed because another copy was waited for is made up for, unless it was long", async () => {
    const loop = loopOver(store, outage, startMs + 5 * minuteMs);
    loop.slow.push(70_000, 0, 0, 0, 300_000);
    loop.start({ hasWaited: () => true });
    await loop.until(13);
    await loop.stop();
    expect(loop.evaluatedAt.slice(0, 7)).toEqual([5, 5.5, 6, 6.5, 7, 12, 12.5]);
    expect(loop.skipped).toEqual([9]);
  });

  test("a clock set back is followed at once, one set forward skips what lies between", async () => {
    const loop = loopOver(store, () => 0, startMs + 60 * minuteMs);
    loop.start();
    await loop.until(61);
    loop.time.set(startMs + 30 * minuteMs);
    await loop.until(32);
    expect(loop.evaluatedAt.slice(-3)).toEqual([31, 31.5, 32]);
    loop.time.set(startMs + 90 * minuteMs);
    await loop.until(91);
    expect(loop.evaluatedAt.slice(-2)).toEqual([90.5, 91]);
    expect(loop.skipped.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
    await loop.stop();
    expect(await transitionsOf(store)).toEqual([]);
  });

  test("a store that is locked for a while is written again: the same transitions as without it", async () => {
    const calm = loopOver(store, outage, startMs + minuteMs);
    calm.start();
    await calm.until(60);
    await calm.stop();
    const expected = await transitionsOf(store);
    expect(expected.length).toBeGreaterThan(4);
    const other = await openMemoryStore();
    try {
      let calls = 0;
      const loop = loopOver(other, outage, startMs + minuteMs, {
        async commitCycle(commit) {
          calls += 1;
          if (calls % 3 !== 0) throw new MeshlensError("MESHLENS_ERR_STORE_LOCKED", "The store is locked.");
          await other.alerts.commitCycle(commit);
        },
      });
      loop.start();
      await loop.until(60);
      await loop.stop();
      expect(loop.failures.length).toBeGreaterThan(100);
      expect(await transitionsOf(other)).toEqual(expected);
    } finally {
      await other.close();
    }
  });

  test("a start makes up for what was missed for a moment, so that a restart changes nothing", async () => {
    const loop = loopOver(store, outage, startMs + 21 * minuteMs);
    loop.start();
    await loop.until(22);
    await loop.stop();
    const next = loopOver(store, outage, startMs + 23.5 * minuteMs);
    next.start();
    await next.until(24);
    await next.stop();
    expect(next.evaluatedAt).toEqual([22.5, 23, 23.5, 24]);
    const later = loopOver(store, outage, startMs + 60 * minuteMs);
    later.start();
    await later.until(60.5);
    await later.stop();
    expect(later.evaluatedAt).toEqual([60, 60.5]);
  });

  test("fills the past beside it, and lets go of it when it is stopped", async () => {
    const loop = loopOver(store, outage, startMs + 5 * minuteMs);
    let pieces = 0;
    loop.start({
      backfill: async () => {
        pieces += 1;
        return pieces < 3 ? "filled" : pieces === 3 ? "failed" : "done";
      },
    });
    await loop.until(8);
    expect(loop.filled).toEqual(["done", "filled", "filled", "failed", "done"].slice(5 - loop.filled.length));
    expect(loop.filled.at(-1)).toBe("done");
    await loop.stop();
  });
});
