/** docs/benchmarks.md: a section per bench with the rows of its last run. Pure; called by run.ts. */
import type { BenchResult } from "./bench-result.js";

/** The last run of one bench. */
export interface BenchSection {
  readonly name: string;
  /** Such as `2026-11-21`. */
  readonly day: string;
  readonly results: readonly BenchResult[];
}

const sectionStart = /^## (?=\S+$)/m;

/** The table of one bench. */
export function rowsOf(results: readonly BenchResult[]): string {
  return results
    .map(({ what, measured, goal, isMet }) => `| ${what} | ${measured} | ${goal} | ${isMet ? "yes" : "**no**"} |`)
    .join("\n");
}

/**
 * The page with the given sections in place of their older ones, all in the order of `names`.
 * @param page as it stands; sections of benches that are no more are dropped
 * @param machine in words
 */
export function benchmarksPage(
  page: string,
  ran: readonly BenchSection[],
  names: readonly string[],
  machine: string,
): string {
  const [, ...kept] = page.split(sectionStart);
  const sections = new Map(kept.map((text) => [text.slice(0, text.indexOf("\n")), `## ${text.trimEnd()}\n`]));
  for (const { name, day, results } of ran)
    sections.set(
      name,
      `## ${name}\n\nOf ${day}.\n\n| what | measured | goal | met |\n|---|---|---|---|\n${rowsOf(results)}\n`,
    );
  return `# Benchmarks

Written by \`npm run bench [-- name...]\`: what each bench measured when it ran last, servers and load on the same machine
(${machine}). Compare ratios, not milliseconds: both sides of a ratio are measured in turns in the same run.

${names.flatMap((name) => sections.get(name) ?? []).join("\n")}`;
}
