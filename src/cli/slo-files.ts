/** Objective files named on the command line, with what is wrong with them told on standard error. Called by `slo rules` and `slo convert`. */
import { formatFinding } from "../slo/finding.js";
import { type LoadOptions, loadDeclaredObjectives } from "../slo/load-objectives.js";
import type { DeclaredObjective } from "../slo/readers/declared-objective.js";
import { printable } from "./command-line.js";
import { readStdin } from "./read-stdin.js";

/** Where the files of a command line are. */
export function commandLine(): LoadOptions {
  return { folder: process.cwd(), environment: process.env, stdin: readStdin };
}

/** What they declare; of files with errors nothing. */
export function loadDeclared(files: readonly string[]): {
  readonly objectives: readonly DeclaredObjective[];
  readonly hasErrors: boolean;
} {
  const { objectives, findings } = loadDeclaredObjectives(files, commandLine());
  for (const finding of findings) process.stderr.write(`${printable(formatFinding(finding))}\n`);
  return { objectives, hasErrors: findings.some(({ level }) => level === "error") };
}
