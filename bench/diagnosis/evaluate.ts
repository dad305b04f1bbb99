/** Ranks the labelled faults of recorded slices: `node dist/bench/diagnosis/evaluate.js [--seconds 60] FOLDER...`. */
import { parseArgs } from "node:util";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import type { IncidentEvidence, WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { backgroundOf, type Corpus, evidenceOf, type LabelledFault, readCorpus } from "./corpus.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    service: { type: "string", default: "ts-gateway-service" },
    background: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const kept = new Map<string, Promise<Corpus>>();
const seconds = Number(values.seconds);

const baselines: Record<string, (corpus: Corpus, fault: LabelledFault) => readonly TimeWindow[]> = {
  normal: (corpus) => corpus.normal,
  "two minutes before": (_, { atMs }) => [{ fromMs: atMs - 120_000, toMs: atMs }],
  healthy: (corpus, fault) => healthy(corpus, fault),
  "everything earlier": (corpus, fault) => earlier(corpus, fault),
  // A product knows its earlier incidents.
  "earlier, no incident": (corpus, fault) =>
    earlier(corpus, fault).filter(
      (window) =>
        !corpus.faults.some(
          ({ atMs }) => atMs < fault.atMs && window.toMs > atMs - 90_000 && window.fromMs < atMs + 210_000,
        ),
    ),
};

for (const [name, windowsOf] of Object.entries(baselines)) {
  let [cases, first, three] = [0, 0, 0];
  for (const folder of positionals) {
    const corpus = await readCorpusOnce(folder);
    for (const fault of corpus.faults) {
      const windows = windowsOf(corpus, fault);
      if (windows.length === 0) continue;
      const evidence = caseOf(
        values.service === "own" ? fault.service : values.service,
        evidenceOf(corpus, { fromMs: fault.atMs, toMs: fault.atMs + 1000 * seconds }),
        windows.map((window) => evidenceOf(corpus, window)),
        values.background ? backgroundOf(corpus, { fromMs: corpus.window.fromMs, toMs: fault.atMs - 90_000 }) : [],
      );
      const started = performance.now();
      const diagnosis = diagnose(evidence);
      const took = performance.now() - started;
      const rank = diagnosis.suspects.findIndex(({ service }) => service.name === fault.service) + 1;
      cases += 1;
      if (rank === 1) first += 1;
      if (rank >= 1 && rank <= 3) three += 1;
      if (values.verbose || rank !== 1)
        console.log(
          `  ${name}: ${fault.service} ${fault.type} rank ${rank} (${evidence.incident.traces?.length} / ${evidence.baselines.map(({ traces }) => traces?.length).join("+")}, ${took.toFixed(0)} ms): ${told(diagnosis)}`,
        );
    }
  }
  console.log(`${name}: ${cases} faults, first ${first}, among three ${three}`);
}

function told({ suspects, verdict }: Diagnosis): string {
  return (
    `${verdict.kind} ${verdict.sentence} ` +
    suspects
      .slice(0, 4)
      .map(
        (one) =>
          `${one.service.name} ${one.grade} ${one.score.toFixed(1)}±${one.standardError.toFixed(1)} p${one.probability.toFixed(2)} [${one.pieces
            .slice(0, 2)
            .map((p) => `${p.kind} ${p.name} ${p.incident.toFixed(0)} for ${p.expected.toFixed(0)}`)
            .join("; ")}] ${one.reasons.map(({ sentence }) => sentence).join(" ")}`,
      )
      .join("\n     | ")
  );
}

function caseOf(
  name: string,
  incident: WindowEvidence,
  before: readonly WindowEvidence[],
  background: IncidentEvidence["background"],
): IncidentEvidence {
  const service = { cluster: "default", namespace: "train-ticket", name };
  return {
    service,
    objective: null,
    onsetMs: null,
    incident,
    baselines: before,
    background,
    changes: null,
    missing: [],
  };
}

/** Minutes with traces before a fault. */
function earlier(corpus: Corpus, { atMs }: LabelledFault): readonly TimeWindow[] {
  const minutes: TimeWindow[] = [];
  for (let toMs = atMs - 90_000; toMs - 60_000 >= corpus.window.fromMs; toMs -= 60_000) {
    const window = { fromMs: toMs - 60_000, toMs };
    if (corpus.traces.filter(({ startMs }) => startMs > window.fromMs && startMs <= toMs).length >= 5)
      minutes.push(window);
  }
  return minutes;
}

/** The third of them whose requests were failed or slow least. */
function healthy(corpus: Corpus, fault: LabelledFault): readonly TimeWindow[] {
  const minutes = earlier(corpus, fault);
  const roots = (window: TimeWindow) =>
    corpus.traces
      .filter(({ startMs }) => startMs > window.fromMs && startMs <= window.toMs)
      .flatMap(({ spans }) => spans.filter(({ parentSpanId }) => parentSpanId === null));
  const bad = (window: TimeWindow): number => {
    const all = roots(window);
    return all.filter(({ durationMs, status }) => status === "ERROR" || durationMs > 1000).length / all.length;
  };
  const ranked = minutes.map((window) => ({ window, ratio: bad(window) })).sort((a, b) => a.ratio - b.ratio);
  return ranked.slice(0, Math.ceil(ranked.length / 3)).map(({ window }) => window);
}

function readCorpusOnce(folder: string): Promise<Corpus> {
  const known = kept.get(folder) ?? readCorpus(folder);
  kept.set(folder, known);
  return known;
}
