/** The words log levels are written with, and how they fold into LogLevel. Log adapters read and write them. */
import type { LogLevel } from "./log-source.js";

/** A level that a record can tell, as opposed to UNKNOWN. */
export type ToldLevel = Exclude<LogLevel, "UNKNOWN">;

/** All levels that can be told, gravest first. */
export const toldLevels: readonly ToldLevel[] = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/** Lower-case words of a level field, per level: syslog, java.util.logging, Python, .NET, ViaQ and OpenTelemetry. */
export const fieldWords: Readonly<Record<ToldLevel, readonly string[]>> = {
  FATAL: ["fatal", "critical", "crit", "emerg", "emergency", "panic", "dpanic", "alert"],
  ERROR: ["error", "err", "severe"],
  WARN: ["warn", "warning"],
  INFO: ["info", "information", "informational", "notice"],
  DEBUG: ["debug", "fine", "verbose", "config"],
  TRACE: ["trace", "finer", "finest"],
};

/** Those of the words that are taken for a level when they stand in a line of text: no everyday words such as `fine`. */
export const lineWords: Readonly<Record<ToldLevel, readonly string[]>> = {
  FATAL: ["fatal", "critical", "crit", "emerg", "panic", "alert"],
  ERROR: ["error", "err", "severe"],
  WARN: ["warn", "warning"],
  INFO: ["info", "notice"],
  DEBUG: ["debug"],
  TRACE: ["trace"],
};

/** Numbers of JSON loggers (bunyan, pino), per level. */
export const levelNumbers: Readonly<Record<ToldLevel, number>> = {
  FATAL: 60,
  ERROR: 50,
  WARN: 40,
  INFO: 30,
  DEBUG: 20,
  TRACE: 10,
};

/** OpenTelemetry severity numbers run in fours: TRACE 1..4, DEBUG 5..8, INFO 9..12, WARN 13..16, ERROR 17..20, FATAL 21..24. */
export const firstSeverityNumber: Readonly<Record<ToldLevel, number>> = {
  TRACE: 1,
  DEBUG: 5,
  INFO: 9,
  WARN: 13,
  ERROR: 17,
  FATAL: 21,
};

const levelOfFieldWord: ReadonlyMap<string, ToldLevel> = wordsToLevels(fieldWords);
const levelOfLineWord: ReadonlyMap<string, ToldLevel> = wordsToLevels(lineWords);

/** Level of a level field's value, a word in any case or a logger's number (10..60); UNKNOWN for anything else. */
export function levelOfField(value: unknown): LogLevel {
  if (typeof value === "number") return levelOfNumber(value);
  if (typeof value !== "string") return "UNKNOWN";
  const word = value.trim().toLowerCase();
  if (/^\d{1,3}$/.test(word)) return levelOfNumber(Number(word));
  return levelOfFieldWord.get(word) ?? "UNKNOWN";
}

/** Level of an OpenTelemetry severity number, 1..24. */
export function levelOfSeverityNumber(value: unknown): LogLevel {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number") return "UNKNOWN";
  return toldLevels.find((l) => number >= firstSeverityNumber[l] && number < firstSeverityNumber[l] + 4) ?? "UNKNOWN";
}

/** Level a lower-case word stands for inside a line; null for any other word. */
export function levelOfWord(word: string): ToldLevel | null {
  return levelOfLineWord.get(word) ?? null;
}

function levelOfNumber(value: number): LogLevel {
  return toldLevels.find((level) => levelNumbers[level] === value) ?? "UNKNOWN";
}

function wordsToLevels(table: Readonly<Record<ToldLevel, readonly string[]>>): ReadonlyMap<string, ToldLevel> {
  return new Map(toldLevels.flatMap((level) => table[level].map((word) => [word, level] as const)));
}
