/**
 * Asks real backends who is to blame for the labelled faults of recorded slices, by the bounded questions an incident asks:
 * `node dist/bench/diagnosis/real.js [--service NAME] [--write FILE] [--verbose] FOLDER=CONFIG...`. FOLDER holds a slice (its faults.json is read
 * only), CONFIG is a meshlens.yaml whose sources hold its telemetry. With --write the tables go between their marks in FILE.
 */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { diagnoseIncident } from "../../src/alerting/diagnosing/gather-incident.js";
import { loadConfig } from "../../src/config/load-config.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import { type Composition, compose } from "../../src/server/compose.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { quantile } from "../statistics.js";
import { type LabelledFault, readLabels } from "./corpus.js";
import { type DiagnosedFault, faultRow, scoreCells, suspectWords, withWritten } from "./fault-table.js";
import { type Asking, ways } from "./ways.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    service: { type: "string", default: "ts-gateway-service" },
    namespace: { type: "string", default: "train-ticket" },
    only: { type: "string", default: "" },
    verbose: { type: "boolean", default: false },
    write: { type: "string" },
  },
});
const deadlineMs = 10_000;

interface Outcome extends DiagnosedFault {
  readonly way: string;
  readonly tookMs: number;
  readonly calls: number;
  readonly callsBySource: ReadonlyMap<string, number>;
}

const outcomes: Outcome[] = [];
for (const pair of positionals) {
  const [folder = "", config = ""] = pair.split("=");
  const labels = await readLabels(folder);
  for (const [way, askingOf] of Object.entries(ways))
    for (const fault of labels.faults) {
      if (!`${way} ${new Date(fault.atMs).toISOString()}`.includes(values.only)) continue;
      const outcome = await ask(basename(folder), config, way, fault, askingOf(labels, fault));
      outcomes.push(outcome);
      if (values.verbose) console.log(told(outcome));
    }
}
const summary = Object.keys(ways).map((way) =>
  summaryOf(
    way,
    outcomes.filter((one) => one.way === way),
  ),
);
console.log(summary.join("\n"));
if (values.write !== undefined) await writeTable(values.write);

/** A process of its own would start as cold: nothing that another fault's question left is kept. */
async function ask(slice: string, config: string, way: string, fault: LabelledFault, asking: Asking): Promise<Outcome> {
  const composition: Composition = await compose(loadConfig(config, {}), { clock: systemClock });
  try {
    const callsBySource = new Map<string, number>();
    const startedMs = performance.now();
    const reader = composition.mesh.reader({
      visibility: seeAll,
      signal: AbortSignal.timeout(6 * deadlineMs),
      deadlineMs: systemClock.nowMs() + 6 * deadlineMs,
      onUpstreamCall: ({ source, isShared }) => {
        if (!isShared) callsBySource.set(source, (callsBySource.get(source) ?? 0) + 1);
      },
    });
    const { namespace, service: name } = values;
    const found = await reader.findService({ cluster: null, namespace, name }, asking.window);
    if (found === null) throw new Error(`${namespace}/${name} is not known to ${config}`);
    const question = { service: found.ref, objective: null, isDeniedFailed: true, ...asking };
    const diagnosis = await diagnoseIncident(question, reader);
    const rank = diagnosis.suspects.findIndex(({ service }) => service.name === fault.service) + 1;
    const calls = [...callsBySource.values()].reduce((sum, count) => sum + count, 0);
    return { slice, way, fault, rank, diagnosis, calls, callsBySource, tookMs: performance.now() - startedMs };
  } finally {
    await composition.close();
  }
}

function summaryOf(way: string, of: readonly Outcome[]): string {
  const took = of.map(({ tookMs }) => tookMs / 1000);
  return `| ${way} | ${scoreCells(of)} | ${quantile(took, 0.5).toFixed(1)} s, at most ${Math.max(0, ...took).toFixed(1)} s | ${Math.max(0, ...of.map(({ calls }) => calls))} |`;
}

function told({ slice, way, fault, rank, diagnosis, tookMs, calls }: Outcome): string {
  const named = diagnosis.suspects.map((one) => `\n    ${suspectWords(one)}`);
  const { incident, baseline, missing } = diagnosis;
  return `${slice} ${new Date(fault.atMs).toISOString()} ${way}: ${fault.type} in ${fault.service}: rank ${rank}, ${(tookMs / 1000).toFixed(1)} s, ${calls} calls
  ${diagnosis.verdict.kind}: ${diagnosis.verdict.sentence}${named.join("")}
  incident ${said(incident)}
  baseline ${baseline === null ? "none" : said(baseline)}
  ${missing.map(({ pillar, message }) => `${pillar}: ${message}`).join("\n  ")}`;
}

function said({ window, windowCount, traceCount, requestCount, badRatio }: Diagnosis["incident"]): string {
  const [from, to] = [window.fromMs, window.toMs].map((ms) => new Date(ms).toISOString());
  return `${from} to ${to}, ${windowCount} windows, ${traceCount} traces, ${requestCount?.toFixed(0)} requests, bad ${badRatio?.toFixed(3)}`;
}

async function writeTable(file: string): Promise<void> {
  const rows = outcomes
    .toSorted((a, b) => a.fault.atMs - b.fault.atMs)
    .map((outcome) => faultRow(outcome, outcome.way));
  const table = `| question | faults | first | among three | likely and right | time | upstream calls, at most |
|---|---|---|---|---|---|---|
${summary.join("\n")}

| when (UTC) | fault | question | rank | grade and score | first reason |
|---|---|---|---|---|---|
${rows.join("\n")}`;
  const page = withWritten(await readFile(file, "utf8"), "bench/diagnosis/real.ts", table);
  await writeFile(file, withWritten(page, "bench/diagnosis/real.ts (calls)", callsTable()));
}

/** Upstream calls of a diagnosis by source: the middle one and the most. */
function callsTable(): string {
  const sources = [...new Set(outcomes.flatMap(({ callsBySource }) => [...callsBySource.keys()]))].sort();
  const cell = (counts: readonly number[]): string => `${quantile(counts, 0.5)}, at most ${Math.max(0, ...counts)}`;
  const rows = Object.keys(ways).map((way) => {
    const of = outcomes.filter((one) => one.way === way);
    const bySource = sources.map((source) => cell(of.map(({ callsBySource }) => callsBySource.get(source) ?? 0)));
    return `| ${[way, ...bySource, cell(of.map(({ calls }) => calls))].join(" | ")} |`;
  });
  const head = ["question", ...sources, "together"];
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...rows].join("\n");
}
