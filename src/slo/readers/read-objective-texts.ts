/** Texts of objective files, of any format → objectives, or everything that is wrong with them. Pure; loadObjectives reads the files. */
import type { Environment } from "../../config/interpolate.js";
import { groupBy } from "../../telemetry/group-by.js";
import { duplicateNames } from "../duplicate-names.js";
import { type Finding, inFileOrder, type ReadObjectives } from "../finding.js";
import { readShortForm } from "../short-form/read-short-form.js";
import type { DeclaredObjective } from "./declared-objective.js";
import { type ObjectiveDocument, readDocuments } from "./objective-document.js";
import { readOpenSlo } from "./read-openslo.js";
import { readPyrra } from "./read-pyrra.js";
import { readSloth } from "./read-sloth.js";

/** A file's name, for findings and origins, and its text. */
export interface ObjectiveText {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads them together, because OpenSLO objects refer to each other across files. A file with an error gives none of its objectives.
 * Findings come in order of the files and of their lines, all at once. Never throws for any text.
 */
export function readObjectiveTexts(
  texts: readonly ObjectiveText[],
  environment: Environment,
): ReadObjectives<DeclaredObjective> {
  const read = texts.map(({ file, text }) => readDocuments(text, file, environment));
  const documents = read.flatMap((one) => one.documents);
  const results = [
    ...documents.map(readOne),
    readOpenSlo(documents.filter(({ format }) => format === "openslo" || format === "openslo-alpha")),
  ];
  const declared = results.flatMap(({ objectives }) => objectives);
  const findings = [
    ...read.flatMap((one) => one.findings),
    ...results.flatMap((one) => one.findings),
    ...duplicateNames(declared.map(({ objective }) => objective)),
  ];
  const faulty = new Set(findings.flatMap(({ level, file }) => (level === "error" ? [file] : [])));
  return {
    objectives: declared.filter(({ objective }) => !faulty.has(objective.origin.file ?? "")),
    findings: byFile(findings, texts),
  };
}

function readOne(document: ObjectiveDocument): ReadObjectives<DeclaredObjective> {
  switch (document.format) {
    case "meshlens":
      return readShortForm(document);
    case "sloth":
    case "sloth-kubernetes":
      return readSloth(document);
    case "pyrra":
      return readPyrra(document);
    case "openslo":
    case "openslo-alpha":
      return { objectives: [], findings: [] };
  }
}

function byFile(findings: readonly Finding[], texts: readonly ObjectiveText[]): readonly Finding[] {
  const of = groupBy(findings, ({ file }) => file);
  return texts.flatMap(({ file }) => inFileOrder(of.get(file) ?? []));
}
