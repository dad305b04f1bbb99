/**
 * The chart of an incident as SVG: burn rates with the limits above, share of what failed or was slow below, changes and the instant it fired
 * across both. Lines differ in dash and are named, so that none is told by its colour. Pure; renderChart makes a picture of it.
 */
import type { Evidence, EvidenceChart } from "../../alerting/evidence.js";
import { element, label, linePath } from "../../picture/svg.js";
import { burnText, percentText, windowText } from "../message/figures.js";
import { type Scale, timeScale, valueScale } from "./scale.js";

/** What the chart shows. */
export interface ChartInput {
  readonly title: string;
  /** What is counted against the budget: `Failed calls`. */
  readonly badWords: string;
  readonly chart: EvidenceChart;
  readonly changes: Pick<NonNullable<Evidence["changes"]>[number], "atMs" | "kind" | "name">[];
  /** Null: not marked. */
  readonly firedAtMs: number | null;
}

/** Size of the picture in its own units; rendered at twice that. */
export const chartSize = { width: 860, height: 460 } as const;

const left = 64;
const right = chartSize.width - 144;
const upper = { top: 86, bottom: 270 } as const;
const lower = { top: 312, bottom: 408 } as const;
const ink = "#1d1c1d";
const faint = "#696969";
const grid = "#e3e3e3";
/** Of Okabe and Ito, told apart also by those who see few colours. */
const colours = ["#d55e00", "#0072b2", "#009e73", "#cc79a7"];
const dashes = [null, "7 4", "2 3", "9 3 2 3"];
const thresholdColour = "#7a5195";
const mostChanges = 4;

/** The SVG. No series at all gives the frame with `no data`. */
export function drawChart(input: ChartInput): string {
  const { timestamps } = input.chart;
  const fromMs = timestamps[0] ?? 0;
  const time = timeScale(fromMs, timestamps.at(-1) ?? fromMs + 1, left, right);
  return element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", ...chartSize, "font-family": "DejaVu Sans", "font-size": 12, fill: ink },
    element("rect", { ...chartSize, fill: "#ffffff" }),
    label(input.title, { x: left, y: 28, "font-size": 17, "font-weight": "bold" }, 75),
    ...timeGrid(time),
    ...marks(input, time),
    ...burnPanel(input, time),
    ...errorPanel(input, time),
  );
}

function timeGrid({ ticks, position }: Scale): readonly string[] {
  const first = ticks[0];
  const last = ticks.at(-1);
  const isDays = first !== undefined && last !== undefined && last - first > 2 * 86_400_000;
  const text = (atMs: number) => {
    const iso = new Date(atMs).toISOString();
    return isDays ? iso.slice(5, 10) : iso.slice(11, 16);
  };
  return [
    ...ticks.flatMap((atMs) => {
      const x = position(atMs);
      const line = { x1: x, x2: x, stroke: grid };
      return [
        element("line", { ...line, y1: upper.top, y2: upper.bottom }),
        element("line", { ...line, y1: lower.top, y2: lower.bottom }),
        label(text(atMs), { x, y: lower.bottom + 18, "text-anchor": "middle", fill: faint }),
      ];
    }),
    label("times in UTC", { x: right, y: lower.bottom + 38, "text-anchor": "end", fill: faint }),
  ];
}

function valueGrid({ ticks, position }: Scale, textOf: (value: number) => string): readonly string[] {
  return ticks.flatMap((value) => {
    const y = position(value);
    return [
      element("line", { x1: left, x2: right, y1: y, y2: y, stroke: value === 0 ? faint : grid }),
      label(textOf(value), { x: left - 8, y: y + 4, "text-anchor": "end", fill: faint }),
    ];
  });
}

/** Labels one below the other where their own places are too near; each keeps its order. */
function spread(places: readonly number[], gap: number): readonly number[] {
  const order = places.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  const out = [...places];
  let last = Number.NEGATIVE_INFINITY;
  for (const { y, index } of order) {
    last = Math.max(y, last + gap);
    out[index] = last;
  }
  return out;
}

function burnPanel({ chart }: ChartInput, time: Scale): readonly string[] {
  const shown = chart.burn.slice(0, colours.length);
  const known = shown.flatMap(({ values }) => values.filter((value) => value !== null));
  const scale = valueScale(
    Math.max(1, ...known, ...chart.thresholds.map(({ value }) => value)) * 1.05,
    upper.bottom,
    upper.top,
  );
  const heads = [
    ...shown.map(({ values }) => values.findLast((value) => value !== null) ?? 0),
    ...chart.thresholds.map(({ value }) => value),
  ];
  const places = spread(
    heads.map((value) => scale.position(value) + 4),
    15,
  );
  return [
    label("Burn rate (1× spends exactly the error budget)", { x: left, y: upper.top - 12, fill: faint }),
    ...valueGrid(scale, burnText),
    ...chart.thresholds.flatMap(({ tier, value }, index) => {
      const y = scale.position(value);
      const place = places[shown.length + index] ?? y;
      return [
        element("line", {
          x1: left,
          x2: right,
          y1: y,
          y2: y,
          stroke: thresholdColour,
          "stroke-dasharray": "1 4",
          "stroke-width": 2,
          "stroke-linecap": "round",
        }),
        label(`limit ${tier} ${burnText(value)}`, { x: right + 8, y: place, fill: thresholdColour }, 22),
      ];
    }),
    ...shown.flatMap(({ windowMs, values }, index) => [
      line(chart.timestamps, values, time, scale, colours[index] ?? ink, dashes[index] ?? null),
      label(`${windowText(windowMs)} ${burnText(values.findLast((value) => value !== null) ?? null)}`, {
        x: right + 8,
        y: places[index] ?? upper.top,
        fill: colours[index] ?? ink,
        "font-weight": "bold",
      }),
    ]),
    ...(known.length === 0 ? [noData(upper)] : []),
  ];
}

function errorPanel({ chart, badWords }: ChartInput, time: Scale): readonly string[] {
  const known = chart.errorRatio.filter((value) => value !== null);
  const scale = valueScale(Math.max(0.0001, ...known) * 1.05, lower.bottom, lower.top);
  const last = known.at(-1) ?? null;
  return [
    label(`${badWords}, share of all`, { x: left, y: lower.top - 12, fill: faint }),
    ...valueGrid(scale, percentText),
    line(chart.timestamps, chart.errorRatio, time, scale, ink, null),
    ...(last === null
      ? [noData(lower)]
      : [label(percentText(last), { x: right + 8, y: scale.position(last) + 4, "font-weight": "bold" })]),
  ];
}

function noData({ top, bottom }: { readonly top: number; readonly bottom: number }): string {
  return label("no data", {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    "text-anchor": "middle",
    "font-size": 16,
    fill: faint,
  });
}

function line(
  timestamps: readonly number[],
  values: readonly (number | null)[],
  time: Scale,
  scale: Scale,
  stroke: string,
  dash: string | null,
): string {
  const points = timestamps.map((atMs, index) => {
    const value = values[index] ?? null;
    return value === null ? null : ([time.position(atMs), scale.position(value)] as const);
  });
  return element("path", {
    d: linePath(points),
    fill: "none",
    stroke,
    "stroke-width": 2.2,
    "stroke-dasharray": dash,
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
  });
}

function marks({ chart, changes, firedAtMs }: ChartInput, time: Scale): readonly string[] {
  const [fromMs, toMs] = [chart.timestamps[0] ?? 0, chart.timestamps.at(-1) ?? 0];
  const seen = changes.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).slice(0, mostChanges);
  const rule = (atMs: number, stroke: string, dash: string | null) =>
    element("line", {
      x1: time.position(atMs),
      x2: time.position(atMs),
      y1: 52,
      y2: lower.bottom,
      stroke,
      "stroke-width": 1.5,
      "stroke-dasharray": dash,
    });
  const beside = (atMs: number) => {
    const x = time.position(atMs);
    const isRight = x > (left + right) / 2;
    return { x: x + (isRight ? -7 : 7), "text-anchor": isRight ? "end" : "start" };
  };
  return [
    ...seen.flatMap(({ atMs, kind, name }, index) => [
      rule(atMs, colours[1] ?? ink, "4 3"),
      ...(index === 0
        ? [
            label(
              `▼ ${kind} ${name}${seen.length > 1 ? ` and ${seen.length - 1} more changes` : ""}`,
              { ...beside(atMs), y: 50, fill: colours[1] ?? ink },
              48,
            ),
          ]
        : []),
    ]),
    ...(firedAtMs === null
      ? []
      : [
          rule(firedAtMs, ink, null),
          label("fired", { x: time.position(firedAtMs) + 5, y: 62, "font-weight": "bold" }),
        ]),
  ];
}
