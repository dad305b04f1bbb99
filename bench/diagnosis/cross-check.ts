/**
 * Made-up faults in recorded fault-free minutes: `node dist/bench/diagnosis/cross-check.js [--cases 200] [--seed 1] [--background] [--verbose]
 * [--write] FOLDER...`. With --write its table goes into bench/diagnosis/study.md.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/demo/simulation/random.js";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { IncidentEvidence, WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { backgroundOf, type Corpus, evidenceOf, readCorpus } from "./corpus.js";
import { suspectWords, withWritten } from "./fault-table.js";
import { inject, type MadeFault } from "./inject.js";
import { createScores } from "./scores.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    seconds: { type: "string", default: "60" },
    background: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const random = createRandom(Number(values.seed), "cross-check");
const corpora = await Promise.all(positionals.map(readCorpus));
const quiet = corpora.map((corpus) => quietWindows(corpus, 1000 * Number(values.seconds)));
const kinds = ["DELAY", "NETWORK", "CPU", "ERROR", "EXCEPTION"] as const;
const entry = { cluster: "default", namespace: "train-ticket", name: "ts-gateway-service" };
/** One of so many windows before holds a fault of its own, where they hold any. */
const everyFaulty = 3;
console.log(`quiet windows: ${quiet.map((one) => one.length).join(", ")}`);
const scores = createScores();
for (let i = 0; i < Number(values.cases); i += 1) {
  const which = i % corpora.length;
  const corpus = corpora[which] as Corpus;
  const windows = quiet[which] ?? [];
  const window = windows[Math.floor(random.next() * windows.length)] as TimeWindow;
  const quietNow = evidenceOf(corpus, window);
  const fault = Math.floor(i / corpora.length) % 6 === 5 ? null : drawn(quietNow);
  const incident = faulty(quietNow, fault);
  const before = windows.filter((one) => one !== window).map((one) => evidenceOf(corpus, one));
  const disturbed = before.map((one, at) => (at % everyFaulty === 0 ? faulty(one, drawn(one)) : one));
  const ways = {
    "the known-normal minute before": corpus.normal.slice(0, 1).map((one) => evidenceOf(corpus, one)),
    "all other quiet minutes before": before,
    "a third of them with faults of their own": disturbed,
  };
  for (const [way, baselines] of Object.entries(ways)) {
    if (baselines.some((one) => one.window.fromMs === window.fromMs)) continue;
    const evidence: IncidentEvidence = {
      service: entry,
      objective: null,
      onsetMs: fault === null ? null : window.fromMs,
      incident,
      baselines,
      background: values.background ? backgroundOf(corpus, corpus.window) : [],
      changes: null,
      missing: [],
    };
    const diagnosis = diagnose(evidence);
    scores.add(`${way}: ${fault === null ? "nothing wrong" : "a fault"}`, diagnosis, fault?.service ?? null);
    if (!values.verbose || diagnosis.suspects[0]?.service.name === fault?.service) continue;
    const { kind = "nothing", service = "", share = 0, delayMs = 0 } = fault ?? {};
    console.log(
      `${i} ${way}: ${kind} ${service} ×${share.toFixed(2)} ${delayMs.toFixed(0)} ms: ${diagnosis.verdict.kind} ${diagnosis.suspects.slice(0, 3).map(suspectWords).join(" | ")}`,
    );
  }
}
console.log(scores.table());
if (values.write) {
  const file = "bench/diagnosis/study.md";
  await writeFile(file, withWritten(await readFile(file, "utf8"), "bench/diagnosis/cross-check.ts", scores.table()));
}

/** Any fault of a service that at least four requests ask. */
function drawn({ traces }: WindowEvidence): MadeFault {
  const served = new Map<string, number>();
  for (const { spans } of traces ?? [])
    for (const name of new Set(spans.filter(({ kind }) => kind === "SERVER").map((span) => span.service?.name ?? "")))
      served.set(name, (served.get(name) ?? 0) + 1);
  const services = [...served].flatMap(([name, count]) => (count >= 4 && name !== entry.name ? [name] : [])).sort();
  return {
    service: services[Math.floor(random.next() * services.length)] ?? "",
    kind: kinds[Math.floor(random.next() * kinds.length)] ?? "DELAY",
    delayMs: 100 * 2 ** (5 * random.next()),
    share: [1, 1, 0.5][Math.floor(random.next() * 3)] ?? 1,
  };
}

function faulty(window: WindowEvidence, fault: MadeFault | null): WindowEvidence {
  return fault === null ? window : { ...window, traces: inject(window.traces ?? [], fault, random) };
}

/** The normal minutes, and those before a labelled fault that hold enough traces and little harm. */
function quietWindows(corpus: Corpus, lengthMs: number): readonly TimeWindow[] {
  const before = corpus.faults.map(({ atMs }) => ({ fromMs: atMs - 10_000 - lengthMs, toMs: atMs - 10_000 }));
  return [...corpus.normal, ...before].filter(({ fromMs, toMs }, i) => {
    const traces = corpus.traces.filter(({ startMs }) => startMs > fromMs && startMs <= toMs);
    const failed = traces.filter(({ spans }) => spans.some(({ status }) => status === "ERROR")).length;
    const slow = traces.filter(({ spans }) => spans.some(({ durationMs }) => durationMs > 1000)).length;
    return (
      i < corpus.normal.length ||
      (traces.length >= 15 && failed <= 0.25 * traces.length && slow <= 0.05 * traces.length)
    );
  });
}
