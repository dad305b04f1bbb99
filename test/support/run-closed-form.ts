/** Runs the closed-form cases as a backtest over a source and says what is wrong, by service. */

import { type BacktestSummary, runBacktest } from "../../src/alerting/backtest/run-backtest.js";
import type { CommittedChange } from "../../src/alerting/cycle-draft.js";
import { createEvaluator } from "../../src/alerting/evaluator.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../../src/mesh/metrics/metric-knowledge.js";
import { createMeasurer } from "../../src/slo/measure/measurer.js";
import { createReplayMeasurer } from "../../src/slo/measure/replay-measurer.js";
import { type Objective, objectiveId } from "../../src/slo/objective.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { dayMs, minuteMs, stepMs } from "./alert-stream.js";
import type { ClosedFormCase } from "./closed-form-cases.js";
import { closedFormNamespace } from "./closed-form-series.js";
import { makeObjective } from "./objectives.js";

/** The objective of a case: 99.9 % over 30 days with the default tiers. */
export function objectiveOf({ service: name }: Pick<ClosedFormCase, "service">): Objective {
  const service = { cluster: null, namespace: closedFormNamespace, name };
  return { ...makeObjective(), service, id: objectiveId(service, "availability") };
}

/** What is wrong by service, and the summary. */
export async function backtestClosedForm(
  source: MetricSource,
  cases: readonly ClosedFormCase[],
  zeroMs: number,
): Promise<{ readonly faults: Readonly<Record<string, string>>; readonly summary: BacktestSummary }> {
  const knowledge = createMetricKnowledge({ sources: [source], clock, clusters: noClusterNames, dialect: null });
  const changes: CommittedChange[] = [];
  const summary = await runBacktest(
    {
      measurer: createReplayMeasurer({ sources: [source], knowledge, clock }),
      clock,
      pause: async () => undefined,
      own: cases.map(objectiveOf),
      defaults: undefined,
      onChanges: (more) => changes.push(...more),
      onProgress: () => undefined,
    },
    { fromMs: zeroMs - 10 * minuteMs, toMs: zeroMs + Math.max(...cases.map(({ lengthMs }) => lengthMs)), stepMs },
    new AbortController().signal,
  );
  return { faults: faultsOf(cases, changes, zeroMs), summary };
}

/** The same by the live way: back-fill, then a cycle every 30 s of a clock that is moved on, each asking for the newest steps only. */
export async function evaluateClosedForm(
  source: MetricSource,
  cases: readonly ClosedFormCase[],
  zeroMs: number,
): Promise<Readonly<Record<string, string>>> {
  const knowledge = createMetricKnowledge({ sources: [source], clock, clusters: noClusterNames, dialect: null });
  const store = { append: async () => undefined, read: async function* () {} };
  const measurer = createMeasurer({ sources: [source], knowledge, clock, store, horizonMs: 3.25 * dayMs });
  const objectives = cases.map(objectiveOf);
  const changes: CommittedChange[] = [];
  const evaluator = createEvaluator({
    measurer,
    alerts: { load: async () => ({ evaluatedAtMs: null, states: [], openIncidents: [] }), commitCycle: async () => {} },
    intervalMs: stepMs,
    serviceOf: ({ cluster, ...rest }) => ({ cluster: cluster ?? "default", ...rest }),
    onCommitted: (more) => changes.push(...more),
  });
  const call = () => ({ signal: new AbortController().signal, deadlineMs: clock.nowMs() + 60_000 });
  const fromMs = zeroMs - 10 * minuteMs;
  await measurer.cycle(fromMs, objectives, call());
  while ((await measurer.backfill(fromMs, objectives, call())) !== "done");
  const toMs = zeroMs + Math.max(...cases.map(({ lengthMs }) => lengthMs));
  for (let clockMs = fromMs; clockMs <= toMs; clockMs += stepMs) {
    await evaluator.cycle(clockMs, { objectives, isComplete: true }, call());
  }
  return faultsOf(cases, changes, zeroMs);
}

/** Judges what was told of each case while it was looked at. */
export function faultsOf(
  cases: readonly ClosedFormCase[],
  changes: readonly CommittedChange[],
  zeroMs: number,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    cases.flatMap((one) => {
      const objective = objectiveOf(one);
      const told = changes
        .filter(({ transition }) => transition.objectiveId === objective.id)
        .map(({ transition }) => ({ ...transition, atMs: transition.atMs - zeroMs }))
        .filter(({ atMs }) => atMs <= one.lengthMs);
      const fault = one.fault(told, objective);
      return fault === null ? [] : [[one.service, fault] as const];
    }),
  );
}
