/**
 * Measurements of one evaluation in a tenth of their bytes: they are kept until the next one, and hardly any is looked at. Filled by the
 * evaluator, read by the board and by backtests.
 */
import type { DataState, Measurement, WindowMeasure } from "../slo/measurement.js";

/** Kept measurements. */
export interface MeasurementTable {
  /** The measurement as it was, made anew; `index` is its place among those that were added. */
  at(index: number): Measurement;
  /** Windows, periods apart, whose ratio was cut to 0..1. */
  clampedWindows(): number;
}

type Head = Omit<Measurement, "windows" | "period"> & { readonly hasPeriod: boolean };

const states: readonly DataState[] = ["OK", "IDLE", "NO_DATA", "UNKNOWN"];
const clamped = 4;
/** Length, good, total, ratio, coverage. */
const width = 5;

/** An empty table. */
export function createMeasurementTable(): MeasurementTable & { add(measurement: Measurement): void } {
  const heads: Head[] = [];
  /** Where the windows of each begin, and where the next will. */
  const begins = [0];
  let figures = new Float64Array(64 * width);
  let marks = new Uint8Array(64);
  let clampedCount = 0;

  function put(at: number, { windowMs, goodCount, totalCount, errorRatio, coverage, ...window }: WindowMeasure): void {
    if (at === marks.length) {
      figures = grown(figures, Float64Array);
      marks = grown(marks, Uint8Array);
    }
    const from = at * width;
    figures[from] = windowMs;
    figures[from + 1] = goodCount ?? Number.NaN;
    figures[from + 2] = totalCount ?? Number.NaN;
    figures[from + 3] = errorRatio ?? Number.NaN;
    figures[from + 4] = coverage;
    marks[at] = states.indexOf(window.dataState) + (window.isClamped ? clamped : 0);
  }

  function windowAt(at: number): WindowMeasure {
    const figure = (n: number) => figures[at * width + n] as number;
    const known = (n: number) => (Number.isNaN(figure(n)) ? null : figure(n));
    const mark = marks[at] as number;
    return {
      windowMs: figure(0),
      goodCount: known(1),
      totalCount: known(2),
      errorRatio: known(3),
      coverage: figure(4),
      dataState: states[mark % clamped] as DataState,
      isClamped: mark >= clamped,
    };
  }

  return {
    add({ windows, period, objectiveId, endMs, dataState, dataReason, isApproximate }) {
      let at = begins[heads.length] as number;
      for (const window of windows) {
        put(at, window);
        at += 1;
        if (window.isClamped) clampedCount += 1;
      }
      if (period !== null) {
        put(at, period);
        at += 1;
      }
      begins.push(at);
      heads.push({ objectiveId, endMs, dataState, dataReason, isApproximate, hasPeriod: period !== null });
    },
    at(index) {
      const { hasPeriod, ...head } = heads[index] as Head;
      const from = begins[index] as number;
      const count = (begins[index + 1] as number) - from;
      const all = Array.from({ length: count }, (_, n) => windowAt(from + n));
      const period = hasPeriod ? (all.pop() ?? null) : null;
      return { ...head, windows: all, period };
    },
    clampedWindows: () => clampedCount,
  };
}

function grown<T extends Float64Array | Uint8Array>(values: T, Values: new (length: number) => T): T {
  const more = new Values(2 * values.length);
  more.set(values);
  return more;
}
