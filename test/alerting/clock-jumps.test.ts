import { describe, expect, test } from "@jest/globals";
import { startEvaluationLoop } from "../../src/alerting/evaluation-loop.js";
import { createEvaluator, type EvaluatedCycle } from "../../src/alerting/evaluator.js";
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

/**
 * What the loop decides while clocks are set: `set` moves ours or the backend's at minutes of true time, and both run on from there.
 * Tells transitions as severity and state, with the true minute, and the data states that were seen.
 */
async function watch(
  weather: Weather,
  until: number,
  set: Readonly<Record<number, { ours?: number; theirs?: number }>>,
) {
  const store = await openMemoryStore();
  const time = createSleptClock(startMs + minuteMs);
  let [ours, theirs] = [0, 0];
  const clock = { nowMs: () => time.clock.nowMs() + ours };
  const mesh = createWeatheredMesh(weather);
  mesh.scrapeUntil(time.clock.nowMs());
  const source = { ...mesh.source, readClock: async () => time.clock.nowMs() + theirs };
  const measurer = measurerOver([source], store.sliCounts, clock);
  const moves: string[] = [];
  const told: (readonly [number, EvaluatedCycle])[] = [];
  const evaluator = createEvaluator({
    measurer,
    alerts: store.alerts,
    intervalMs: stepMs,
    serviceOf: ({ cluster, ...rest }) => ({ cluster: cluster ?? "default", ...rest }),
    onCommitted: (changes) => {
      for (const { transition } of changes) {
        moves.push(`${(time.clock.nowMs() - startMs) / minuteMs} ${transition.severity} ${transition.to}`);
      }
    },
  });
  const loop = startEvaluationLoop({
    evaluator,
    backfill: async () => "done",
    rosterAt: async () => ({ objectives: cartObjectives.slice(0, 1), isComplete: true }),
    clock,
    pause: time.pause,
    intervalMs: stepMs,
    timeoutMs: 20_000,
    observer: {
      loaded: () => {},
      evaluated: (cycle) => told.push([(time.clock.nowMs() - startMs) / minuteMs, cycle]),
      skipped: () => {},
      failed: (error) => {
        throw error;
      },
      backfilled: () => {},
    },
  });
  const instants = [...Object.keys(set).map(Number), until].sort((a, b) => a - b);
  for (const minute of instants) {
    await time.runUntil(startMs + minute * minuteMs, 2, (nowMs) => mesh.scrapeUntil(nowMs + theirs));
    ours += (set[minute]?.ours ?? 0) * minuteMs;
    theirs += (set[minute]?.theirs ?? 0) * minuteMs;
  }
  await loop.stop();
  await store.close();
  const dataAt = (minute: number) => told.find(([at]) => at >= minute)?.[1].measurements.at(0);
  return { moves, dataAt, kinds: moves.map((move) => move.slice(move.indexOf(" ") + 1)) };
}

describe("a loop whose clocks are set", () => {
  test("takes windows on the backend's clock, whatever ours says", async () => {
    const calm = await watch(outage, 60, {});
    expect(calm.kinds.length).toBeGreaterThan(2);
    const ahead = await watch(outage, 60, { 2: { ours: 10 } });
    expect(ahead.moves).toEqual(calm.moves);
    const behind = await watch(outage, 60, { 2: { ours: -10 } });
    expect(behind.moves).toEqual(calm.moves);
  });

  test("decides the same when ours is set in the middle of an outage, but for the time nobody watched", async () => {
    const calm = await watch(outage, 75, {});
    for (const ours of [20, -20]) {
      const jumped = await watch(outage, 75, { 25: { ours } });
      expect(jumped.kinds).toEqual(calm.kinds);
    }
  });

  test("fires nothing again when the backend's clock is set back to an outage that is over", async () => {
    const over: Weather = (minute) => (minute > 20 && minute <= 22 ? 1 : 0);
    const calm = await watch(over, 60, {});
    const back = await watch(over, 100, { 60: { theirs: -35 } });
    expect(back.moves.slice(0, calm.moves.length)).toEqual(calm.moves);
    expect(back.dataAt(61)).toMatchObject({
      dataState: "UNKNOWN",
      dataReason: expect.stringMatching(/went back by 2\d{3} s/),
    });
    expect(back.dataAt(97)).toMatchObject({ dataState: "OK" });
    expect(back.kinds.filter((kind) => kind.endsWith("FIRING"))).toEqual(
      calm.kinds.filter((kind) => kind.endsWith("FIRING")),
    );
  });

  test("resolves nothing when the backend's clock is set forward while the outage goes on", async () => {
    const long: Weather = (minute) => (minute > 20 && minute <= 200 ? 0.5 : 0);
    const { kinds, dataAt } = await watch(long, 60, { 30: { theirs: 40 } });
    expect(kinds.filter((kind) => /RESOLVED|RECOVERING/.test(kind))).toEqual([]);
    expect(dataAt(59)).toMatchObject({ dataState: "OK" });
  });

  test("counts nothing by a clock that is hours off, and says so", async () => {
    const { kinds, dataAt } = await watch(outage, 60, { 5: { ours: 180 } });
    expect(kinds).toEqual([]);
    expect(dataAt(25)).toMatchObject({ dataState: "UNKNOWN", dataReason: expect.stringContaining("180 min behind") });
  });
});
