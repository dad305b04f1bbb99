/**
 * Ranks the labelled faults of recorded slices, offline: `node dist/bench/diagnosis/evaluate.js [--seconds 120] [--write FILE] FOLDER...`.
 * With --write the table goes between the marks in the file (docs/reference/diagnosis.md); without, lines are printed.
 */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { backgroundOf, type Corpus, evidenceOf, type LabelledFault, readCorpus } from "./corpus.js";
import { type DiagnosedFault, faultRow, scoreCells, suspectWords, withWritten } from "./fault-table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "120" },
    service: { type: "string", default: "ts-gateway-service" },
    namespace: { type: "string", default: "train-ticket" },
    background: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    write: { type: "string" },
  },
});
const lengthMs = 1000 * Number(values.seconds);

const baselines: Readonly<Record<string, (corpus: Corpus, fault: LabelledFault) => readonly TimeWindow[]>> = {
  "known-normal minute": ({ normal }) => normal,
  "earlier minutes without an incident": (corpus, fault) =>
    earlierMinutes(corpus, fault).filter((one) => isQuiet(corpus, fault, one)),
  "all earlier minutes": earlierMinutes,
  "two minutes before": (_, { atMs }) => [{ fromMs: atMs - 120_000, toMs: atMs }],
};

interface Outcome extends DiagnosedFault {
  readonly baseline: string;
}

const outcomes: Outcome[] = [];
for (const folder of positionals) {
  const corpus = await readCorpus(folder);
  for (const fault of corpus.faults)
    for (const [baseline, windowsOf] of Object.entries(baselines)) {
      const windows = windowsOf(corpus, fault);
      if (windows.length > 0) outcomes.push(outcomeOf(basename(folder), corpus, fault, baseline, windows));
    }
}
const summary = Object.keys(baselines).map(
  (baseline) => `| ${baseline} | ${scoreCells(outcomes.filter((one) => one.baseline === baseline))} |`,
);
if (values.verbose) for (const outcome of outcomes) console.log(lineOf(outcome));
console.log(summary.join("\n"));
if (values.write !== undefined) await writeTable(values.write);

function outcomeOf(
  slice: string,
  corpus: Corpus,
  fault: LabelledFault,
  baseline: string,
  windows: readonly TimeWindow[],
): Outcome {
  const name = values.service === "own" ? fault.service : values.service;
  const diagnosis = diagnose({
    service: { cluster: "default", namespace: values.namespace, name },
    objective: null,
    onsetMs: values.quiet ? null : fault.atMs,
    incident: evidenceOf(corpus, { fromMs: fault.atMs, toMs: fault.atMs + lengthMs }),
    baselines: windows.map((window) => evidenceOf(corpus, window)),
    background: values.background
      ? backgroundOf(corpus, { fromMs: corpus.window.fromMs, toMs: fault.atMs - 90_000 })
      : [],
    changes: null,
    missing: [],
  });
  const rank = diagnosis.suspects.findIndex(({ service }) => service.name === fault.service) + 1;
  return { slice, fault, baseline, rank, diagnosis };
}

/** Minutes with traces before a fault. */
function earlierMinutes(corpus: Corpus, { atMs }: LabelledFault): readonly TimeWindow[] {
  const minutes: TimeWindow[] = [];
  for (let toMs = atMs - 90_000; toMs - 60_000 >= corpus.window.fromMs; toMs -= 60_000) {
    const window = { fromMs: toMs - 60_000, toMs };
    if (corpus.traces.filter(({ startMs }) => startMs > window.fromMs && startMs <= toMs).length >= 5)
      minutes.push(window);
  }
  return minutes;
}

/** A product knows its own earlier incidents: those of the labels, with their first effects and their end. */
function isQuiet(corpus: Corpus, fault: LabelledFault, window: TimeWindow): boolean {
  return !corpus.faults.some(
    ({ atMs }) => atMs < fault.atMs && window.toMs > atMs - 90_000 && window.fromMs < atMs + 210_000,
  );
}

function lineOf({ slice, fault, baseline, rank, diagnosis }: Outcome): string {
  const told = diagnosis.suspects.slice(0, 3).map(suspectWords);
  return `${slice}, ${baseline}: ${fault.service} ${fault.type}: rank ${rank}: ${diagnosis.verdict.kind}: ${told.join("; ")}`;
}

async function writeTable(file: string): Promise<void> {
  const rows = outcomes
    .filter(({ baseline }) => baseline === "known-normal minute" || baseline === "earlier minutes without an incident")
    .map((outcome) => faultRow(outcome, outcome.baseline));
  const table = `| baseline | faults | first | among three | likely and right |
|---|---|---|---|---|
${summary.join("\n")}

| when (UTC) | fault | baseline | rank | grade and score | first reason |
|---|---|---|---|---|---|
${rows.join("\n")}`;
  await writeFile(file, withWritten(await readFile(file, "utf8"), "bench/diagnosis/evaluate.ts", table));
}
