/** Objects of Kubernetes → objectives: a broken one is told by its name, and the last good one of that name stays in force. Pure. */
import type { Finding, ReadObjectives } from "../finding.js";
import type { DeclaredObjective } from "./declared-objective.js";
import { type ObjectiveText, readObjectiveTexts } from "./read-objective-texts.js";

/** The outcome, and what to hand in the next time. */
export interface ReadObjects extends ReadObjectives<DeclaredObjective> {
  /** By name; of every object that is there and was once good. */
  readonly good: ReadonlyMap<string, string>;
}

/** Rounds in which broken objects are taken back to their last good form; one may break another. */
const mostRounds = 4;

/** Reads objects; `file` of each is `kind/namespace/name`. `good` is what the last reading returned. Never throws. */
export function readObjectiveObjects(
  objects: readonly ObjectiveText[],
  good: ReadonlyMap<string, string>,
): ReadObjects {
  let texts = objects;
  let read = readObjectiveTexts(texts, {});
  const { findings } = read;
  const broken = new Set<string>();
  for (let round = 0; round < mostRounds; round += 1) {
    const faulty = new Set(read.findings.flatMap(({ level, file }) => (level === "error" ? [file] : [])));
    if (faulty.size === 0) break;
    for (const file of faulty) broken.add(file);
    texts = texts.flatMap((one) => {
      if (!faulty.has(one.file)) return [one];
      const before = good.get(one.file);
      return before === undefined || before === one.text ? [] : [{ ...one, text: before }];
    });
    read = readObjectiveTexts(texts, {});
  }
  const kept = new Map(
    objects.flatMap(({ file, text }) => {
      const last = broken.has(file) ? good.get(file) : text;
      return last === undefined ? [] : [[file, last] as const];
    }),
  );
  return { objectives: read.objectives.map(withoutLine), findings: findings.map(placeless), good: kept };
}

/** An object has no lines: its name is its place. */
function placeless(finding: Finding): Finding {
  return { ...finding, line: null, column: null };
}

function withoutLine({ objective, names }: DeclaredObjective): DeclaredObjective {
  return { objective: { ...objective, origin: { ...objective.origin, line: null } }, names };
}
