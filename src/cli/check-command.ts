/** `meshlens check`: reaches every configured source at once and says what it found. */
import { SingleBar } from "cli-progress";
import { Command } from "commander";
import type { MeshlensConfig } from "../config/config-schema.js";
import { slackAccess, slackChannels } from "../config/slack-settings.js";
import type { Inspected } from "../inspection/inspect-sources.js";
import type { ProbeReport } from "../server/probe-sources.js";
import { reportJson } from "../server/report-json.js";
import type { SlackFinding } from "../slack/check-slack.js";
import { formatFinding } from "../slo/finding.js";
import { systemClock } from "../telemetry/clock.js";
import { checkTable } from "./check-table.js";
import { type ExitCode, printable, runCommand, UsageError } from "./command-line.js";
import { countOf, inspectionTable } from "./inspection-table.js";
import { loadForCommand } from "./load.js";

const timeoutMs = 10_000;

/** The command for main.ts. */
export function checkCommand(): Command {
  return new Command("check")
    .description("reach every source: version, latency, what it holds")
    .option("-c, --config <file>", "configuration (default: meshlens.yaml of this folder)")
    .option("--deep", "look closer: rights, index shapes, clocks, retention, sampling, scrapes, the store")
    .option("--timeout <seconds>", "longest time for --deep", "60")
    .option("--json", "print JSON for programs")
    .addHelpText(
      "after",
      "\nExit codes: 0 every source answered, objectives have no errors and nothing looked at is FAIL, 1 else, 2 wrong use or configuration.",
    )
    .action((options: CheckOptions) => runCommand(() => check(options)));
}

interface CheckOptions {
  readonly config?: string;
  readonly json?: true;
  readonly deep?: true;
  readonly timeout: string;
}

async function check(options: CheckOptions): Promise<ExitCode> {
  const deepMs = deepTimeoutMs(options.timeout);
  const loaded = loadForCommand(options.config);
  const { compose } = await import("../server/compose.js");
  const { startProbes } = await import("../server/probe-sources.js");
  const { readConfiguredObjectives } = await import("../server/open-alerting.js");
  const composition = await compose(loaded, { clock: systemClock });
  const { sources } = composition;
  if (sources.length === 0) {
    throw new UsageError(
      `${loaded.file} has no sources: add some under sources:, such as examples/meshlens.yaml shows`,
    );
  }
  const progress =
    process.stderr.isTTY && options.json !== true
      ? createProgress(sources.length * (options.deep === true ? 2 : 1))
      : null;
  try {
    // Looking closer goes on from what each of them answers.
    const probes = startProbes(sources, {
      clock: systemClock,
      timeoutMs: options.deep === true ? deepMs : timeoutMs,
      ...(progress === null ? {} : { onReport: () => progress.increment() }),
    });
    const { objectives, findings } = readConfiguredObjectives(loaded, process.env);
    const slack = await slackFindings(loaded.config.slack);
    const deep =
      options.deep === true
        ? await (await import("../server/inspect-installation.js")).inspectInstallation(loaded, {
            ...{ composition, objectives, slack, probes, timeoutMs: deepMs },
            ...(progress === null ? {} : { onInspected: () => progress.increment() }),
          })
        : null;
    const reports = await Promise.all(probes);
    progress?.stop();
    for (const finding of findings) process.stderr.write(`${printable(formatFinding(finding))}\n`);
    const text = options.json === true ? asJson(reports, slack, deep) : asText(reports, slack, deep);
    process.stdout.write(`${text}\n`);
    const areObjectivesFine = findings.every(({ level }) => level !== "error");
    return isOk(reports, slack, deep) && areObjectivesFine ? 0 : 1;
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

function deepTimeoutMs(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 1 && seconds <= 600) return seconds * 1_000;
  throw new UsageError(`--timeout takes 1 to 600 seconds, not ${printable(text)}`);
}

/** `deep` is null where nobody asked to look closer. */
function isOk(
  reports: readonly ProbeReport[],
  slack: readonly SlackFinding[] | null,
  deep: readonly Inspected[] | null,
): boolean {
  const canAlert = slack?.every(({ level }) => level !== "ERROR") ?? true;
  return reports.every(isFine) && canAlert && countOf(deep ?? [], "FAIL") === 0;
}

function asText(
  reports: readonly ProbeReport[],
  slack: readonly SlackFinding[] | null,
  deep: readonly Inspected[] | null,
): string {
  const table = checkTable(reports);
  // Slack is one of the things looked at closer.
  return deep === null ? [table, ...slackLines(slack)].join("\n") : `${table}\n\n${inspectionTable(deep)}`;
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

function asJson(
  reports: readonly ProbeReport[],
  slack: readonly SlackFinding[] | null,
  deep: readonly Inspected[] | null,
): string {
  const sources = reports.map((report) => ({
    ...reportJson(report),
    found: report.probe?.found ?? null,
    capabilities: report.probe?.capabilities ?? [],
  }));
  const ok = isOk(reports, slack, deep);
  const optional = { ...(slack === null ? {} : { slack }), ...(deep === null ? {} : { deep }) };
  return JSON.stringify({ ok, sources, ...optional }, null, 2);
}
