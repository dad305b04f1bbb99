/**
 * Hours of random meshes with earlier faults in them, asked about as the product asks: the windows are chosen by it, the questions are bounded.
 * `node dist/bench/diagnosis/histories.js [--cases 100] [--seed 1] [--verbose] [--write]`. With --write its table goes into
 * bench/diagnosis/study.md.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { diagnoseIncident } from "../../src/alerting/diagnosing/gather-incident.js";
import { createRandom, type Random } from "../../src/demo/simulation/random.js";
import type { WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { suspectWords, withWritten } from "./fault-table.js";
import { type History, historyReader } from "./history-reader.js";
import { faultKinds, playWindow, randomFault, randomMesh, type StudyFault, type StudyMesh } from "./random-mesh.js";
import { createScores } from "./scores.js";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const minuteMs = 60_000;
const nowMs = 1_700_000_000_000;
const everyMs = 2_500;
/** Half of the histories hold two hours with up to three earlier faults, half fifty minutes with one each nine minutes. */
const [longMs, shortMs] = [130 * minuteMs, 50 * minuteMs];

interface Spell {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fault: StudyFault;
}

const scores = createScores();
for (let i = 0; i < Number(values.cases); i += 1) {
  if (values.only !== undefined && Number(values.only) !== i) continue;
  const seed = Number(values.seed) * 100_000 + i;
  const random = createRandom(seed, "history");
  const mesh = randomMesh(random);
  const visits = visitsOf(mesh, seed);
  // One of ten asks when nothing is wrong; the wrong value is not told from its caller yet and has rows of its own in the study.
  const kind = i % 10 === 9 ? null : (faultKinds[i % 8] ?? "delay");
  const now = kind === null ? null : drawn(kind, mesh, visits, seed, random);
  const isDense = i % 2 === 1;
  const startMs = nowMs - (isDense ? shortMs : longMs);
  const onsetMs = nowMs - (2 + Math.floor(5 * random.next())) * minuteMs;
  const earlier = spellsBefore(
    isDense ? 4 : (i / 2) % 4,
    { fromMs: startMs, toMs: onsetMs },
    now,
    mesh,
    visits,
    seed,
    random,
  );
  const spells = now === null ? earlier : [...earlier, { fromMs: onsetMs, toMs: nowMs, fault: now }];
  const { reader, asked } = historyReader(played(mesh, spells, startMs, seed));
  const name = now === null ? null : `service-${now.service}`;
  const entry = mesh.services[0]?.ref ?? { cluster: "default", namespace: "study", name: "service-0" };
  const asks = {
    ...(now === null
      ? {}
      : { "as an alert asks": { isBurning: now !== null, window: { fromMs: nowMs - 15 * minuteMs, toMs: nowMs } } }),
    "since it began": { isBurning: now !== null, window: { fromMs: onsetMs, toMs: nowMs } },
  };
  for (const [way, ask] of Object.entries(asks)) {
    asked.traces = 0;
    const question = { service: entry, objective: null, isDeniedFailed: true, baselines: null, ...ask };
    const diagnosis = await diagnoseIncident(question, reader);
    const before =
      earlier.length === 0 ? "no earlier fault" : isDense ? "a fault each ten minutes before" : "1 to 3 earlier faults";
    scores.add(`${way}, ${now === null ? "nothing wrong" : before}`, diagnosis, name);
    if (!values.verbose || diagnosis.suspects[0]?.service.name === (name ?? undefined)) continue;
    const told = diagnosis.suspects.slice(0, 3).map(suspectWords).join(" | ");
    console.log(
      `${i} ${way}: ${kind} ${name} ${now?.ms.toFixed(0)} ms ×${now?.share.toFixed(2)} for ${(nowMs - onsetMs) / minuteMs} min, earlier ${earlier.map(({ fault, fromMs, toMs }) => `${fault.kind} ${fault.service} -${((nowMs - fromMs) / minuteMs).toFixed(0)}..-${((nowMs - toMs) / minuteMs).toFixed(0)}`).join(", ")}
    ${diagnosis.verdict.kind}; incident -${((nowMs - diagnosis.incident.window.fromMs) / minuteMs).toFixed(1)}, baseline ${diagnosis.baseline === null ? "none" : `-${((nowMs - diagnosis.baseline.window.fromMs) / minuteMs).toFixed(0)}..-${((nowMs - diagnosis.baseline.window.toMs) / minuteMs).toFixed(0)} ${diagnosis.baseline.traceCount} traces`} ${asked.traces} searches\n    ${told}`,
    );
  }
}
console.log(scores.table());
if (values.write) {
  const file = "bench/diagnosis/study.md";
  await writeFile(file, withWritten(await readFile(file, "utf8"), "bench/diagnosis/histories.ts", scores.table()));
}

/** Calls each service gets of so many requests. */
function visitsOf(mesh: StudyMesh, seed: number): ReadonlyMap<number, number> {
  const { edges } = playWindow(mesh, [], { requests: 200, sampled: 0, fromMs: 0, seed: seed * 100 + 99 });
  const visits = new Map<number, number>();
  for (const { source, destination, reporter, requestCount } of edges ?? [])
    if (reporter === "DESTINATION" && source !== null && destination.kind === "SERVICE") {
      const at = Number(destination.service.name.slice(8));
      visits.set(at, (visits.get(at) ?? 0) + requestCount);
    }
  return visits;
}

/** A fault that shows: it befalls at least one of ten requests. */
function drawn(
  kind: StudyFault["kind"],
  mesh: StudyMesh,
  visits: ReadonlyMap<number, number>,
  seed: number,
  random: Random,
): StudyFault {
  const possible = [...visits].filter(([, calls]) => calls >= 20).map(([at]) => at);
  let fault = randomFault(kind, 1, random);
  for (let draw = 0; draw < 20; draw += 1) {
    const service = possible[Math.floor(random.next() * possible.length)] ?? 1;
    fault = randomFault(kind, service, random);
    const { hitRatio } = playWindow(mesh, [fault], { requests: 100, sampled: 0, fromMs: 0, seed: seed * 100 + draw });
    if (hitRatio >= 0.1) break;
  }
  return fault;
}

/** Earlier faults of some minutes each, apart from each other and from the present one; two of five are of the same service. */
function spellsBefore(
  count: number,
  within: TimeWindow,
  now: StudyFault | null,
  mesh: StudyMesh,
  visits: ReadonlyMap<number, number>,
  seed: number,
  random: Random,
): readonly Spell[] {
  const spells: Spell[] = [];
  for (let draw = 0; draw < 60 && spells.length < count; draw += 1) {
    const fromMs = within.fromMs + random.next() * (within.toMs - within.fromMs);
    const toMs = fromMs + (3 + 2 * random.next()) * minuteMs;
    if (toMs > within.toMs - 3 * minuteMs) continue;
    if (spells.some((one) => fromMs < one.toMs + 2 * minuteMs && toMs > one.fromMs - 2 * minuteMs)) continue;
    const kind = faultKinds[Math.floor(8 * random.next())] ?? "delay";
    const isSame = now !== null && random.next() < 0.4;
    spells.push({ fromMs, toMs, fault: isSame ? now : drawn(kind, mesh, visits, seed + draw, random) });
  }
  return spells.sort((a, b) => a.fromMs - b.fromMs);
}

/** The whole time, in stretches of at most ten minutes: the mix of requests differs from one to the next. */
function played(mesh: StudyMesh, spells: readonly Spell[], startMs: number, seed: number): History {
  const traces: History["traces"][number][] = [];
  const lines: History["lines"][number][] = [];
  for (let fromMs = startMs, part = 0; fromMs < nowMs; part += 1) {
    const spell = spells.find((one) => fromMs >= one.fromMs && fromMs < one.toMs);
    const next = spells.find((one) => one.fromMs > fromMs);
    const toMs = Math.min(nowMs, fromMs + 10 * minuteMs, spell?.toMs ?? next?.fromMs ?? nowMs);
    const requests = Math.max(1, Math.ceil((toMs - fromMs) / everyMs));
    const window: WindowEvidence = playWindow(mesh, spell === undefined ? [] : [spell.fault], {
      requests,
      sampled: 1,
      fromMs,
      everyMs,
      seed: seed * 100 + part,
    });
    const starts = new Map<string, number>();
    for (const { traceId, spans } of window.traces ?? []) {
      const atMs = Math.min(...spans.map((span) => span.startMs));
      starts.set(traceId, atMs);
      traces.push({ traceId, startMs: atMs, spans });
    }
    for (const line of window.traceLines ?? []) lines.push({ ...line, atMs: starts.get(line.traceId) ?? fromMs });
    fromMs += requests * everyMs;
  }
  return { traces: traces.sort((a, b) => a.startMs - b.startMs), lines: lines.sort((a, b) => a.atMs - b.atMs) };
}
