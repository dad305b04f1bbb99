/** `meshlens slo convert`: objectives in the format of another tool, with what it cannot say. Called by slo-command.ts. */
import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { ruleText } from "../server/rule-text.js";
import type { Converted } from "../slo/convert/converted.js";
import type { SelectorText } from "../slo/convert/query-texts.js";
import { toOpenSlo } from "../slo/convert/to-openslo.js";
import { toPyrra } from "../slo/convert/to-pyrra.js";
import { toSloth } from "../slo/convert/to-sloth.js";
import { formatFinding } from "../slo/finding.js";
import { loadDeclaredObjectives } from "../slo/load-objectives.js";
import type { DeclaredObjective } from "../slo/readers/declared-objective.js";
import { type ExitCode, printable } from "./command-line.js";

/** Formats that can be written. */
export const convertFormats = ["openslo", "sloth", "pyrra"] as const;

/** What the command line says. */
export interface ConvertOptions {
  readonly to: (typeof convertFormats)[number];
  readonly out?: string;
}

type Writer = (declared: readonly DeclaredObjective[], selectorText: SelectorText) => Converted;
const writers: Readonly<Record<ConvertOptions["to"], Writer>> = { openslo: toOpenSlo, sloth: toSloth, pyrra: toPyrra };

/** Writes the documents to stdout or a file, and what is lost to stderr. */
export function convertObjectives(files: readonly string[], { to, out }: ConvertOptions): ExitCode {
  const { objectives, findings } = loadDeclaredObjectives(files, { folder: process.cwd(), environment: process.env });
  for (const finding of findings) process.stderr.write(`${printable(formatFinding(finding))}\n`);
  const { documents, losses } = writers[to](objectives, ruleText(15_000).selectorText);
  for (const { objective, isWhole, message } of losses) {
    const { file, line } = objective.origin;
    const what = isWhole ? "left out: it" : "lost:";
    process.stderr.write(`${printable(`${file}:${line}: ${objective.name} ${what} ${message}`)}\n`);
  }
  const text = documents
    .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  return findings.some(({ level }) => level === "error") || losses.some(({ isWhole }) => isWhole) ? 1 : 0;
}
