/** Text of a short-form file → objectives, or everything that is wrong with it. Pure; loadObjectives and `slo lint` read the files. */
import { type ConfigProblem, formatPath } from "../../config/config-problem.js";
import type { Environment } from "../../config/interpolate.js";
import { keysOf } from "../../config/known-keys.js";
import { placed, type SchemaProblem, schemaProblems } from "../../config/schema-problems.js";
import { readYamlTree, type YamlTree } from "../../config/yaml-tree.js";
import { checkObjective, type ObjectiveProblem } from "../check-objective.js";
import type { Finding, FindingCode, ReadObjectives } from "../finding.js";
import type { Objective } from "../objective.js";
import { makeObjective, tiersFrom } from "./make-objective.js";
import type { Report } from "./report.js";
import { shortFormSchema } from "./schema.js";

/** What a reader knows beside the text. */
export interface ReadOptions {
  /** For findings and origins. */
  readonly file: string;
  /** For `${VAR}`; the same rules as in the configuration. */
  readonly environment: Environment;
}

/** One slip makes the rest of a file look wrong too. */
const mostSyntaxFindings = 3;

const knownKeys = keysOf(shortFormSchema);

/** Reads a file. Findings come in order of the file, all at once; never throws for any text. */
export function readShortForm(text: string, { file, environment }: ReadOptions): ReadObjectives<Objective> {
  const tree = readYamlTree(text, environment);
  if (tree.problems.length > 0 || tree.value === undefined) {
    const findings = tree.problems.slice(0, mostSyntaxFindings);
    return { objectives: [], findings: findings.map((problem) => finding(file, "error", "SLO_YAML", problem)) };
  }
  const strange = formProblem(tree, file);
  if (strange !== null) return { objectives: [], findings: [strange] };
  const parsed = shortFormSchema.safeParse(tree.value);
  if (!parsed.success) {
    const findings = schemaProblems(parsed.error.issues, knownKeys).map((problem) =>
      finding(file, "error", codeOf(problem), placed(problem, tree)),
    );
    return { objectives: [], findings: inFileOrder(findings) };
  }

  const findings: Finding[] = [];
  const objectives = parsed.data.objectives.flatMap((item, index): readonly Objective[] => {
    const report: Report = (level, code, below, message) => {
      const path = below[0] === "defaults" ? below : ["objectives", index, ...below];
      findings.push(finding(file, level, code, { ...tree.placeOf(path), path: formatPath(path), message }));
    };
    const line = tree.placeOf(["objectives", index]).line;
    const objective = makeObjective(item, parsed.data, { kind: "meshlens", file, line }, report);
    if (objective === null) return [];
    const tiersPath = tiersFrom(item, parsed.data)?.path ?? null;
    for (const problem of checkObjective(objective, tiersPath !== null)) {
      report(problem.level, problem.code, placeIn(tiersPath, problem), problem.message);
    }
    return [objective];
  });
  const isUsable = findings.every(({ level }) => level !== "error");
  return { objectives: isUsable ? objectives : [], findings: inFileOrder(eachOnce(findings)) };
}

/** Where a rule about the objective is mended: the tier where it is written, else the entry its tiers follow from. */
function placeIn(tiersPath: readonly PropertyKey[] | null, { tier, code }: ObjectiveProblem): readonly PropertyKey[] {
  if (code === "SLO_WINDOW") return ["window"];
  return tiersPath === null || tier === null ? [] : [...tiersPath, tier];
}

/** What is wrong with `defaults` is found again for every entry, and told once. */
function eachOnce(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [JSON.stringify(one), one])).values()];
}

function formProblem(tree: YamlTree, file: string): Finding | null {
  const { value } = tree;
  const found = typeof value === "object" && value !== null && "apiVersion" in value ? value.apiVersion : undefined;
  if (found === "meshlens/v1") return null;
  const message =
    found === undefined
      ? "the file has no apiVersion: begin it with apiVersion: meshlens/v1"
      : "is not a form this version reads: write apiVersion: meshlens/v1 and the short form of docs/reference/objectives.md";
  const path = found === undefined ? "" : "apiVersion";
  return finding(file, "error", "SLO_FORM", { ...tree.placeOf(["apiVersion"]), path, message });
}

function codeOf({ path, child }: SchemaProblem): FindingCode {
  if (child !== null) return "SLO_SHAPE";
  const last = path.at(-1);
  if (last === "target" || (last === "availability" && path.length === 3)) return "SLO_TARGET";
  return last === "window" ? "SLO_WINDOW" : "SLO_SHAPE";
}

function finding(file: string, level: Finding["level"], code: FindingCode, problem: ConfigProblem): Finding {
  return { level, code, file, ...problem };
}

function inFileOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
