/** A document of the short form → objectives, or everything that is wrong with it. Pure; called by readObjectiveTexts. */
import { keysOf } from "../../config/known-keys.js";
import { type SchemaProblem, schemaProblems } from "../../config/schema-problems.js";
import { checkObjective, type ObjectiveProblem } from "../check-objective.js";
import { eachOnce, type Finding, type FindingCode, type ReadObjectives } from "../finding.js";
import { type DeclaredObjective, usualNames } from "../readers/declared-objective.js";
import { findingAt, type ObjectiveDocument, reportInto } from "../readers/objective-document.js";
import { below, type Report } from "../readers/report.js";
import { makeObjective, tiersFrom } from "./make-objective.js";
import { shortFormSchema } from "./schema.js";

const knownKeys = keysOf(shortFormSchema);

/** Reads a document. Never throws for any value. */
export function readShortForm(document: ObjectiveDocument): ReadObjectives<DeclaredObjective> {
  const parsed = shortFormSchema.safeParse(document.value);
  if (!parsed.success) {
    const findings = schemaProblems(parsed.error.issues, knownKeys).map((problem) =>
      findingAt(document, "error", codeOf(problem), problem.path, problem.message, problem.child ?? undefined),
    );
    return { objectives: [], findings };
  }

  const findings: Finding[] = [];
  const reportInFile = reportInto(findings, document);
  const objectives = parsed.data.objectives.flatMap((item, index): readonly DeclaredObjective[] => {
    const reportInItem = below(reportInFile, "objectives", index);
    const report: Report = (level, code, path, message) =>
      (path[0] === "defaults" ? reportInFile : reportInItem)(level, code, path, message);
    const { line } = document.placeOf(["objectives", index]);
    const objective = makeObjective(item, parsed.data, { kind: "meshlens", file: document.file, line }, report);
    if (objective === null) return [];
    const tiersPath = tiersFrom(item, parsed.data)?.path ?? null;
    for (const problem of checkObjective(objective, tiersPath !== null)) {
      report(problem.level, problem.code, placeIn(tiersPath, problem), problem.message);
    }
    return [{ objective, names: usualNames(objective) }];
  });
  return { objectives, findings: eachOnce(findings) };
}

/** Where a rule about the objective is mended: the tier where it is written, else the entry its tiers follow from. */
function placeIn(tiersPath: readonly PropertyKey[] | null, { tier, code }: ObjectiveProblem): readonly PropertyKey[] {
  if (code === "SLO_WINDOW") return ["window"];
  return tiersPath === null || tier === null ? [] : [...tiersPath, tier];
}

function codeOf({ path, child }: SchemaProblem): FindingCode {
  if (child !== null) return "SLO_SHAPE";
  const last = path.at(-1);
  if (last === "target" || (last === "availability" && path.length === 3)) return "SLO_TARGET";
  return last === "window" ? "SLO_WINDOW" : "SLO_SHAPE";
}
