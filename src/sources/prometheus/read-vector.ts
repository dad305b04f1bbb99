/**
 * Reads an instant vector straight from the bytes of Prometheus's answer while they come, without the text and the tree JSON.parse makes
 * of it: an answer of 10 MB repeats a few thousand words in a few orders, so what is kept of it is small. Called by read-rows.ts.
 */
import type { BodyReader } from "../../http/http-client.js";
import { createWordReader, type NoWord, type Word } from "./word-reader.js";

/** Told about each series: its labels other than "" and `aside`, the value of `aside` ("" without), its value (NaN and infinities too). */
export type TakeSeries = (labels: Readonly<Record<string, string>>, aside: string, value: number) => void;

/** A reader that gives back the answer without the series it handed on, for whoever checks the rest. */
export interface VectorReader extends BodyReader {
  /**
   * `read`: all series were handed on. `other`: none, the answer is given back whole: another form than every Prometheus writes, compact
   * and in its order of fields. `broken`: it began as a vector and did not go on as one; what was handed on counts for nothing.
   */
  outcome(): "read" | "other" | "broken";
}

const head = Buffer.from('"resultType":"vector","result":[');
/** The head stands at the beginning: `{"status":"success","data":{` and, in some servers, a few flags. */
const headWithin = 300;
const opening = Buffer.from('{"metric":{');
const middle = Buffer.from(',"value":[');
const closing = Buffer.from("]}");
/** No series is longer; a text without an end is not looked through again with each piece. */
const mostSeriesBytes = 262_144;
const spareBytes = 8_192;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const bracket = 0x5d;
const backslash = 0x5c;
const brace = 0x7d;

/** Of a reader: before the list, in it (a series or the end, a series, what follows one), and after: its end, another form, a break. */
type State = "head" | "first" | "series" | "separator" | "read" | "other" | "broken";

/** Hands on each series as soon as it is there. */
export function createVectorReader(aside: string, take: TakeSeries): VectorReader {
  const readSeries = createSeriesReader(aside, take);
  let state: State = "head";
  /** One buffer for all pieces; what is not yet read lies between `at` and `length`. */
  let pending = Buffer.alloc(0);
  let length = 0;
  let at = 0;
  const kept: Buffer[] = [];

  function add(bytes: Buffer): void {
    const left = length - at;
    if (left + bytes.length > pending.length) {
      const larger = Buffer.allocUnsafe(left + bytes.length + spareBytes);
      pending.copy(larger, 0, at, length);
      pending = larger;
    } else pending.copyWithin(0, at, length);
    bytes.copy(pending, left);
    at = 0;
    length = left + bytes.length;
  }

  /** What comes from here on is only kept. */
  function stop(as: "read" | "other" | "broken"): State {
    kept.push(Buffer.from(pending.subarray(at, length)));
    pending = Buffer.alloc(0);
    length = 0;
    at = 0;
    return as;
  }

  const notAVector = () => stop(state === "head" || state === "first" ? "other" : "broken");

  function readHead(): State {
    const start = pending.subarray(0, Math.min(length, headWithin)).indexOf(head) + head.length;
    if (start < head.length) return length < headWithin ? state : notAVector();
    kept.push(Buffer.from(pending.subarray(0, start)));
    at = start;
    return "first";
  }

  function readSeparator(): State {
    if (pending[at] === bracket) return stop("read");
    if (pending[at] !== comma) return notAVector();
    at += 1;
    return "series";
  }

  function readOne(): State {
    if (state === "first" && pending[at] === bracket) return stop("read");
    const next = readSeries(pending, length, at);
    if (next === "none" || (next === "cut" && length - at > mostSeriesBytes)) return notAVector();
    if (next === "cut") return state;
    at = next;
    return "separator";
  }

  /** Reads as far as the bytes go. */
  function advance(): void {
    for (let before = -1; at < length && before !== at; ) {
      before = at;
      if (state === "head") state = readHead();
      else if (state === "separator") state = readSeparator();
      else state = readOne();
    }
  }

  return {
    take(bytes) {
      if (isAfter(state)) kept.push(bytes);
      else {
        add(bytes);
        advance();
      }
    },
    end() {
      if (!isAfter(state)) state = notAVector();
      return Buffer.concat(kept);
    },
    outcome: () => (isAfter(state) ? state : "other"),
  };
}

function isAfter(state: State): state is "read" | "other" | "broken" {
  return state === "read" || state === "other" || state === "broken";
}

/** Reads the series at `at` and returns where it ends; "cut" when the bytes end before it does, "none" when there is no series. */
function createSeriesReader(aside: string, take: TakeSeries) {
  const words = createWordReader();
  const labelsOf = createShapes();
  // Of one series after the other; emptying a list would throw its memory away each time.
  const keys: string[] = [];
  const values: string[] = [];
  const before: Word[] = [];
  return (body: Buffer, length: number, start: number): number | NoWord => {
    const otherwise = (at: number): NoWord => (at >= length ? "cut" : "none");
    if (!stands(opening, body, start)) return start + opening.length > length ? "cut" : "none";
    let at = start + opening.length;
    let count = 0;
    let asideValue = "";
    let hasLabels = body[at] !== brace;
    for (let place = 0; hasLabels; place += 2) {
      const key = words.read(body, length, at, before[place]);
      if (typeof key === "string") return key;
      if (words.end() >= length || body[words.end()] !== colon) return otherwise(words.end());
      const value = words.read(body, length, words.end() + 1, before[place + 1]);
      if (typeof value === "string") return value;
      before[place] = key;
      before[place + 1] = value;
      at = words.end();
      if (key.text === aside) asideValue = value.text;
      else if (value.text !== "") {
        keys[count] = key.text;
        values[count] = value.text;
        count += 1;
      }
      hasLabels = at < length && body[at] === comma;
      if (hasLabels) at += 1;
    }
    if (at >= length || body[at] !== brace) return otherwise(at);
    at += 1;
    if (at + middle.length > length) return "cut";
    if (!stands(middle, body, at)) return "none";
    at = afterNumber(body, length, at + middle.length);
    if (at + 1 >= length) return "cut";
    if (body[at] !== comma || body[at + 1] !== quote) return "none";
    const from = at + 2;
    at = from;
    while (at < length && body[at] !== quote) if (body[at++] === backslash) return "none";
    if (at + 1 + closing.length > length) return "cut";
    if (!stands(closing, body, at + 1)) return "none";
    take(labelsOf(keys, values, count), asideValue, numberIn(body, from, at));
    return at + 1 + closing.length;
  };
}

function stands(text: Buffer, body: Buffer, at: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (body[at + i] !== text[i]) return false;
  return true;
}

/** Past digits, points, signs and exponents. */
function afterNumber(body: Buffer, length: number, from: number): number {
  let at = from;
  while (at < length && isOfNumber(body[at] ?? 0)) at += 1;
  return at;
}

function isOfNumber(byte: number): boolean {
  return (byte >= 0x2b && byte <= 0x39 && byte !== comma) || byte === 0x65;
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
