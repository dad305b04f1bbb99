/**
 * The study: random meshes and faults, `node dist/bench/diagnosis/study.js [--seed 1] [--from 0] [--cases 500] [--only KIND,...] [--verbose]`.
 * A long study goes in pieces: each with `--save FILE`, then `study.js --write FILE...` puts all of them into bench/diagnosis/study.md.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import { suspectWords, withWritten } from "./fault-table.js";
import { faultKinds } from "./random-mesh.js";
import { createScores } from "./scores.js";
import { leastHit, nameOf, samplings, studyCase } from "./study-case.js";

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
/** What shows no error and no delay at the service that is to blame. */
const hardKinds: ReadonlySet<string> = new Set(["wrong value", "early return", "wrong answer"]);
const sound = "all but the last three kinds";

const scores = createScores();

for (const file of positionals) scores.merge(JSON.parse(await readFile(file, "utf8")));
const [first, count] = [Number(values.from), positionals.length > 0 ? 0 : Number(values.cases)];
for (let i = first; i < first + count; i += 1) {
  // Each kind with each sampling, and as often nothing at all.
  const kind = faultKinds[Math.floor(i / 3) % (faultKinds.length + 1)] ?? null;
  if (values.only !== undefined && !values.only.split(",").includes(kind ?? "no fault")) continue;
  const { sampled, faultFor, play, evidenceOf } = studyCase(Number(values.seed), i);
  let fault = kind === null ? null : faultFor(kind);
  let incident = play(fault === null ? [] : [fault]);
  // A fault that hardly any request meets is none: another service is drawn.
  for (let draw = 0; draw < 12 && kind !== null && incident.hitRatio < leastHit; draw += 1) {
    fault = faultFor(kind);
    incident = play([fault]);
  }
  const name = fault === null ? null : nameOf(fault);
  const diagnosis = diagnose(evidenceOf(incident, kind !== null));
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
        .map(suspectWords)
        .join(" | ")}`,
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
