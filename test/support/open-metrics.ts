/** A reader of the OpenMetrics our recordings are made of: samples with times. Units, exemplars and comments are skipped. */

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
