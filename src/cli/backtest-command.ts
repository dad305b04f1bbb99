/** `meshlens backtest`: what objectives would have done over recorded data. */
import { setTimeout as wait } from "node:timers/promises";
import { Command } from "commander";
import {
  type DiagnosedFiring,
  diagnoseFirings,
  type Firing,
  firingsOf,
  mostDiagnosed,
} from "../alerting/backtest/diagnose-firings.js";
import type { BacktestRange } from "../alerting/backtest/plan-stretches.js";
import { type BacktestSummary, runBacktest } from "../alerting/backtest/run-backtest.js";
import type { DiagnosisQuestion } from "../alerting/diagnosing/diagnosis-question.js";
import { diagnoseIncident } from "../alerting/diagnosing/gather-incident.js";
import type { LoadedConfig } from "../config/load-config.js";
import { backtestMeasurer } from "../server/backtest-measurer.js";
import type { Composition } from "../server/compose.js";
import { formatFinding } from "../slo/finding.js";
import { ledgerTiers } from "../slo/ledger/scope-ledger.js";
import type { Objective } from "../slo/objective.js";
import { systemClock } from "../telemetry/clock.js";
import { seeAll } from "../telemetry/visibility.js";
import { evidenceJson, evidenceTable } from "./backtest-evidence.js";
import { openTransitionOutput } from "./backtest-output.js";
import { showProgress } from "./backtest-progress.js";
import { backtestJson, backtestTable } from "./backtest-table.js";
import { type ExitCode, printable, runCommand, UsageError } from "./command-line.js";
import { loadForCommand } from "./load.js";
import { readInstant, readStep } from "./read-instant.js";

interface BacktestOptions {
  readonly config?: string;
  readonly from: string;
  readonly to: string;
  readonly step: string;
  readonly out: string;
  readonly json?: true;
  readonly evidence?: true;
}

const longestStepMs = 3_600_000;
const mostEvaluations = 2_000_000;
const diagnosisTimeoutMs = 60_000;

/** The command for main.ts. */
export function backtestCommand(): Command {
  return new Command("backtest")
    .description("run the objectives over recorded data as if live")
    .option("-c, --config <file>", "configuration (default: meshlens.yaml of this folder)")
    .requiredOption("--from <time>", "first evaluation: 2026-01-29T08:41:00Z, or a day")
    .requiredOption("--to <time>", "last evaluation: the same, or now")
    .option("--step <duration>", "time between evaluations, a multiple of 30s", "30s")
    .requiredOption("--out <file>", "where transitions go, one JSON object a line; - is standard output")
    .option("--evidence", `also say who was to blame, for each firing (at most ${mostDiagnosed}, pages first)`)
    .option("--json", "print the summary as JSON for programs")
    .addHelpText(
      "after",
      [
        "",
        "Counts before --from are read too, as far back as the longest window and period reach.",
        "--evidence asks all sources, traces and logs too, about every firing: some dozens of calls each.",
        "The summary goes to standard output, or to standard error with --out -. Ctrl-C ends it with what was found so far.",
        "Exit codes: 0 done, 1 a source failed or it was stopped on the way, 2 wrong use or configuration.",
      ].join("\n"),
    )
    .action((options: BacktestOptions) => runCommand(() => backtest(options)));
}

async function backtest(options: BacktestOptions): Promise<ExitCode> {
  const range = readRange(options, systemClock.nowMs());
  const loaded = loadForCommand(options.config);
  const own = await readObjectives(loaded);
  const { compose } = await import("../server/compose.js");
  const composition = await compose(loaded, { clock: systemClock });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  const progress = showProgress(process.stderr);
  try {
    if (composition.metricSources.length === 0) {
      throw new UsageError(`${loaded.file} has no source that counts calls: add one of kind prometheus under sources:`);
    }
    const output = openTransitionOutput(options.out);
    // Once: the second Ctrl-C ends the process at once.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
    try {
      const firings: Firing[] = [];
      const summary = await runBacktest(
        {
          measurer: backtestMeasurer(loaded.config, composition),
          clock: systemClock,
          pause: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
          own,
          defaults: loaded.config.slo?.defaults,
          onChanges: (changes) => {
            output.write(changes);
            if (options.evidence === true) firings.push(...firingsOf(changes));
          },
          onProgress: progress.update,
        },
        range,
        stop.signal,
      );
      const diagnosed =
        options.evidence === true
          ? await diagnoseFirings(firings, {
              diagnose: (question) => diagnoseOnce(composition.mesh, question, stop.signal),
              onProgress: (done, atMs) => progress.update({ phase: "EVIDENCE", done, atMs }),
              signal: stop.signal,
            })
          : null;
      progress.stop();
      show(summary, output.count(), diagnosed, options);
      return summary.isComplete && summary.dataFromMs !== null ? 0 : 1;
    } finally {
      output.close();
    }
  } finally {
    progress.stop();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
    await composition.close();
  }
}

/** As an incident's evidence is gathered, but patient: nobody is waiting on call. */
function diagnoseOnce(mesh: Composition["mesh"], question: DiagnosisQuestion, signal: AbortSignal) {
  const deadlineMs = systemClock.nowMs() + diagnosisTimeoutMs;
  return diagnoseIncident(question, mesh.reader({ visibility: seeAll, signal, deadlineMs }));
}

function show(
  summary: BacktestSummary,
  transitionCount: number,
  firings: readonly DiagnosedFiring[] | null,
  { json, out }: BacktestOptions,
): void {
  const text =
    json === true
      ? JSON.stringify(
          { ...backtestJson(summary, transitionCount), ...(firings && { firings: evidenceJson(firings) }) },
          null,
          2,
        )
      : [backtestTable(summary, transitionCount), ...(firings === null ? [] : ["", evidenceTable(firings)])].join("\n");
  (out === "-" ? process.stderr : process.stdout).write(`${text}\n`);
}

function readRange({ from, to, step }: BacktestOptions, nowMs: number): BacktestRange {
  const { fineMs } = ledgerTiers;
  const stepMs = readStep("--step", step, fineMs, longestStepMs);
  const fromMs = Math.ceil(readInstant("--from", from, nowMs) / fineMs) * fineMs;
  const toMs = Math.floor(readInstant("--to", to, nowMs) / fineMs) * fineMs;
  if (toMs > nowMs) throw new UsageError(`--to ${to} lies in the future: write now for as far as there are data`);
  if (fromMs >= toMs) throw new UsageError(`--from ${from} must lie before --to ${to}, by 30 s at least`);
  if ((toMs - fromMs) / stepMs > mostEvaluations) {
    throw new UsageError(
      `--from ${from} to --to ${to} is more than ${mostEvaluations} steps of ${step}: choose a shorter range or a longer --step`,
    );
  }
  return { fromMs, toMs, stepMs };
}

async function readObjectives(loaded: LoadedConfig): Promise<readonly Objective[]> {
  const { readConfiguredObjectives } = await import("../server/open-alerting.js");
  const { config, file } = loaded;
  const { slo } = config;
  const read = readConfiguredObjectives(loaded, process.env);
  for (const finding of read.findings) process.stderr.write(`${printable(formatFinding(finding))}\n`);
  if (read.findings.some(({ level }) => level === "error")) {
    throw new UsageError("the objectives have errors; nothing was asked. meshlens slo lint FILE checks them");
  }
  if (read.objectives.length === 0 && slo?.defaults === undefined) {
    throw new UsageError(`${file} has no objectives: name files under slo.files, or give every service slo.defaults`);
  }
  return read.objectives;
}
