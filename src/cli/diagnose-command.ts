/** `meshlens diagnose`: who is to blame for what was wrong with a service, as a table or as JSON. */
import { Command } from "commander";
import { systemClock } from "../telemetry/clock.js";
import { askInProcess } from "./ask-in-process.js";
import { type ExitCode, runCommand, UsageError } from "./command-line.js";
import { diagnosisTable, type ToldDiagnosis } from "./diagnose-table.js";
import { readInstant } from "./read-instant.js";
import { writeOut } from "./write-out.js";

interface DiagnoseOptions {
  readonly service: string;
  readonly from: string;
  readonly to: string;
  readonly baselineFrom?: string;
  readonly baselineTo?: string;
  readonly config?: string;
  readonly json?: true;
  readonly picture?: string;
}

/** The command for main.ts. */
export function diagnoseCommand(): Command {
  return new Command("diagnose")
    .description("name who is to blame for what is wrong with a service, with reasons")
    .requiredOption("--service <ns/name>", "the service whose requests suffer: NS/NAME, or CLUSTER/NS/NAME")
    .requiredOption("--from <instant>", "when it began: RFC 3339 with an offset, or a day")
    .requiredOption("--to <instant>", "when it ended: the same, or now")
    .option(
      "--baseline-from <instant>",
      "start of a time without the trouble (default: chosen by the service's metrics)",
    )
    .option("--baseline-to <instant>", "its end")
    .option("-c, --config <file>", "configuration (default: meshlens.yaml of this folder)")
    .option("--picture <file>", "draw the part of the mesh that matters: a file that ends in .svg or .png")
    .option("--json", "the whole diagnosis as JSON, with the pieces behind each score")
    .addHelpText(
      "after",
      "\nExit codes: 0 diagnosed (also when nobody is named), 1 the service is not known or the answer has errors, 2 wrong use or configuration.",
    )
    .action((options: DiagnoseOptions) => runCommand(() => diagnose(options)));
}

async function diagnose(options: DiagnoseOptions): Promise<ExitCode> {
  const nowMs = systemClock.nowMs();
  const service = readService(options.service);
  const range = readRange(["--from", options.from], ["--to", options.to], nowMs);
  const { baselineFrom, baselineTo } = options;
  if ((baselineFrom === undefined) !== (baselineTo === undefined))
    throw new UsageError("--baseline-from and --baseline-to belong together: give both or neither");
  const baseline =
    baselineFrom === undefined || baselineTo === undefined
      ? null
      : readRange(["--baseline-from", baselineFrom], ["--baseline-to", baselineTo], nowMs);
  const { picture } = options;
  if (picture !== undefined && !/\.(svg|png)$/i.test(picture))
    throw new UsageError(`--picture ${picture} is neither kind of picture: name a file that ends in .svg or .png`);
  const variables = { service, range, baseline };
  const body = (await askInProcess(options.config, { query: document, variables })) as Answer;
  const errors = body.errors ?? [];
  const diagnosis = body.data?.diagnosis ?? null;
  if (options.json === true) process.stdout.write(`${JSON.stringify(diagnosis, null, 2)}\n`);
  else if (diagnosis !== null) process.stdout.write(`${diagnosisTable(options.service, diagnosis)}\n`);
  if (picture !== undefined && diagnosis !== null) await writePicture(diagnosis.graph.svg, picture);
  for (const { message } of errors) process.stderr.write(`meshlens: ${message}\n`);
  if (diagnosis === null && errors.length === 0)
    process.stderr.write(
      `meshlens: no source knows the service ${options.service} in that time or in the day before\n`,
    );
  return diagnosis === null || errors.length > 0 ? 1 : 0;
}

async function writePicture(svg: string, file: string): Promise<void> {
  const isPng = /\.png$/i.test(file);
  writeOut(isPng ? (await import("../picture/render-incident.js")).svgToPng(svg) : svg, file, "--picture");
}

interface Answer {
  readonly data?: { readonly diagnosis?: ToldDiagnosis | null } | null;
  readonly errors?: readonly { readonly message: string }[];
}

function readService(text: string) {
  const parts = text.split("/");
  if (parts.length < 2 || parts.length > 3 || parts.includes(""))
    throw new UsageError(
      `--service ${JSON.stringify(text)} is no service: write NAMESPACE/NAME such as bookinfo/reviews`,
    );
  const [name, namespace, cluster = null] = parts.toReversed();
  return { cluster, namespace, name };
}

function readRange(from: readonly [string, string], to: readonly [string, string], nowMs: number) {
  const [fromMs, toMs] = [readInstant(...from, nowMs), readInstant(...to, nowMs)];
  if (fromMs >= toMs) throw new UsageError(`${to[0]} must be after ${from[0]}`);
  const instantOf = (ms: number): string => new Date(ms).toISOString();
  return { absolute: { from: instantOf(fromMs), to: instantOf(toMs) } };
}

const document = `query Diagnose($service: ServiceRefInput!, $range: RangeInput!, $baseline: RangeInput) {
  diagnosis(service: $service, range: $range, baseline: $baseline) {
    verdict sentence
    suspects {
      service { ref { cluster namespace name } }
      part { kind name }
      grade score standardError probability
      reasons { kind sentence numbers { name value } }
      pieces { kind name share incident expected credibility weight explained standardError }
      changes { at kind namespace name summary }
    }
    cleared { service { ref { cluster namespace name } } sentence }
    missing { pillar message }
    incident { window { from to } windowCount traceCount requestCount badRatio }
    baseline { window { from to } windowCount traceCount requestCount badRatio }
    graph {
      measure basis
      nodes { place name service { ref { cluster namespace name } } isSuffering suspectRank }
      calls {
        source destination callsPer100 failedRatio failedRatioBefore callMs callMsBefore excessFailedPer100 excessMs weight
      }
      rest { nodeCount callCount excessRatio }
      svg words
    }
  }
}`;
