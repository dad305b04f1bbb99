/** Counts how often a study's answers are right, as rows of Markdown. Used by study.ts and histories.ts. */
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";

/** Counts of one kind of case. */
export interface ScoreRow {
  cases: number;
  first: number;
  three: number;
  silent: number;
  likely: number;
  likelyRight: number;
  possible: number;
  possibleRight: number;
  part: number;
}

/** Header of the table. */
export const scoreHeader = `| fault | cases | AS@1 | AS@3 | nobody named | likely and right | possible and right | version, pod, ... named |
|---|---|---|---|---|---|---|---|`;

/** A book of rows. */
export function createScores(): {
  /** @param name of the true service; null: nothing is wrong */
  readonly add: (key: string, diagnosis: Diagnosis, name: string | null) => void;
  /** Adds counts of another book. */
  readonly merge: (rows: Readonly<Record<string, ScoreRow>>) => void;
  /** All counts, to be kept and merged. */
  readonly rows: () => Readonly<Record<string, ScoreRow>>;
  /** Rows of these keys in this order; of all in order of first appearance when left out. */
  readonly table: (keys?: readonly string[]) => string;
} {
  const rows = new Map<string, ScoreRow>();
  return {
    add: (key, { suspects, verdict }, name) => {
      const row = rows.get(key) ?? noScores();
      rows.set(key, row);
      const rank = suspects.findIndex((one) => one.service.name === name);
      const [first] = suspects;
      row.cases += 1;
      if (rank === 0) row.first += 1;
      if (rank >= 0 && rank < 3) row.three += 1;
      if (verdict.kind !== "SUSPECTS") row.silent += 1;
      if (first?.grade === "LIKELY") {
        row.likely += 1;
        if (rank === 0) row.likelyRight += 1;
      } else if (first !== undefined) {
        row.possible += 1;
        if (rank === 0) row.possibleRight += 1;
      }
      if (rank === 0 && first?.part != null) row.part += 1;
    },
    merge: (others) => {
      for (const [key, other] of Object.entries(others)) {
        const row = rows.get(key) ?? noScores();
        rows.set(key, row);
        for (const name of Object.keys(other) as (keyof ScoreRow)[]) row[name] += other[name];
      }
    },
    rows: () => Object.fromEntries(rows),
    table: (keys = [...rows.keys()]) => [scoreHeader, ...keys.flatMap((key) => rowOf(key, rows.get(key)))].join("\n"),
  };
}

function noScores(): ScoreRow {
  return {
    cases: 0,
    first: 0,
    three: 0,
    silent: 0,
    likely: 0,
    likelyRight: 0,
    possible: 0,
    possibleRight: 0,
    part: 0,
  };
}

function rowOf(key: string, row: ScoreRow | undefined): readonly string[] {
  if (row === undefined) return [];
  const { cases, first, three, silent, likely, likelyRight, possible, possibleRight, part } = row;
  return [
    `| ${key} | ${cases} | ${percent(first, cases)} | ${percent(three, cases)} | ${percent(silent, cases)} | ${likelyRight} of ${likely} | ${possibleRight} of ${possible} | ${part} |`,
  ];
}

function percent(part: number, all: number): string {
  return all === 0 ? "–" : `${((100 * part) / all).toFixed(1)} %`;
}
