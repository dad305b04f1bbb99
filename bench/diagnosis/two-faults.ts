/**
 * The study with two independent faults in two services of one mesh:
 * `node dist/bench/diagnosis/two-faults.js [--seed 1] [--from 0] [--cases 168] [--verbose] [--save FILE]`; then `two-faults.js --write FILE...`
 * puts all pieces into bench/diagnosis/study.md.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import { suspectWords, withWritten } from "./fault-table.js";
import { faultKinds, type StudyFault } from "./random-mesh.js";
import { leastHit, nameOf, type StudyCase, samplings, studyCase } from "./study-case.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    cases: { type: "string", default: "168" },
    only: { type: "string" },
    save: { type: "string" },
    write: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});

/** Those that fail or take long where they are. */
const harming = faultKinds.slice(0, 8);
const slowKinds: ReadonlySet<string> = new Set(["delay", "slow database", "network", "CPU"]);

/** Counts of one kind of case. */
interface Row {
  cases: number;
  /** The first suspect is one of the two. */
  first: number;
  bothOfThree: number;
  oneOfThree: number;
  silent: number;
  /** Of all suspects, not of the first alone. */
  likely: number;
  likelyRight: number;
}

const noRow = (): Row => ({ cases: 0, first: 0, bothOfThree: 0, oneOfThree: 0, silent: 0, likely: 0, likelyRight: 0 });
const rows = new Map<string, Row>();

for (const file of positionals)
  for (const [key, more] of Object.entries(JSON.parse(await readFile(file, "utf8")) as Record<string, Row>))
    add(key, more);
const [from, count] = [Number(values.from), positionals.length > 0 ? 0 : Number(values.cases)];
for (let i = from; i < from + count; i += 1) {
  if (values.only !== undefined && Number(values.only) !== i) continue;
  const made = studyCase(Number(values.seed), i);
  const drawn = twoFaults(made);
  if (drawn === null) continue;
  const diagnosis = diagnose(made.evidenceOf(drawn.incident, true));
  const row = rowOf(diagnosis, drawn.faults.map(nameOf));
  for (const key of [sortOf(drawn.faults), samplingKey(made.sampled), "two faults"]) add(key, row);
  if (!values.verbose || (row.bothOfThree === 1 && row.likely === row.likelyRight)) continue;
  const faults = drawn.faults.map(
    (one) => `${one.kind} ${nameOf(one)} ${one.ms.toFixed(0)} ms ×${one.share.toFixed(2)}`,
  );
  console.log(
    `${i} ${made.sampled} ${faults.join(" and ")}: ${diagnosis.verdict.kind} ${diagnosis.suspects.map(suspectWords).join(" | ")}`,
  );
}

const order = ["both fail", "one fails, one is slow", "both are slow", ...samplings.map(samplingKey), "two faults"];
const table = [
  "| two faults | cases | first is one of them | both among three | one among three | nobody named | likely and right |",
  "|---|---|---|---|---|---|---|",
  ...order.flatMap((key) => {
    const row = rows.get(key);
    return row === undefined ? [] : [wordsOf(key, row)];
  }),
].join("\n");
console.log(table);
if (values.save !== undefined) await writeFile(values.save, JSON.stringify(Object.fromEntries(rows)));
if (values.write) {
  const file = "bench/diagnosis/study.md";
  await writeFile(file, withWritten(await readFile(file, "utf8"), "bench/diagnosis/two-faults.ts", table));
}

/** Faults of two services, each befalling enough of the requests though the other is there; null where no draw finds such. */
function twoFaults({ random, faultFor, play }: StudyCase) {
  const drawn = (): StudyFault => faultFor(harming[Math.floor(random.next() * harming.length)] ?? "delay");
  for (let draw = 0; draw < 24; draw += 1) {
    const faults = [drawn(), drawn()];
    if (faults[0]?.service === faults[1]?.service) continue;
    const incident = play(faults);
    if (incident.hitRatio >= leastHit) return { faults, incident };
  }
  return null;
}

function rowOf({ suspects, verdict }: Diagnosis, names: readonly string[]): Row {
  const three = suspects.slice(0, 3).filter(({ service }) => names.includes(service.name)).length;
  const likely = suspects.filter(({ grade }) => grade === "LIKELY");
  return {
    cases: 1,
    first: names.includes(suspects[0]?.service.name ?? "") ? 1 : 0,
    bothOfThree: three === 2 ? 1 : 0,
    oneOfThree: three === 1 ? 1 : 0,
    silent: verdict.kind === "SUSPECTS" ? 0 : 1,
    likely: likely.length,
    likelyRight: likely.filter(({ service }) => names.includes(service.name)).length,
  };
}

function add(key: string, more: Row): void {
  const row = rows.get(key) ?? noRow();
  rows.set(key, row);
  for (const name of Object.keys(row) as (keyof Row)[]) row[name] += more[name];
}

function samplingKey(sampled: number): string {
  return `two faults, sampling ${sampled * 100} %`;
}

function sortOf(faults: readonly StudyFault[]): string {
  const slow = faults.filter(isSlow).length;
  return slow === 0 ? "both fail" : slow === 1 ? "one fails, one is slow" : "both are slow";
}

/** A bad version or replica is slow or fails. */
function isSlow({ kind, ms }: StudyFault): boolean {
  return slowKinds.has(kind) || ((kind === "bad version" || kind === "bad replica") && ms > 500);
}

function wordsOf(key: string, row: Row): string {
  const percent = (part: number): string => `${((100 * part) / row.cases).toFixed(1)} %`;
  const shares = [row.first, row.bothOfThree, row.oneOfThree, row.silent].map(percent);
  return `| ${[key, row.cases, ...shares, `${row.likelyRight} of ${row.likely}`].join(" | ")} |`;
}
