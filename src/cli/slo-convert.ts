/** `meshlens slo convert`: objectives in the format of another tool, with what it cannot say. Called by slo-command.ts. */
import { stringify } from "yaml";
import { ruleText } from "../server/rule-text.js";
import type { Converted } from "../slo/convert/converted.js";
import { toOpenSlo } from "../slo/convert/to-openslo.js";
import { toPyrra } from "../slo/convert/to-pyrra.js";
import { toSloth } from "../slo/convert/to-sloth.js";
import type { SelectorText } from "../slo/failed-ratio.js";
import type { DeclaredObjective } from "../slo/readers/declared-objective.js";
import { type ExitCode, printable } from "./command-line.js";
import { loadDeclared } from "./slo-files.js";
import { writeOut } from "./write-out.js";

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
  const { objectives, hasErrors } = loadDeclared(files);
  const { documents, losses } = writers[to](objectives, ruleText(15_000).selectorText);
  for (const { objective, isWhole, message } of losses) {
    const { file, line } = objective.origin;
    const what = isWhole ? "left out: it" : "lost:";
    process.stderr.write(`${printable(`${file}:${line}: ${objective.name} ${what} ${message}`)}\n`);
  }
  const text = documents
    .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
  writeOut(text, out);
  return hasErrors || losses.some(({ isWhole }) => isWhole) ? 1 : 0;
}
