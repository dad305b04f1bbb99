/** `meshlens slo lint`, `explain`, `rules` and `convert`: what is wrong with objective files, what objectives would do, and the same for others. */
import { Command, InvalidArgumentError, Option } from "commander";
import { explainObjective } from "../slo/explain.js";
import { type Finding, formatFinding, type ReadObjectives } from "../slo/finding.js";
import { loadObjectives } from "../slo/load-objectives.js";
import type { Objective } from "../slo/objective.js";
import { type ExitCode, printable, runCommand } from "./command-line.js";
import { explainedJson, explainLegend, explainTable } from "./explain-table.js";
import { type ConvertOptions, convertFormats, convertObjectives } from "./slo-convert.js";
import { commandLine } from "./slo-files.js";
import { type RulesOptions, writeRules } from "./slo-rules.js";

interface Options {
  readonly json?: true;
}

interface LintOptions extends Options {
  readonly config?: string;
}

const fileHelp = "files, folders, patterns such as 'slo/*.yaml', or - for standard input";

/** The command for main.ts. */
export function sloCommand(): Command {
  const slo = new Command("slo").description("objectives: check files, show what they would do");
  slo
    .command("lint")
    .description("say what is wrong with objective files, with file, line and remedy")
    .argument("<file...>", fileHelp)
    .option("-c, --config <file>", "hold them against the data of its sources too: buckets, retention, traffic")
    .option("--json", "print JSON for programs")
    .addHelpText("after", "\nExit codes: 0 no errors (warnings may be), 1 errors or a source failed, 2 wrong use.")
    .action((files: string[], options: LintOptions) => runCommand(() => lint(files, options)));
  slo
    .command("explain")
    .description("thresholds, traffic needed, when an outage is noticed and when it is over")
    .argument("<file...>", fileHelp)
    .option("--share <percent>", "share of calls that fail in the partial outage", readShare, 0.1)
    .option("--json", "print JSON for programs")
    .addHelpText("after", "\nExit codes: 0 explained, 1 the files have errors, 2 wrong use.")
    .action((files: string[], options: Options & { share: number }) => runCommand(async () => explain(files, options)));
  slo
    .command("rules")
    .description("write objectives as Prometheus rules, with the names Sloth's dashboards know")
    .argument("<file...>", fileHelp)
    .option("--plain-sloth", "exactly Sloth's rules: ratios, no counts, no for, no absence")
    .option("--prometheus-rule <name>", "a PrometheusRule object for the Prometheus operator instead of a file")
    .option("--namespace <name>", "its namespace")
    .option("--out <file>", "where to write; without it, standard output")
    .addOption(new Option("--mesh <mesh>", "whose metrics count calls").choices(["istio", "linkerd"]).default("istio"))
    .addOption(
      new Option("--reporter <reporter>", "whose view of calls, in Istio")
        .choices(["source", "waypoint"])
        .default("source"),
    )
    .option("--scrape-interval <duration>", "of Prometheus", "15s")
    .addHelpText("after", "\nExit codes: 0 written, 1 files have errors or an objective has no rules, 2 wrong use.")
    .action((files: string[], options: RulesOptions) => runCommand(async () => writeRules(files, options)));
  slo
    .command("convert")
    .description("write objectives in the format of another tool, and tell what it cannot say")
    .argument("<file...>", fileHelp)
    .addOption(new Option("--to <format>", "the format").choices(convertFormats).makeOptionMandatory())
    .option("--out <file>", "where to write; without it, standard output")
    .addHelpText("after", "\nExit codes: 0 written, 1 files have errors or an objective is left out, 2 wrong use.")
    .action((files: string[], options: ConvertOptions) => runCommand(async () => convertObjectives(files, options)));
  for (const command of slo.commands) command.exitOverride();
  return slo;
}

function readShare(text: string): number {
  const percent = /^\d{1,3}(\.\d{1,6})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (percent > 0 && percent <= 100) return Number((percent / 100).toPrecision(12));
  throw new InvalidArgumentError("write a share above 0 and at most 100, in percent, such as 10 or 0.5%.");
}

function load(files: readonly string[]): ReadObjectives<Objective> {
  return loadObjectives(files, commandLine());
}

const hasErrors = (findings: readonly Finding[]) => findings.some(({ level }) => level === "error");

async function lint(files: readonly string[], { json, config }: LintOptions): Promise<ExitCode> {
  const { objectives, findings: written } = load(files);
  const measured = config === undefined || objectives.length === 0 ? [] : await lintedAgainstData(objectives, config);
  const findings = [...written, ...measured];
  const isOk = !hasErrors(findings);
  if (json === true) {
    const body = { ok: isOk, objectiveCount: objectives.length, findings };
    process.stdout.write(`${JSON.stringify(body, null, 2)}\n`);
    return isOk ? 0 : 1;
  }
  const lines = findings.map((finding) => printable(formatFinding(finding)));
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const summary = `${counted(objectives.length, "objective")}, ${counted(count("error"), "error")}, ${counted(count("warning"), "warning")}`;
  process.stdout.write(`${[...lines, summary].join("\n")}\n`);
  return isOk ? 0 : 1;
}

/** The whole engine is only for those who want it. */
async function lintedAgainstData(objectives: readonly Objective[], config: string): Promise<readonly Finding[]> {
  const { lintAgainstData } = await import("./slo-lint-data.js");
  return lintAgainstData(objectives, config);
}

function explain(files: readonly string[], { json, share }: Options & { readonly share: number }): ExitCode {
  const { objectives, findings } = load(files);
  for (const finding of findings) process.stderr.write(`${printable(formatFinding(finding))}\n`);
  const shares = share === 1 ? [1] : [1, share];
  const explained = objectives.map((objective) => explainObjective(objective, shares));
  if (json === true) process.stdout.write(`${JSON.stringify(explained.map(explainedJson), null, 2)}\n`);
  else if (explained.length > 0) {
    process.stdout.write(`${[...explained.map(explainTable), explainLegend].join("\n\n")}\n`);
  }
  return hasErrors(findings) ? 1 : 0;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
