/**
 * What one line of plain text says about itself: the level from its place. Searching a line for the word INFO over-counts, because
 * the word stands in messages too. The rules are kept so simple that a search engine can apply them to an index (level-query.ts).
 */
import { levelOfField, levelOfWord, type ToldLevel, toldLevels } from "./log-level.js";
import type { LogLevel } from "./log-source.js";

/** The level word of a line that begins with a time stands among so many first words. */
export const levelReach = 9;

/** Words that tell an access line from an application's: no level is looked for behind them. */
export const methodWords: readonly string[] = ["get", "head", "post", "put", "patch", "delete", "options", "connect"];

/** Keys of JSON and logfmt lines whose value is the level. */
export const levelKeys: readonly string[] = [
  "level",
  "log.level",
  "severity",
  "severity_text",
  "lvl",
  "loglevel",
  "levelname",
];

/**
 * Level of a line, in this order: a line that begins with a time (two numbers such as hour and minute or year and month) has the
 * first level word among its first nine words; a JSON or logfmt line has the value of its level key; any other line has the level
 * its first word names.
 * @returns UNKNOWN when none of these says
 */
export function levelOfLine(line: string): LogLevel {
  const words = wordsOf(line.slice(0, 400));
  if (isTimePiece(words[0], 31, true) && isTimePiece(words[1], 59, false)) return levelBehindTime(words);
  const keyed = [levelOfJson(line), levelOfLogfmt(line)].find((level) => level !== null && level !== "UNKNOWN");
  return keyed ?? levelOfWord(words[0] ?? "") ?? "UNKNOWN";
}

/**
 * The levels an index takes a line for that keeps its words: by their places where it keeps those too, else by the words alone. More
 * than one, or another than levelOfLine gives, is a line counted wrongly.
 */
export function levelsByIndex(line: string, hasPositions: boolean): readonly ToldLevel[] {
  const words = wordsOf(line.slice(0, 4000));
  if (!hasPositions) return toldLevels.filter((level) => words.some((word) => levelOfWord(word) === level));
  if (isTimePiece(words[0], 31, true) && isTimePiece(words[1], 59, false)) return told([levelBehindTime(words)]);
  const keyed = words.map((word, i) =>
    i > 0 && levelKeys.includes(words[i - 1] ?? "") ? levelOfField(word) : "UNKNOWN",
  );
  const byKey = told(keyed);
  return byKey.length > 0 ? byKey : told([levelOfWord(words[0] ?? "") ?? "UNKNOWN"]);
}

function told(levels: readonly LogLevel[]): readonly ToldLevel[] {
  return toldLevels.filter((level) => levels.includes(level));
}

/** The object a line holds as JSON; null for any other line. Cut JSON is no object. */
export function jsonOfLine(line: string): Readonly<Record<string, unknown>> | null {
  const text = line.trim();
  if (!text.startsWith("{") || !text.endsWith("}")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * Lower-case words of a text by the rule of Elasticsearch's standard analyser (Unicode UAX #29) as far as log lines need it: `.` and
 * `'` join two letters or two digits, `:` two letters, `,` and `;` two digits, `_` anything.
 */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let end = -1;
  for (const match of text.matchAll(/[\p{L}\p{N}_]+|\p{Extended_Pictographic}/gu)) {
    const word = match[0].toLowerCase();
    const previous = words.at(-1);
    if (previous !== undefined && match.index === end + 1 && isJoined(previous, text.charAt(end), word))
      words[words.length - 1] = previous + text.charAt(end) + word;
    else words.push(word);
    end = match.index + match[0].length;
  }
  return words;
}

function isJoined(before: string, joint: string, after: string): boolean {
  const isLetters = /\p{L}$/u.test(before) && /^\p{L}/u.test(after);
  const isDigits = /\p{N}$/u.test(before) && /^\p{N}/u.test(after);
  if (joint === "." || joint === "'") return isLetters || isDigits;
  if (joint === ":") return isLetters;
  return (joint === "," || joint === ";") && isDigits;
}

function isTimePiece(word: string | undefined, highest: number, mayBeYear: boolean): boolean {
  if (word === undefined || !/^\d+$/.test(word)) return false;
  if (word.length === 2) return Number(word) <= highest;
  return mayBeYear && word.length === 4 && word.startsWith("20");
}

function levelBehindTime(words: readonly string[]): LogLevel {
  for (const word of words.slice(0, levelReach)) {
    if (methodWords.includes(word)) return "UNKNOWN";
    const level = levelOfWord(word);
    if (level !== null) return level;
  }
  return "UNKNOWN";
}

function levelOfJson(line: string): LogLevel | null {
  const object = jsonOfLine(line);
  return object === null ? null : levelOfObject(object);
}

/** Level named by the keys of a parsed JSON line, `log: {level}` included; UNKNOWN when they do not say. */
export function levelOfObject(object: Readonly<Record<string, unknown>>): LogLevel {
  const nested = object["log"];
  const values = [...levelKeys.map((key) => object[key]), isRecord(nested) ? nested["level"] : undefined];
  for (const value of values) {
    const level = levelOfField(value);
    if (level !== "UNKNOWN") return level;
  }
  return "UNKNOWN";
}

function levelOfLogfmt(line: string): LogLevel | null {
  const match = /(?:^|\s)(?:level|lvl|severity|loglevel)=["']?([A-Za-z0-9]+)/.exec(line);
  return match === null ? null : levelOfField(match[1]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
