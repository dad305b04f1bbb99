/** Runs the closed-form cases as a backtest over a source and says what is wrong, by service. */

import { type BacktestSummary, runBacktest } from "../../src/alerting/backtest/run-backtest.js";
import type { CommittedChange } from "../../src/alerting/cycle-draft.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../../src/mesh/metrics/metric-knowledge.js";
import { createReplayMeasurer } from "../../src/slo/measure/replay-measurer.js";
import { type Objective, objectiveId } from "../../src/slo/objective.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { minuteMs, stepMs } from "./alert-stream.js";
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
