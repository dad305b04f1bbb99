/**
 * Levels as queries: by field where there is one, else by the level's place in the line, with span queries over constants of our own.
 * These are the rules of levelOfLine (telemetry/log-line.ts), put to the index; what is fetched is judged by that function again.
 */
import {
  fieldWords,
  firstSeverityNumber,
  levelNumbers,
  lineWords,
  type ToldLevel,
  toldLevels,
} from "../../telemetry/log-level.js";
import { levelKeys, levelReach, methodWords } from "../../telemetry/log-line.js";
import type { LogLevel } from "../../telemetry/log-source.js";
import type { DocumentShape, TextField } from "./document-shape.js";
import { allOf, anyOf, butNot, exists, nothing, type Query } from "./query-clauses.js";
import { lasting } from "./query-text.js";

/** The records of one level, and whether the index can tell them at all or only names candidates. */
export interface LevelQueries {
  of(level: LogLevel): Query;
  /** False when levels come from text: a count is then checked against a sample of lines. */
  readonly isByFieldOnly: boolean;
}

const queriesOf = new WeakMap<DocumentShape, LevelQueries>();

/** @returns one query per level, the same ones each time; UNKNOWN is what none of the others matches */
export function levelQueries(shape: DocumentShape): LevelQueries {
  const known = queriesOf.get(shape) ?? buildQueries(shape);
  queriesOf.set(shape, known);
  return known;
}

function buildQueries(shape: DocumentShape): LevelQueries {
  const known = anyOf(toldLevels.map((level) => byField(shape, level)));
  const hasField = shape.level.length + shape.severityNumber.length > 0;
  const of = (level: ToldLevel): Query => {
    const texts = shape.text.map((field, i) =>
      butNot(
        allOf([exists(field.path), byText(field, level)]),
        shape.text.slice(0, i).map((f) => exists(f.path)),
      ),
    );
    const inText = hasField ? butNot(anyOf(texts), [known]) : anyOf(texts);
    return lasting(anyOf([byField(shape, level), inText].filter((query) => query !== nothing)));
  };
  const told = new Map<LogLevel, Query>(toldLevels.map((level) => [level, of(level)]));
  const unknown: Query = { bool: { must_not: [...told.values()] } };
  return {
    of: (level) => told.get(level) ?? unknown,
    isByFieldOnly: shape.text.length === 0,
  };
}

/** The line begins with a time: an hour, a day or a year, and a number below 60 behind it. */
export function beginsWithTime(path: string): Query {
  const pair = (highest: number) => Array.from({ length: highest + 1 }, (_, i) => String(i).padStart(2, "0"));
  const years = Array.from({ length: 100 }, (_, i) => String(2000 + i));
  return spanFirst(sequence([words(path, [...pair(31), ...years]), words(path, pair(59))]), 2);
}

/** A level stands in its place behind the time a line begins with. */
export function hasLevelBehindTime(path: string): Query {
  return anyOf(toldLevels.map((level) => behindTime(path, level)));
}

function byField(shape: DocumentShape, level: ToldLevel): Query {
  const lower = fieldWords[level];
  const spellings = lower.flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]);
  const clauses: Query[] = [];
  for (const field of shape.level) {
    const isMixed = field.isNumber && (field.isKeyword || field.isText);
    if (isMixed) {
      const values = [...spellings, String(levelNumbers[level])];
      clauses.push(...values.map((query): Query => ({ match: { [field.path]: { query, lenient: true } } })));
    } else if (field.isNumber) clauses.push({ term: { [field.path]: levelNumbers[level] } });
    else {
      const whole = field.whole ?? field.path;
      clauses.push({ terms: { [whole]: [...spellings, String(levelNumbers[level])] } });
      if (field.whole !== null && field.isKeyword) clauses.push({ terms: { [field.path]: spellings } });
    }
  }
  const from = firstSeverityNumber[level];
  for (const path of shape.severityNumber) clauses.push({ range: { [path]: { gte: from, lte: from + 3 } } });
  return anyOf(clauses);
}

function byText(field: TextField, level: ToldLevel): Query {
  const { path } = field;
  if (!field.hasPositions) return { terms: { [path]: [...lineWords[level]] } };
  const numbers = [String(levelNumbers[level])];
  const keyed = sequence([words(path, levelKeys), words(path, [...fieldWords[level], ...numbers])]);
  const anyKeyed = sequence([
    words(path, levelKeys),
    words(
      path,
      toldLevels.flatMap((l) => [...fieldWords[l], String(levelNumbers[l])]),
    ),
  ]);
  const first = butNot(spanFirst(words(path, lineWords[level]), 1), [anyKeyed]);
  return anyOf([
    allOf([beginsWithTime(path), behindTime(path, level)]),
    butNot(anyOf([keyed, first]), [beginsWithTime(path)]),
  ]);
}

function behindTime(path: string, level: ToldLevel): Query {
  const others = toldLevels.filter((l) => l !== level).flatMap((l) => lineWords[l]);
  const firstOfItsKind: Query = {
    span_not: {
      include: words(path, lineWords[level]),
      exclude: words(path, [...others, ...methodWords]),
      pre: levelReach,
      post: 0,
    },
  };
  return spanFirst(firstOfItsKind, levelReach);
}

function words(path: string, values: readonly string[]): Query {
  const terms = values.map((value): Query => ({ span_term: { [path]: value } }));
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { span_or: { clauses: terms } };
}

function sequence(clauses: readonly Query[]): Query {
  return { span_near: { clauses: [...clauses], slop: 0, in_order: true } };
}

function spanFirst(match: Query, end: number): Query {
  return { span_first: { match, end } };
}
