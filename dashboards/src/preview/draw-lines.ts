/** Lines over time and figures as HTML, for the preview. */
import { colorOf, escapeHtml, formatValue } from "./format-value.js";
import type { Line } from "./panel-data.js";

const palette = [
  "#73bf69",
  "#f2cc0c",
  "#5794f2",
  "#ff780a",
  "#e02f44",
  "#b877d9",
  "#8ab8ff",
  "#fade2a",
  "#37872d",
  "#c4162a",
];
type Steps = readonly { value: number | null; color: string }[];

/** An SVG of lines with the largest value as its scale, and a legend. */
export function drawLines(
  lines: readonly Line[],
  unit: string,
  range: readonly [fromMs: number, toMs: number],
): string {
  if (lines.length === 0) return noData;
  const all = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const [low, high] = [Math.min(0, ...all), Math.max(...all)];
  const top = high === low ? low + 1 : high;
  const [fromMs, toMs] = range;
  const at = ([ms, value]: readonly [number, number]) =>
    `${((ms - fromMs) / (toMs - fromMs)) * 1000},${200 - ((value - low) / (top - low)) * 180}`;
  // Three steps, which are never shorter than a scrape.
  const gapMs = 3 * Math.max(15_000, (toMs - fromMs) / 120);
  const drawn = lines.map(({ points }, i) => {
    const path = points.map(
      (point, k) => `${k > 0 && point[0] - (points[k - 1]?.[0] ?? 0) < gapMs ? "L" : "M"}${at(point)}`,
    );
    return `<path d="${path.join("")}" fill="none" stroke="${palette[i % palette.length]}" stroke-width="1.5" vector-effect="non-scaling-stroke"/>`;
  });
  const legend = lines.map(
    ({ name, points }, i) =>
      `<span><i style="background:${palette[i % palette.length]}"></i>${escapeHtml(name || "value")} ${escapeHtml(formatValue(points.at(-1)?.[1], unit))}</span>`,
  );
  const scale = `<b class="top">${escapeHtml(formatValue(top, unit))}</b>`;
  return `<div class="chart">${scale}<svg viewBox="0 0 1000 200" preserveAspectRatio="none">${drawn.join("")}</svg></div><div class="legend">${legend.join("")}</div>`;
}

/** Large figures, each coloured by its steps. */
export function drawFigures(
  figures: readonly (readonly [name: string, value: unknown])[],
  unit: string,
  stepsOf: (name: string) => Steps,
): string {
  if (figures.length === 0) return noData;
  const drawn = figures.map(
    ([name, value]) =>
      `<div style="color:${cssColor(colorOf(value, stepsOf(name)))}"><b>${escapeHtml(formatValue(value, unit))}</b>${figures.length > 1 ? `<small>${escapeHtml(name)}</small>` : ""}</div>`,
  );
  return `<div class="figures">${drawn.join("")}</div>`;
}

/** What Grafana says where there is nothing. */
export const noData = '<div class="nodata">No data</div>';

/** A colour name of Grafana as a colour of a browser. */
export function cssColor(name: string): string {
  const known: Readonly<Record<string, string>> = {
    green: "#73bf69",
    red: "#f2495c",
    orange: "#ff9830",
    yellow: "#fade2a",
    blue: "#5794f2",
    gray: "#8e8e8e",
  };
  return known[name] ?? "#ccccdc";
}
