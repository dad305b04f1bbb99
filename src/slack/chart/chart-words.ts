/** What the chart shows, in words with the numbers: its alternative text. Pure. */
import { burnText, lengthText, percentText, windowText } from "../message/figures.js";
import { utc } from "../message/mrkdwn.js";
import type { ChartInput } from "./draw-chart.js";

const mostChars = 1_000;

/** At most 1,000 characters. */
export function chartWords({ title, badWords, chart, changes, firedAtMs }: ChartInput): string {
  const fromMs = chart.timestamps[0];
  const toMs = chart.timestamps.at(-1);
  if (fromMs === undefined || toMs === undefined) return `${title}: no data.`.slice(0, mostChars);
  const sentences = [
    `${title}, ${lengthText(toMs - fromMs)} until ${utc(toMs)}`,
    ...chart.burn.map(
      ({ windowMs, values }) => `burn rate over ${windowText(windowMs)}: ${seriesWords(values, burnText)}`,
    ),
    ...(chart.thresholds.length === 0
      ? []
      : [`limits: ${chart.thresholds.map(({ tier, value }) => `${tier} ${burnText(value)}`).join(", ")}`]),
    `${badWords.charAt(0).toLowerCase()}${badWords.slice(1)}, share of all: ${seriesWords(chart.errorRatio, percentText)}`,
    ...changes.slice(0, 3).map(({ atMs, kind, name }) => `${kind} ${name} was changed ${utc(atMs)}`),
    ...(firedAtMs === null ? [] : [`fired ${utc(firedAtMs)}`]),
  ];
  return `${sentences.join(". ")}.`.slice(0, mostChars);
}

function seriesWords(values: readonly (number | null)[], textOf: (value: number | null) => string): string {
  const known = values.filter((value) => value !== null);
  return known.length === 0
    ? "no data"
    : `now ${textOf(known.at(-1) ?? null)}, at most ${textOf(known.reduce((most, value) => Math.max(most, value), 0))}`;
}
