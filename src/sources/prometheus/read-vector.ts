/**
 * Reads an instant vector straight from the bytes of Prometheus's answer, without the text and the tree JSON.parse makes of it: an answer
 * of 10 MB repeats a few thousand words in a few orders, so what is kept of it is small. Called by read-rows.ts.
 */
import { createWordReader, type Word } from "./word-reader.js";

/** Told about each series: its labels other than "" and `aside`, the value of `aside` ("" without), its value (NaN and infinities too). */
export type TakeSeries = (labels: Readonly<Record<string, string>>, aside: string, value: number) => void;

const head = Buffer.from('"resultType":"vector","result":[');
const opening = Buffer.from('{"metric":{');
const middle = Buffer.from(',"value":[');
const closing = Buffer.from("]}");
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const bracket = 0x5d;
const backslash = 0x5c;
const brace = 0x7d;

/**
 * Hands on all series of a vector written as every Prometheus writes it, compact and in its order of fields.
 * @returns the answer without its series, for whoever checks the rest; null for any other form: what was handed on counts for nothing then
 */
export function readVector(body: Buffer, aside: string, take: TakeSeries): Buffer | null {
  const start = body.subarray(0, 300).indexOf(head) + head.length;
  if (start < head.length) return null;
  const words = createWordReader(body);
  const labelsOf = createShapes();
  // Of one series after the other; emptying a list would throw its memory away each time.
  const keys: string[] = [];
  const values: string[] = [];
  const before: Word[] = [];
  let at = start;
  let isMore = body[at] !== bracket;
  while (isMore) {
    if (!stands(opening, body, at)) return null;
    at += opening.length;
    let count = 0;
    let asideValue = "";
    let hasLabels = body[at] !== brace;
    for (let place = 0; hasLabels; place += 2) {
      const key = words.read(at, before[place]);
      if (key === null || body[words.end()] !== colon) return null;
      const value = words.read(words.end() + 1, before[place + 1]);
      if (value === null) return null;
      before[place] = key;
      before[place + 1] = value;
      at = words.end();
      if (key.text === aside) asideValue = value.text;
      else if (value.text !== "") {
        keys[count] = key.text;
        values[count] = value.text;
        count += 1;
      }
      hasLabels = body[at] === comma;
      if (hasLabels) at += 1;
    }
    if (body[at] !== brace || !stands(middle, body, at + 1)) return null;
    at = afterNumber(body, at + 1 + middle.length);
    if (body[at] !== comma || body[at + 1] !== quote) return null;
    const from = at + 2;
    at = from;
    while (at < body.length && body[at] !== quote) if (body[at++] === backslash) return null;
    if (!stands(closing, body, at + 1)) return null;
    take(labelsOf(keys, values, count), asideValue, numberIn(body, from, at));
    at += 1 + closing.length;
    isMore = body[at] === comma;
    if (isMore) at += 1;
  }
  return body[at] === bracket ? Buffer.concat([body.subarray(0, start), body.subarray(at)]) : null;
}

function stands(text: Buffer, body: Buffer, at: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (body[at + i] !== text[i]) return false;
  return true;
}

/** Past digits, points, signs and exponents. */
function afterNumber(body: Buffer, from: number): number {
  let at = from;
  for (
    let byte = body[at] ?? 0;
    (byte >= 0x2b && byte <= 0x39 && byte !== comma) || byte === 0x65;
    byte = body[at] ?? 0
  )
    at += 1;
  return at;
}

/** Counts are whole numbers of a few digits, for which no text is made. */
function numberIn(body: Buffer, from: number, to: number): number {
  let whole = 0;
  for (let at = from; at < to && to - from < 16; at += 1) {
    const digit = (body[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number(body.toString("latin1", from, to));
    whole = whole * 10 + digit;
  }
  return to - from < 16 ? whole : Number(body.toString("latin1", from, to));
}

/** Makes an object of the first `count` labels. */
type LabelsOf = (keys: readonly string[], values: readonly string[], count: number) => Readonly<Record<string, string>>;

interface Shape {
  readonly keys: readonly string[];
  readonly example: Readonly<Record<string, string>>;
}

/** All objects with the same keys are copies of one, which V8 lays out once and at its full size. */
function createShapes(): LabelsOf {
  const shapes: Shape[] = [];
  let last: Shape | undefined;
  function shapeOf(keys: readonly string[]): Shape {
    const known = shapes.find((shape) => isOf(shape, keys, keys.length));
    if (known !== undefined) return known;
    const made = { keys, example: Object.fromEntries(keys.map((key) => [key, ""])) };
    // Labels come and go by the dozen, not by the hundred.
    if (shapes.length < 64) shapes.push(made);
    return made;
  }
  return (keys, values, count) => {
    if (last === undefined || !isOf(last, keys, count)) last = shapeOf(keys.slice(0, count));
    const labels: Record<string, string> = { ...last.example };
    for (let i = 0; i < count; i += 1) labels[keys[i] ?? ""] = values[i] ?? "";
    return labels;
  };
}

function isOf(shape: Shape, keys: readonly string[], count: number): boolean {
  if (shape.keys.length !== count) return false;
  for (let i = 0; i < count; i += 1) if (keys[i] !== shape.keys[i]) return false;
  return true;
}
