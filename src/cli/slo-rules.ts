/** `meshlens slo rules`: objectives as rules for those who want Prometheus itself to page. */
import { durationMs } from "../config/duration.js";
import { ruleText } from "../server/rule-text.js";
import type { DeclaredObjective } from "../slo/readers/declared-objective.js";
import { countedRules } from "../slo/rules/counted-rules.js";
import type { RuleMesh } from "../slo/rules/mesh-counts.js";
import { plainSlothRules } from "../slo/rules/plain-sloth-rules.js";
import { type RuleGroup, ruleFile, ruleObject } from "../slo/rules/rule-group.js";
import { type ExitCode, printable, UsageError } from "./command-line.js";
import { loadDeclared } from "./slo-files.js";
import { writeOut } from "./write-out.js";

/** What the command line says. */
export interface RulesOptions {
  readonly plainSloth?: true;
  /** Name of a PrometheusRule object; absent: a plain file. */
  readonly prometheusRule?: string;
  readonly namespace?: string;
  readonly out?: string;
  readonly mesh: RuleMesh["dialect"];
  readonly reporter: RuleMesh["reporter"];
  readonly scrapeInterval: string;
}

const stepMs = 30_000;

/** Writes the rules to stdout or a file, and to stderr what could not be written. */
export function writeRules(files: readonly string[], options: RulesOptions): ExitCode {
  const { objectives, hasErrors } = loadDeclared(files);
  const scrapeMs = durationMs(options.scrapeInterval);
  if (scrapeMs === null) {
    throw new UsageError("--scrape-interval: is not a duration such as 15s");
  }
  const { mesh, reporter } = options;
  const settings = { mesh: { dialect: mesh, reporter }, stepMs, ...ruleText(scrapeMs) };
  const left: DeclaredObjective[] = [];
  const groups = objectives.flatMap((declared): readonly RuleGroup[] => {
    const made = options.plainSloth === true ? plainSlothRules(declared) : countedRules(declared, settings);
    if (made === null) left.push(declared);
    return made ?? [];
  });
  for (const { objective } of left) {
    const { file, line } = objective.origin;
    const why =
      options.plainSloth === true
        ? "Sloth has no queries for such an indicator: leave --plain-sloth out"
        : "the mesh's metrics do not tell its scope apart in rules";
    process.stderr.write(`${printable(`${file}:${line}: ${objective.name} has no rules: ${why}`)}\n`);
  }
  const { prometheusRule, namespace, out } = options;
  const text = prometheusRule === undefined ? ruleFile(groups) : ruleObject(groups, prometheusRule, namespace ?? null);
  writeOut(text, out);
  return hasErrors || left.length > 0 ? 1 : 0;
}
