/** The study: random meshes and faults, `node dist/bench/diagnosis/study.js [--cases 500] [--write]`. Its table is bench/diagnosis/study.md. */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/demo/simulation/random.js";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import { faultKinds, playWindow, randomFault, randomMesh, type StudyFault } from "./random-mesh.js";
import { createScores } from "./scores.js";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const samplings = [1, 0.1, 0.01] as const;
const requestsOf: Readonly<Record<number, number>> = { 1: 150, 0.1: 700, 0.01: 1000 };

const scores = createScores();

for (let i = 0; i < Number(values.cases); i += 1) {
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
    background: [],
    changes: null,
    missing: [],
  });
  for (const key of [kind ?? "no fault", ...(kind === null ? [] : ["all faults"]), `sampling ${sampled * 100} %`])
    if (!(kind === null && key.startsWith("sampling"))) scores.add(key, diagnosis, name);
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

const order = [...faultKinds, "all faults", ...samplings.map((one) => `sampling ${one * 100} %`), "no fault"];
const text = `# The diagnosis on random meshes

Written by \`node dist/bench/diagnosis/study.js --write\`: ${values.cases} meshes of 8 to 40 services, a fifth of the operations with a steady background of
errors or slowness, one fault each (one of ten none), three windows before as baseline. AS@k: the true service is among the first k. The
fault befalls at least 5 % of the requests. The traffic is 150 requests a window sampled whole, 700 at 10 %, 1,000 at 1 %; metrics of both proxies count all of them.

${scores.table(order)}
`;
console.log(text);
if (values.write) await writeFile("bench/diagnosis/study.md", text);
