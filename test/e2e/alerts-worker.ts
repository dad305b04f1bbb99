/**
 * A demo under evaluation in a thread of its own, on its own time as fast as it can: faults are switched on and off, every 30 s of the mesh
 * are evaluated, and what became of each objective is posted. Started by demo-alerts.test.ts.
 */
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import type { AlertTransition } from "../../src/alerting/alert-state.js";
import { createEvaluator } from "../../src/alerting/evaluator.js";
import { createDemo, type Demo } from "../../src/demo/create-demo.js";
import { bookinfoWithShop } from "../../src/demo/meshes/join-meshes.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../../src/mesh/metrics/metric-knowledge.js";
import { loadObjectives } from "../../src/slo/load-objectives.js";
import { createMeasurer } from "../../src/slo/measure/measurer.js";
import type { Objective } from "../../src/slo/objective.js";
import type { Clock } from "../../src/telemetry/clock.js";
import { hourMs, minuteMs, stepMs } from "../support/alert-stream.js";

/**
 * Reviews with the usual page tiers, and ratings by a team to which a denied call is a failed one. No ticket tiers: over a mesh that is some
 * hours old they burn for as long as their short windows, and end as late.
 */
const yaml = `apiVersion: meshlens/v1
namespace: bookinfo
defaults:
  alerting:
    tiers: [{ severity: page, long: 1h, short: 5m, factor: 14.4 }, { severity: page, long: 6h, short: 30m, factor: 6 }]
objectives:
  - { service: reviews, availability: 99.9% }
  - { service: ratings, availability: { target: 99.9%, failedStatus: { add: [403] } } }
`;

/** One fault and what was told of one objective until the next. Instants are after the switch. */
export interface WatchedFault {
  readonly objective: Objective;
  readonly lengthMs: number;
  /** Share of the calls that failed while it lasted. */
  readonly failedShare: number;
  readonly told: readonly Pick<AlertTransition, "atMs" | "to" | "severity">[];
}

const seed = 7;
const startMs = Date.UTC(2026, 4, 13, 6);
const faults = [
  // Half of the longest page window must be known before anything is clear.
  {
    scenario: "ratings-delay",
    service: "reviews",
    atMs: 3.25 * hourMs,
    lengthMs: 12 * minuteMs,
    watchMs: 65 * minuteMs,
  },
  { scenario: "rbac-denied", service: "ratings", atMs: 4.5 * hourMs, lengthMs: 10 * minuteMs, watchMs: 65 * minuteMs },
];
const signal = new AbortController().signal;
const clock: Clock = { nowMs: () => demo.stage.progress().nowMs };
const demo: Demo = createDemo({ mesh: bookinfoWithShop, seed, startMs, proxies: "istio", clock });
for (const { scenario, atMs, lengthMs } of faults) {
  demo.switchTo(scenario, startMs + atMs);
  demo.switchTo("healthy", startMs + atMs + lengthMs);
}

async function readObjectives(): Promise<readonly Objective[]> {
  const folder = await mkdtemp(join(tmpdir(), "meshlens-alerts-"));
  writeFileSync(join(folder, "slo.yaml"), yaml);
  const { objectives } = loadObjectives(["slo.yaml"], { folder, environment: {} });
  await rm(folder, { recursive: true });
  return objectives;
}

const objectives = await readObjectives();
const sources = [demo.backends.metrics];
const knowledge = createMetricKnowledge({ sources, clock, clusters: noClusterNames, dialect: null });
const store = { append: async () => undefined, read: async function* () {} };
const measurer = createMeasurer({ sources, knowledge, clock, store, horizonMs: 6.5 * hourMs });
const transitions: AlertTransition[] = [];
const evaluator = createEvaluator({
  measurer,
  alerts: { load: async () => ({ evaluatedAtMs: null, states: [], openIncidents: [] }), commitCycle: async () => {} },
  intervalMs: stepMs,
  serviceOf: ({ cluster, ...rest }) => ({ cluster: cluster ?? "default", ...rest }),
  onCommitted: (changes) => transitions.push(...changes.map(({ transition }) => transition)),
});
const call = () => ({ signal, deadlineMs: clock.nowMs() + hourMs });

const watched: WatchedFault[] = [];
for (const { service, atMs, lengthMs, watchMs } of faults) {
  const switchMs = startMs + atMs;
  const objective = objectives.find((one) => one.service.name === service) as Objective;
  await demo.stage.play(switchMs - minuteMs, signal);
  await evaluator.cycle(clock.nowMs(), { objectives, isComplete: true }, call());
  while ((await measurer.backfill(clock.nowMs(), objectives, call())) === "filled");
  transitions.length = 0;
  let failedShare = 0;
  while (clock.nowMs() < switchMs + watchMs) {
    await demo.stage.play(clock.nowMs() + stepMs, signal);
    const { measurements } = await evaluator.cycle(clock.nowMs(), { objectives, isComplete: true }, call());
    const { windows } = measurements.at(objectives.indexOf(objective));
    // Wholly within the fault.
    if (clock.nowMs() - switchMs === lengthMs)
      failedShare = windows.find(({ windowMs }) => windowMs === 300_000)?.errorRatio ?? 0;
  }
  const told = transitions
    .filter(({ objectiveId }) => objectiveId === objective.id)
    .map(({ atMs: toldMs, to, severity }) => ({ atMs: toldMs - switchMs, to, severity }));
  watched.push({ objective, lengthMs, failedShare, told });
}
parentPort?.postMessage(watched);
