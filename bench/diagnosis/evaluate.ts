/**
 * Ranks the labelled faults of recorded slices, offline: `node dist/bench/diagnosis/evaluate.js [--seconds 120] [--write FILE] FOLDER...`.
 * With --write the table goes between the marks in the file (docs/reference/diagnosis.md); without, lines are printed.
 */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { backgroundOf, type Corpus, evidenceOf, type LabelledFault, readCorpus } from "./corpus.js";

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

interface Outcome {
  readonly slice: string;
  readonly fault: LabelledFault;
  readonly baseline: string;
  readonly rank: number;
  readonly diagnosis: Diagnosis;
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
const summary = Object.keys(baselines).map((baseline) =>
  summaryOf(
    baseline,
    outcomes.filter((one) => one.baseline === baseline),
  ),
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

function summaryOf(baseline: string, of: readonly Outcome[]): string {
  const first = of.filter(({ rank }) => rank === 1);
  const three = of.filter(({ rank }) => rank >= 1 && rank <= 3);
  const likely = of.filter(({ diagnosis }) => diagnosis.suspects[0]?.grade === "LIKELY");
  const right = likely.filter(({ rank }) => rank === 1);
  return `| ${baseline} | ${of.length} | ${first.length} | ${three.length} | ${right.length} of ${likely.length} |`;
}

function lineOf({ slice, fault, baseline, rank, diagnosis }: Outcome): string {
  const told = diagnosis.suspects.slice(0, 3).map((one) => {
    const [piece] = one.pieces;
    const what =
      piece === undefined
        ? ""
        : `${piece.kind} ${piece.name} ${piece.incident.toFixed(0)} for ${piece.expected.toFixed(0)}`;
    return `${one.service.name} ${one.grade} ${one.score.toFixed(1)} ± ${one.standardError.toFixed(1)} (${what})`;
  });
  return `${slice}, ${baseline}: ${fault.service} ${fault.type}: rank ${rank}: ${diagnosis.verdict.kind}: ${told.join("; ")}`;
}

async function writeTable(file: string): Promise<void> {
  const rows = outcomes
    .filter(({ baseline }) => baseline === "known-normal minute" || baseline === "earlier minutes without an incident")
    .map(({ slice, fault, baseline, rank, diagnosis }) => {
      const suspect = diagnosis.suspects[rank - 1];
      const grade =
        suspect === undefined
          ? diagnosis.verdict.kind
          : `${suspect.grade.toLowerCase()}, ${suspect.score.toFixed(1)} ± ${suspect.standardError.toFixed(1)}`;
      const reason = (suspect?.reasons[0]?.sentence ?? diagnosis.verdict.sentence).replaceAll("|", "/");
      const at = new Date(fault.atMs).toISOString().slice(11, 16);
      return `| ${slice} ${at} | ${fault.type} in ${fault.service} | ${baseline} | ${rank === 0 ? "–" : rank} | ${grade} | ${reason} |`;
    });
  const table = `<!-- written by bench/diagnosis/evaluate.ts -->
| baseline | faults | first | among three | likely and right |
|---|---|---|---|---|
${summary.join("\n")}

| when (UTC) | fault | baseline | rank | grade and score | first reason |
|---|---|---|---|---|---|
${rows.join("\n")}
<!-- end -->`;
  const text = await readFile(file, "utf8");
  await writeFile(
    file,
    text.replace(/<!-- written by[\s\S]*<!-- end -->/, () => table),
  );
}
