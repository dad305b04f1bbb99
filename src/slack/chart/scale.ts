/** Where values stand on an axis, and which of them are written beside it. Pure. */

/** A straight axis from values to pixels. */
export interface Scale {
  readonly ticks: readonly number[];
  position(value: number): number;
}

/** An axis from 0 to a round number at or above `most`, upwards on the page. */
export function valueScale(most: number, bottomPx: number, topPx: number): Scale {
  const step = roundStep(Math.max(most, Number.MIN_VALUE) / 4);
  const count = Math.max(1, Math.ceil(Number((most / step).toPrecision(9))));
  const top = step * count;
  return {
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(9))),
    position: (value) => bottomPx - (Math.min(Math.max(value, 0), top) / top) * (bottomPx - topPx),
  };
}

/** 1, 2, 2.5 or 5 times a power of ten, at or above `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= least * 0.999_999) ?? 10;
  return factor * power;
}

const minuteMs = 60_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 7_200, 14_400].map(
  (minutes) => minutes * minuteMs,
);

/** An axis of time with four to eight round instants of UTC. */
export function timeScale(fromMs: number, toMs: number, leftPx: number, rightPx: number): Scale {
  const lengthMs = Math.max(1, toMs - fromMs);
  const step = steps.find((one) => lengthMs / one <= 8) ?? lengthMs / 4;
  const first = Math.ceil(fromMs / step) * step;
  const count = Math.max(0, Math.floor((toMs - first) / step) + 1);
  return {
    ticks: Array.from({ length: count }, (_, index) => first + index * step),
    position: (atMs) => leftPx + ((Math.min(Math.max(atMs, fromMs), toMs) - fromMs) / lengthMs) * (rightPx - leftPx),
  };
}
