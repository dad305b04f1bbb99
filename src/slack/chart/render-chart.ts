/** SVG → PNG by resvg with the font of the package: no browser, no font of the machine, the same bytes everywhere. Called by the delivery of charts. */
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { chartWords } from "./chart-words.js";
import { type ChartInput, chartSize, drawChart } from "./draw-chart.js";

/** A picture for the thread. */
export interface ChartPicture {
  readonly png: Buffer;
  /** At most 1,000 characters, with the numbers. */
  readonly altText: string;
}

const require = createRequire(import.meta.url);
const fontFiles = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((file) =>
  require.resolve(`dejavu-fonts-ttf/ttf/${file}`),
);

/** The chart at twice its size, for sharp screens. Some 70 ms of CPU. */
export function renderChart(input: ChartInput): ChartPicture {
  const resvg = new Resvg(drawChart(input), {
    fitTo: { mode: "width", value: 2 * chartSize.width },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
  });
  return { png: resvg.render().asPng(), altText: chartWords(input) };
}
