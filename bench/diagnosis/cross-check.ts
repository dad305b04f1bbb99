/** Made-up faults in recorded fault-free minutes: `node dist/bench/diagnosis/cross-check.js [--baseline one|pooled] [--cases 200] FOLDER...`. */
import { parseArgs } from "node:util";
import { createRandom } from "../../src/demo/simulation/random.js";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { IncidentEvidence } from "../../src/diagnosis/incident-evidence.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { backgroundOf, type Corpus, evidenceOf, readCorpus } from "./corpus.js";
import { inject, type MadeFault } from "./inject.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    seconds: { type: "string", default: "60" },
    share: { type: "string", default: "" },
    delay: { type: "string", default: "" },
    background: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const random = createRandom(Number(values.seed), "cross-check");
const corpora = await Promise.all(positionals.map(readCorpus));
const quiet = corpora.map((corpus) => quietWindows(corpus, 1000 * Number(values.seconds)));
const kinds = ["DELAY", "NETWORK", "CPU", "ERROR", "EXCEPTION", "NONE"] as const;
console.log(`quiet windows: ${quiet.map((one) => one.length).join(", ")}`);
const table = new Map<
  string,
  { cases: number; first: number; three: number; named: number; likely: number; right: number }
>();
for (let i = 0; i < Number(values.cases); i += 1) {
  const which = i % corpora.length;
  const corpus = corpora[which] as Corpus;
  const windows = quiet[which] ?? [];
  const background = backgroundOf(corpus, corpus.window);
  const window = windows[Math.floor(random.next() * windows.length)] as TimeWindow;
  const kind = kinds[Math.floor(random.next() * kinds.length)] ?? "NONE";
  const incident = evidenceOf(corpus, window);
  const served = new Map<string, number>();
  for (const { spans } of incident.traces ?? [])
    for (const name of new Set(spans.filter((span) => span.kind === "SERVER").map((span) => span.service?.name ?? "")))
      served.set(name, (served.get(name) ?? 0) + 1);
  const services = [...served]
    .filter(([name, count]) => count >= 4 && name !== "ts-gateway-service")
    .map(([name]) => name)
    .sort();
  const service = services[Math.floor(random.next() * services.length)] ?? "";
  const share = values.share === "" ? ([1, 1, 0.5][Math.floor(random.next() * 3)] ?? 1) : Number(values.share);
  const delayMs = values.delay === "" ? 100 * 2 ** (5 * random.next()) : Number(values.delay);
  const fault: MadeFault | null = kind === "NONE" ? null : { service, kind, delayMs, share };
  const faulty = fault === null ? incident : { ...incident, traces: inject(incident.traces ?? [], fault, random) };
  const others = windows.filter((one) => one !== window);
  for (const [name, before] of Object.entries({ normal: corpus.normal.slice(0, 1), pooled: others })) {
    if (before.some(({ fromMs }) => fromMs === window.fromMs)) continue;
    const evidence: IncidentEvidence = {
      service: { cluster: "default", namespace: "train-ticket", name: "ts-gateway-service" },
      objective: null,
      onsetMs: fault === null ? null : window.fromMs,
      incident: faulty,
      baselines: before.map((one) => evidenceOf(corpus, one)),
      background: values.background ? background : [],
      changes: null,
      missing: [],
    };
    const { suspects, verdict } = diagnose(evidence);
    const rank = suspects.findIndex((one) => one.service.name === service) + 1;
    for (const key of [`${name} ${kind}`, `${name} ALL`]) {
      if (key.endsWith("ALL") && kind === "NONE") continue;
      const row = table.get(key) ?? { cases: 0, first: 0, three: 0, named: 0, likely: 0, right: 0 };
      table.set(key, row);
      row.cases += 1;
      if (rank === 1) row.first += 1;
      if (rank >= 1 && rank <= 3) row.three += 1;
      if (verdict.kind === "SUSPECTS" && suspects.length > 0) row.named += 1;
      if (suspects[0]?.grade === "LIKELY") row.likely += 1;
      if (suspects[0]?.grade === "LIKELY" && rank === 1) row.right += 1;
    }
    if (values.verbose && kind !== "NONE" && rank !== 1)
      console.log(
        `${name} ${kind} ${service} (${served.get(service)}) ×${share.toFixed(2)} ${delayMs.toFixed(0)} ms: rank ${rank}: ${suspects
          .slice(0, 3)
          .map(
            (one) =>
              `${one.service.name} ${one.grade} ${one.score.toFixed(1)}±${one.standardError.toFixed(1)} p${one.probability.toFixed(2)} ${one.pieces[0]?.kind} ${one.pieces[0]?.name} ${one.pieces[0]?.incident.toFixed(0)}/${one.pieces[0]?.expected.toFixed(0)}`,
          )
          .join(" | ")}`,
      );
  }
}
for (const [key, row] of [...table].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${key.padEnd(18)} ${row.cases} cases: first ${pct(row.first, row.cases)}, among three ${pct(row.three, row.cases)}, named ${pct(row.named, row.cases)}, likely ${row.likely} (right ${row.right})`,
  );

function pct(part: number, all: number): string {
  return `${((100 * part) / all).toFixed(1)} %`;
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
