/** `meshlens check`: reaches every configured source at once and says what it found. */
import { SingleBar } from "cli-progress";
import { Command } from "commander";
import type { MeshlensConfig } from "../config/config-schema.js";
import { slackAccess, slackChannels } from "../config/slack-settings.js";
import { compose } from "../server/compose.js";
import { readConfiguredObjectives } from "../server/open-alerting.js";
import { type ProbeReport, probeSources } from "../server/probe-sources.js";
import { reportJson } from "../server/report-json.js";
import type { SlackFinding } from "../slack/check-slack.js";
import { formatFinding } from "../slo/finding.js";
import { systemClock } from "../telemetry/clock.js";
import { checkTable } from "./check-table.js";
import { type ExitCode, printable, runCommand, UsageError } from "./command-line.js";
import { loadForCommand } from "./load.js";

const timeoutMs = 10_000;

/** The command for main.ts. */
export function checkCommand(): Command {
  return new Command("check")
    .description("reach every source: version, latency, what it holds")
    .option("-c, --config <file>", "configuration (default: meshlens.yaml of this folder)")
    .option("--json", "print JSON for programs")
    .addHelpText(
      "after",
      "\nExit codes: 0 every source answered and objectives have no errors, 1 else, 2 wrong use or configuration.",
    )
    .action((options: { config?: string; json?: true }) => runCommand(() => check(options)));
}

async function check(options: { readonly config?: string; readonly json?: true }): Promise<ExitCode> {
  const loaded = loadForCommand(options.config);
  const composition = await compose(loaded, { clock: systemClock });
  const { sources } = composition;
  if (sources.length === 0) {
    throw new UsageError(
      `${loaded.file} has no sources: add some under sources:, such as examples/meshlens.yaml shows`,
    );
  }
  const progress = process.stderr.isTTY && options.json !== true ? createProgress(sources.length) : null;
  try {
    const reports = await probeSources(sources, {
      clock: systemClock,
      timeoutMs,
      ...(progress === null ? {} : { onReport: () => progress.increment() }),
    });
    progress?.stop();
    const { findings } = readConfiguredObjectives(loaded, process.env);
    for (const finding of findings) process.stderr.write(`${printable(formatFinding(finding))}\n`);
    const slack = await slackFindings(loaded.config.slack);
    const text =
      options.json === true ? asJson(reports, slack) : [checkTable(reports), ...slackLines(slack)].join("\n");
    process.stdout.write(`${text}\n`);
    const areObjectivesFine = findings.every(({ level }) => level !== "error");
    const canAlert = slack?.every(({ level }) => level !== "ERROR") ?? true;
    return reports.every(isFine) && areObjectivesFine && canAlert ? 0 : 1;
  } finally {
    progress?.stop();
    await composition.close();
  }
}

function createProgress(total: number): SingleBar {
  const bar = new SingleBar({
    format: "checking {value}/{total} sources",
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(total, 0);
  return bar;
}

function isFine({ state }: ProbeReport): boolean {
  return state === "OK" || state === "DEGRADED";
}

/** Null where Slack is not configured; a webhook cannot be asked without posting. */
async function slackFindings(slack: MeshlensConfig["slack"]): Promise<readonly SlackFinding[] | null> {
  if (slack === undefined) return null;
  const access = slackAccess(slack);
  if (access.kind === "webhook") {
    return [{ name: "webhook", level: "OK", message: "is configured; it cannot be asked without posting" }];
  }
  const [{ createSlackWebApi }, { checkSlack }] = await Promise.all([
    import("../slack/web-api.js"),
    import("../slack/check-slack.js"),
  ]);
  return (await checkSlack(createSlackWebApi(access), slackChannels(slack))).findings;
}

function slackLines(findings: readonly SlackFinding[] | null): readonly string[] {
  if (findings === null) return [];
  const lines = findings.map(({ name, level, message }) => `  ${level.padEnd(7)}  ${printable(`${name}: ${message}`)}`);
  return ["", "SLACK", ...lines];
}

function asJson(reports: readonly ProbeReport[], slack: readonly SlackFinding[] | null): string {
  const sources = reports.map((report) => ({
    ...reportJson(report),
    found: report.probe?.found ?? null,
    capabilities: report.probe?.capabilities ?? [],
  }));
  const ok = reports.every(isFine) && (slack?.every(({ level }) => level !== "ERROR") ?? true);
  return JSON.stringify({ ok, sources, ...(slack === null ? {} : { slack }) }, null, 2);
}
