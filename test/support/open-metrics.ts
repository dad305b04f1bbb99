/** A reader and a writer of OpenMetrics: samples with times. Units, exemplars and comments are skipped. */

/** One sample of one series. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly atMs: number;
}

const sampleLine = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+) (\S+)$/;
const labelPair = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const escapes: Readonly<Record<string, string>> = { n: "\n", '"': '"', "\\": "\\" };

/**
 * The samples in the order of the text.
 * @throws Error with the line's number when a line is neither a comment nor a sample with a time
 */
export function parseOpenMetrics(text: string): MetricSample[] {
  return text.split("\n").flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    const [matched, name = "", pairs = "", value = "", seconds = ""] = sampleLine.exec(line) ?? [];
    if (matched === undefined) throw new Error(`Line ${index + 1} is no OpenMetrics sample with a time: ${line}`);
    return [{ name, labels: parseLabels(pairs), value: parseValue(value), atMs: Math.round(Number(seconds) * 1000) }];
  });
}

function parseLabels(pairs: string): Record<string, string> {
  return Object.fromEntries(
    [...pairs.matchAll(labelPair)].map(([, name = "", value = ""]) => [
      name,
      value.replaceAll(/\\(.)/g, (whole, character: string) => escapes[character] ?? whole),
    ]),
  );
}

function parseValue(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  return text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
}

/** The text that promtool makes blocks of. Types are left out; each series' samples are in order. */
export function toOpenMetrics(series: readonly WrittenSeries[]): string {
  const lines = series.flatMap(({ labels: { __name__, ...labels }, samples }) => {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
    return samples.map(([atMs, value]) => `${__name__}{${pairs.join(",")}} ${value} ${atMs / 1000}`);
  });
  return `${lines.join("\n")}\n# EOF\n`;
}

/** A series to be written: its name is among its labels; samples are [epoch ms, value]. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>> & { readonly __name__: string };
  readonly samples: readonly (readonly [atMs: number, value: number])[];
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
