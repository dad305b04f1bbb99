/** Objective files by name or pattern → objectives and findings. The only reader of objective files; called by the composition root and `slo`. */
import { readFileSync, statSync } from "node:fs";
import { relative } from "node:path";
import type { Environment } from "../config/interpolate.js";
import { errorWord } from "../config/source-connection.js";
import { filesOfPattern } from "./file-pattern.js";
import type { Finding, ReadObjectives } from "./finding.js";
import type { Objective } from "./objective.js";
import type { DeclaredObjective } from "./readers/declared-objective.js";
import { type ObjectiveText, readObjectiveTexts } from "./readers/read-objective-texts.js";

const maxFileBytes = 1_048_576;

/** Where patterns begin and what `${VAR}` are. */
export interface LoadOptions {
  /** Folder of relative patterns: that of the configuration file, or the working directory. */
  readonly folder: string;
  readonly environment: Environment;
  /** What the pattern `-` stands for; at most one byte more than the number given is needed. Left out: a file of that name. */
  readonly stdin?: (mostBytes: number) => Buffer;
}

/** Everything the files say. A file with errors gives none of its objectives, and a pattern that fits no file is an error. Never throws. */
export function loadDeclaredObjectives(
  patterns: readonly string[],
  { folder, environment, stdin }: LoadOptions,
): ReadObjectives<DeclaredObjective> {
  const findings: Finding[] = [];
  const files = new Set<string>();
  for (const pattern of patterns) {
    if (pattern === "-" && stdin !== undefined) {
      files.add(pattern);
      continue;
    }
    const found = filesOfPattern(pattern, folder);
    if (found.length === 0) findings.push(fileFinding(pattern, "no file fits this pattern: mend or remove it"));
    for (const file of found) files.add(file);
  }
  const texts: ObjectiveText[] = [];
  for (const path of files) {
    const isStdin = path === "-" && stdin !== undefined;
    const file = isStdin ? "stdin" : shown(path, folder);
    const text = isStdin ? textOf(() => stdin(maxFileBytes)) : readText(path);
    if ("fault" in text) findings.push(fileFinding(file, text.fault));
    else texts.push({ file, text: text.text });
  }
  const read = readObjectiveTexts(texts, environment);
  return { objectives: read.objectives, findings: [...findings, ...read.findings] };
}

/** The same without the names that only rules and other formats keep. */
export function loadObjectives(patterns: readonly string[], options: LoadOptions): ReadObjectives<Objective> {
  const { objectives, findings } = loadDeclaredObjectives(patterns, options);
  return { objectives: objectives.map(({ objective }) => objective), findings };
}

/** The way a user would write it: relative where it is below the folder. */
function shown(path: string, folder: string): string {
  const below = relative(folder, path);
  return below === "" || below.startsWith("..") ? path : below;
}

type ReadText = { readonly text: string } | { readonly fault: string };

const tooLarge = { fault: "is larger than 1 MiB: split it" } as const;

function readText(path: string): ReadText {
  try {
    const facts = statSync(path);
    if (!facts.isFile()) return { fault: "is not a file" };
    if (facts.size > maxFileBytes) return tooLarge;
  } catch (error) {
    return faultOf(error);
  }
  return textOf(() => readFileSync(path));
}

function textOf(read: () => Buffer): ReadText {
  try {
    const bytes = read();
    if (bytes.length > maxFileBytes) return tooLarge;
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): { readonly fault: string } {
  const word = errorWord(error);
  if (word === "ERR_ENCODING_INVALID_ENCODED_DATA") return { fault: "is not UTF-8 text" };
  return { fault: word === "ENOENT" ? "does not exist" : `cannot be read (${word})` };
}

function fileFinding(file: string, message: string): Finding {
  return { level: "error", code: "SLO_FILE", file, line: null, column: null, path: "", message };
}
