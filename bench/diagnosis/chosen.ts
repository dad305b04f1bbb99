/**
 * The labelled faults by the questions of real.ts, asked of the recordings in memory: the whole way of an incident without backends.
 * `node dist/bench/diagnosis/chosen.js [--verbose] [--only TEXT] FOLDER...`.
 */
import { parseArgs } from "node:util";
import { diagnoseIncident } from "../../src/alerting/diagnosing/gather-incident.js";
import { readCorpus } from "./corpus.js";
import { type DiagnosedFault, scoreCells, suspectWords } from "./fault-table.js";
import { historyReader } from "./history-reader.js";
import { ways } from "./ways.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" }, verbose: { type: "boolean", default: false } },
});
const service = { cluster: "default", namespace: "train-ticket", name: "ts-gateway-service" };
const outcomes: (DiagnosedFault & { way: string })[] = [];
for (const folder of positionals) {
  const corpus = await readCorpus(folder);
  const { reader, asked } = historyReader(corpus);
  for (const [way, askingOf] of Object.entries(ways))
    for (const fault of corpus.faults) {
      const title = `${new Date(fault.atMs).toISOString()} ${way}`;
      if (!title.includes(values.only)) continue;
      asked.traces = 0;
      const asking = askingOf(corpus, fault);
      const diagnosis = await diagnoseIncident({ service, objective: null, isDeniedFailed: true, ...asking }, reader);
      const rank = diagnosis.suspects.findIndex((one) => one.service.name === fault.service) + 1;
      outcomes.push({ way, slice: folder, fault, rank, diagnosis });
      if (!values.verbose) continue;
      const { incident, baseline, verdict } = diagnosis;
      const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
      console.log(`${title}: ${fault.type} in ${fault.service}: rank ${rank}, ${verdict.kind}, ${asked.traces} trace searches
  incident ${clock(incident.window.fromMs)}-${clock(incident.window.toMs)} bad ${incident.badRatio?.toFixed(3)}; baseline ${baseline === null ? "none" : `${clock(baseline.window.fromMs)}-${clock(baseline.window.toMs)} ${baseline.windowCount} windows, ${baseline.traceCount} traces, bad ${baseline.badRatio?.toFixed(3)}`}
  ${diagnosis.suspects.slice(0, 3).map(suspectWords).join("\n  ")}`);
    }
}
for (const way of Object.keys(ways))
  console.log(`| ${way} | ${scoreCells(outcomes.filter((one) => one.way === way))} |`);
