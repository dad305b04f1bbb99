import { describe, expect, test } from "@jest/globals";
import { chooseWindows } from "../../../src/alerting/diagnosing/choose-windows.js";
import { findOnset } from "../../../src/alerting/diagnosing/find-onset.js";
import { onsetOfTraces } from "../../../src/alerting/diagnosing/onset-of-traces.js";
import type { GoldenSignals } from "../../../src/mesh/mesh.js";
import type { TimeWindow } from "../../../src/telemetry/time-window.js";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Long after the epoch, so that last week is positive. */
const t0 = 30 * dayMs;
const service = { cluster: "default", namespace: "bookinfo", name: "reviews" };
const series = (count: number, valueAt: (minute: number) => number | null) => ({
  timestampsMs: Array.from({ length: count }, (_, i) => t0 + (i + 1) * minuteMs),
  values: Array.from({ length: count }, (_, i) => valueAt(i + 1)),
});

/** A reader whose service has these series. */
function readerOf(errors: ReturnType<typeof series>, latency: ReturnType<typeof series>) {
  const pillar = <T>(value: T) => ({ value, sources: [], errors: [] });
  const golden: Pick<GoldenSignals, "errorRatioSeries" | "latencyMsSeries"> = {
    errorRatioSeries: () => pillar(errors),
    latencyMsSeries: () => pillar(latency),
  };
  return { golden: () => golden } as unknown as Parameters<typeof chooseWindows>[1];
}

describe("the onset of a burn", () => {
  const window = { fromMs: t0 + 60 * minuteMs, toMs: t0 + 75 * minuteMs };
  const calm = series(75, () => 20);
  const course = (errors: ReturnType<typeof series>, latency = calm) => ({
    timestampsMs: errors.timestampsMs,
    errorRatio: errors.values,
    latencyMs: latency.values,
  });

  test("is the last good point before the errors rose, though the window began earlier", () => {
    const onset = findOnset(course(series(75, (minute) => (minute > 68 ? 0.3 : 0.01))), window);
    expect(onset.atMs).toBe(t0 + 68 * minuteMs);
  });

  test("may lie before the window, and one good point does not end the burn", () => {
    const onset = findOnset(course(series(75, (minute) => (minute > 50 && minute !== 57 ? 0.3 : 0.01))), window);
    expect(onset.atMs).toBe(t0 + 50 * minuteMs);
  });

  test("is told by latency where nothing fails", () => {
    const latency = series(75, (minute) => (minute > 64 ? 900 : 20));
    expect(findOnset(course(series(75, () => 0)), window).atMs).toBeNull();
    expect(
      findOnset(
        course(
          series(75, () => 0),
          latency,
        ),
        window,
      ),
    ).toMatchObject({ atMs: t0 + 64 * minuteMs });
  });

  test("is not known when the series begin with it, nor without data", () => {
    expect(findOnset(course(series(75, (minute) => (minute > 59 && minute < 61 ? 0 : 0.3))), window).atMs).toBeNull();
    expect(
      findOnset(
        course(
          series(75, () => null),
          series(75, () => null),
        ),
        window,
      ),
    ).toMatchObject({
      atMs: null,
      usualLatencyMs: null,
    });
  });
});

describe("an onset by a course that has just turned", () => {
  /** Two hours before and a quarter of an hour, a point each 15 s. */
  const window = { fromMs: t0 + 120 * minuteMs, toMs: t0 + 135 * minuteMs };
  const fine = (valueAt: (minute: number) => number | null) => ({
    timestampsMs: Array.from({ length: 540 }, (_, i) => t0 + (i + 1) * 15_000),
    values: Array.from({ length: 540 }, (_, i) => valueAt((i + 1) / 4)),
  });
  const onsetOf = (errorAt: (minute: number) => number | null, latencyAt: (minute: number) => number | null) =>
    findOnset(
      {
        timestampsMs: fine(errorAt).timestampsMs,
        errorRatio: fine(errorAt).values,
        latencyMs: fine(latencyAt).values,
      },
      window,
    );

  test("is found when only the last half minute of the window is bad", () => {
    const onset = onsetOf(
      (minute) => (minute > 134.5 ? 0.3 : 0),
      () => 20,
    );
    expect(onset.atMs).toBe(t0 + 134.5 * minuteMs);
  });

  test("is not found where the time before is as bad every now and then", () => {
    const swinging = (minute: number) => (Math.floor(minute) % 3 === 0 ? 900 : 20);
    expect(onsetOf(() => 0, swinging).atMs).toBeNull();
  });

  test("is the first of bursts that follow each other within three minutes", () => {
    const onset = onsetOf(
      (minute) => ((minute > 125 && minute <= 127) || (minute > 129 && minute <= 130) || minute > 132.5 ? 0.3 : 0),
      () => 20,
    );
    expect(onset.atMs).toBe(t0 + 125 * minuteMs);
  });
});

describe("the windows of a diagnosis", () => {
  const window = { fromMs: t0 + 120 * minuteMs, toMs: t0 + 135 * minuteMs };
  const question = { service, objective: null, isDeniedFailed: true, isBurning: false, window, baselines: null };
  const calm = series(135, () => 20);

  test("the incident starts where the burn does; what it is compared with ended before and did not burn", async () => {
    const burnt = (minute: number) => minute > 90 && minute <= 100;
    const errors = series(135, (minute) => (minute > 125 || burnt(minute) ? 0.5 : 0));
    const chosen = await chooseWindows(question, readerOf(errors, calm));
    expect(chosen.incident).toEqual({ fromMs: t0 + 125 * minuteMs, toMs: window.toMs });
    expect(chosen.slowMs).toBe(20);
    const earlier = [...chosen.stretches, ...(chosen.pieces ?? [])].filter(({ toMs }) => toMs > t0);
    expect(earlier.length).toBeGreaterThan(1);
    for (const { fromMs, toMs } of earlier) {
      expect(toMs).toBeLessThan(t0 + 125 * minuteMs);
      expect(toMs <= t0 + 90 * minuteMs || fromMs >= t0 + 100 * minuteMs).toBe(true);
    }
    const others = [...chosen.stretches, ...(chosen.pieces ?? [])].filter(({ toMs }) => toMs <= t0);
    expect(others.map(({ toMs }) => (window.toMs - toMs) / dayMs)).toEqual(expect.arrayContaining([1, 7]));
  });

  test("time without traffic is not compared with, and where no stretch is calm for long a shorter one is", async () => {
    const errors = series(135, (minute) => {
      if (minute < 100 || (minute > 108 && minute < 121)) return null;
      return minute > 125 || (minute > 103 && minute < 106) ? 0.5 : 0;
    });
    const chosen = await chooseWindows(
      question,
      readerOf(
        errors,
        series(135, () => null),
      ),
    );
    const minutes = (windows: readonly TimeWindow[] | null) =>
      (windows ?? [])
        .filter(({ toMs }) => toMs > t0)
        .map(({ fromMs, toMs }) => [Math.round((fromMs - t0) / minuteMs), Math.round((toMs - t0) / minuteMs)]);
    expect(minutes(chosen.stretches)).toEqual([[119, 124]]);
    // The one that burned for most of its time is not among them: four others did not.
    expect(minutes(chosen.pieces)).toEqual([
      [98, 101],
      [101, 103],
      [106, 109],
      [119, 121],
      [121, 124],
    ]);
  });

  test("traces are compared with many short pieces of all the time before, evenly spread over its calm hours", async () => {
    const errors = series(135, (minute) => (minute > 125 || (minute > 40 && minute <= 60) ? 0.5 : 0));
    const { pieces } = await chooseWindows(question, readerOf(errors, calm));
    const today = (pieces ?? []).filter(({ toMs }) => toMs > t0);
    expect(today).toHaveLength(12);
    for (const { fromMs, toMs } of today)
      expect(toMs <= t0 + 40 * minuteMs || fromMs >= t0 + 60 * minuteMs - 1).toBe(true);
    expect(today.some(({ toMs }) => toMs <= t0 + 20 * minuteMs)).toBe(true);
    expect(today.some(({ toMs }) => toMs > t0 + 110 * minuteMs)).toBe(true);
    expect((pieces ?? []).length - today.length).toBe(4);
  });

  test("windows that are given are taken as they are", async () => {
    const baselines = [{ fromMs: t0, toMs: t0 + 5 * minuteMs }];
    const errors = series(135, (minute) => (minute > 125 ? 0.5 : 0));
    const chosen = await chooseWindows({ ...question, baselines }, readerOf(errors, calm));
    expect(chosen).toMatchObject({
      incident: window,
      stretches: baselines,
      pieces: null,
      onsetMs: t0 + 125 * minuteMs,
    });
  });

  test("a burn older than what is looked at is compared with other days only, and says so", async () => {
    // The first quarter would be the usual level: it must be calm for the rise to show, and burn at its first point.
    const errors = series(135, (minute) => (minute > 119 || minute < 90 ? 0.5 : 0));
    const chosen = await chooseWindows(question, readerOf(errors, calm));
    for (const { fromMs, toMs } of [...chosen.stretches, ...(chosen.pieces ?? [])])
      if (toMs > t0) expect(fromMs).toBeGreaterThanOrEqual(t0 + 89 * minuteMs);
  });
});

describe("an onset by traces", () => {
  const traceAt = (minute: number, isBad: boolean) => ({
    traceId: String(minute),
    weight: 1,
    isComplete: true,
    spans: [{ startMs: t0 + minute * minuteMs, status: isBad ? "ERROR" : "UNSET" }],
  });
  const of = (traces: readonly ReturnType<typeof traceAt>[]) =>
    onsetOfTraces(traces as unknown as Parameters<typeof onsetOfTraces>[0]);
  const minutes = Array.from({ length: 60 }, (_, i) => i);

  test("lies between the last trace of before and the first of after", () => {
    expect(of(minutes.map((minute) => traceAt(minute, minute >= 40)))).toBe(t0 + 39.5 * minuteMs);
  });

  test("is not found in steady errors, nor in a few", () => {
    expect(of(minutes.map((minute) => traceAt(minute, minute % 3 === 0)))).toBeNull();
    expect(of(minutes.map((minute) => traceAt(minute, minute > 56)))).toBeNull();
    expect(of([])).toBeNull();
  });
});
