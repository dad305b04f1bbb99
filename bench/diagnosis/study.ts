/**
 * The study: random meshes and faults, `node dist/bench/diagnosis/study.js [--seed 1] [--from 0] [--cases 500] [--only KIND,...] [--verbose]`.
 * A long study goes in pieces: each with `--save FILE`, then `study.js --write FILE...` puts all of them into bench/diagnosis/study.md.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/demo/simulation/random.js";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { LearntBackground } from "../../src/diagnosis/incident-evidence.js";
import { withWritten } from "./fault-table.js";
import { faultKinds, playWindow, randomFault, randomMesh, type StudyFault } from "./random-mesh.js";
import { createScores } from "./scores.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: "string", default: "0" },
    save: { type: "string" },
    cases: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const samplings = [1, 0.1, 0.01] as const;
const requestsOf: Readonly<Record<number, number>> = { 1: 150, 0.1: 700, 0.01: 1000 };

/** What shows no error and no delay at the service that is to blame. */
const hardKinds: ReadonlySet<string> = new Set(["wrong value", "early return", "wrong answer"]);
const sound = "all but the last three kinds";

const scores = createScores();

for (const file of positionals) scores.merge(JSON.parse(await readFile(file, "utf8")));
const [first, count] = [Number(values.from), positionals.length > 0 ? 0 : Number(values.cases)];
for (let i = first; i < first + count; i += 1) {
  const seed = Number(values.seed) * 100_000 + i;
  const random = createRandom(seed, "case");
  const mesh = randomMesh(random);
  const sampled = samplings[i % 3] ?? 1;
  // Each kind with each sampling, and as often nothing at all.
  const kind = faultKinds[Math.floor(i / 3) % (faultKinds.length + 1)] ?? null;
  if (values.only !== undefined && !values.only.split(",").includes(kind ?? "no fault")) continue;
  const requests = requestsOf[sampled] ?? 200;
  const baselines = [0, 1, 2].map((n) =>
    playWindow(mesh, null, { requests, sampled, fromMs: 1e12 + n * 3.6e6, seed: seed * 10 + n }),
  );
  const play = (fault: StudyFault | null) =>
    playWindow(mesh, fault, { requests, sampled, fromMs: 1e12 + 4 * 3.6e6, seed: seed * 10 + 5 });
  let fault = kind === null ? null : faultFor(kind, mesh.services.length);
  let incident = play(fault);
  // A fault that hardly any request meets is none: another service is drawn.
  for (let draw = 0; draw < 12 && kind !== null && incident.hitRatio < 0.05; draw += 1) {
    fault = faultFor(kind, mesh.services.length);
    incident = play(fault);
  }
  const name = fault === null ? null : `service-${fault.service}`;
  const diagnosis = diagnose({
    service: mesh.services[0]?.ref ?? null,
    objective: null,
    onsetMs: kind === null ? null : incident.window.fromMs,
    incident,
    baselines,
    background: backgroundOf(mesh, seed),
    changes: null,
    missing: [],
  });
  const isSound = kind !== null && !hardKinds.has(kind);
  const groups = [
    "all faults",
    `all faults, seed ${values.seed}`,
    `sampling ${sampled * 100} %`,
    ...(isSound ? [sound, `${sound}, seed ${values.seed}`] : []),
  ];
  for (const key of kind === null ? ["no fault"] : [kind, ...groups]) scores.add(key, diagnosis, name);
  if (values.verbose && diagnosis.suspects[0]?.service.name !== (name ?? undefined))
    console.log(
      `${i} ${kind} ${name} ${sampled} ${fault?.ms.toFixed(0)} ms ×${fault?.share.toFixed(2)}: ${diagnosis.verdict.kind} ${diagnosis.suspects
        .slice(0, 3)
        .map(
          (one) =>
            `${one.service.name} ${one.grade} ${one.score.toFixed(1)}±${one.standardError.toFixed(1)} ${one.pieces[0]?.kind} ${one.pieces[0]?.name} ${one.pieces[0]?.incident.toFixed(0)}/${one.pieces[0]?.expected.toFixed(0)}`,
        )
        .join(" | ")}`,
    );

  /** A fault that shows: of a service that is asked in at least one of twenty requests. */
  function faultFor(wanted: StudyFault["kind"], count: number): StudyFault {
    const visits = new Map<number, number>();
    const base = baselines[0];
    for (const { source, destination, reporter, requestCount } of base?.edges ?? [])
      if (reporter === "DESTINATION" && source !== null && destination.kind === "SERVICE") {
        const at = Number(destination.service.name.slice(8));
        const operations = mesh.services[at]?.operations ?? [];
        if (wanted === "slow database" && !operations.some(({ databaseMs }) => databaseMs !== null)) continue;
        if (
          (wanted === "wrong value" || wanted === "early return") &&
          !operations.some(({ calls }) => calls.length > 0)
        )
          continue;
        visits.set(at, (visits.get(at) ?? 0) + requestCount);
      }
    const possible = [...visits].filter(([, calls]) => calls >= requests / 20).map(([at]) => at);
    const service = possible[Math.floor(random.next() * possible.length)] ?? Math.min(1, count - 1);
    return randomFault(wanted, service, random);
  }
}

/** What a day of metrics tells: many requests, none of them traced. */
function backgroundOf(mesh: ReturnType<typeof randomMesh>, seed: number): readonly LearntBackground[] {
  const { edges } = playWindow(mesh, null, { requests: 2_000, sampled: 0, fromMs: 9e11, seed: seed * 10 + 6 });
  return (edges ?? []).flatMap(({ source, destination, reporter, requestCount, failedCount, durationSumMs }) =>
    reporter !== "SOURCE" || source === null || destination.kind !== "SERVICE"
      ? []
      : {
          source,
          destination: destination.service,
          stepMs: 86_400_000,
          steps: [{ requestCount, failedCount, durationSumMs }],
          errorLines: null,
        },
  );
}

const seeds = Object.keys(scores.rows()).flatMap((key) => key.match(/^all faults, (seed .*)$/)?.[1] ?? []);
const order = [
  ...faultKinds,
  sound,
  ...seeds.map((seed) => `${sound}, ${seed}`),
  "all faults",
  ...seeds.map((seed) => `all faults, ${seed}`),
  ...samplings.map((one) => `sampling ${one * 100} %`),
  "no fault",
];
const table = scores.table(order);
console.log(table);
if (values.save !== undefined) await writeFile(values.save, JSON.stringify(scores.rows()));
if (values.write) {
  const file = "bench/diagnosis/study.md";
  await writeFile(file, withWritten(await readFile(file, "utf8"), "bench/diagnosis/study.ts", table));
}
