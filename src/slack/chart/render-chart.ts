/** The chart as a picture for the thread. Called by the delivery of charts. */
import { renderPng } from "../../picture/render-png.js";
import { chartWords } from "./chart-words.js";
import { type ChartInput, chartSize, drawChart } from "./draw-chart.js";

/** A picture for the thread. */
export interface ChartPicture {
  readonly png: Buffer;
  /** At most 1,000 characters, with the numbers. */
  readonly altText: string;
}

/** The chart at twice its size, for sharp screens. */
export function renderChart(input: ChartInput): ChartPicture {
  return { png: renderPng(drawChart(input), 2 * chartSize.width), altText: chartWords(input) };
}
