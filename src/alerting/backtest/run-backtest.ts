/**
 * Objectives over recorded data as if live: counts of long stretches are asked ahead, then every step is evaluated by the evaluator that
 * `serve` uses, with another clock and a store that keeps nothing. Called by `meshlens backtest`.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { ServiceRefInput } from "../../mesh/mesh.js";
import { type DefaultsConfig, defaultObjectives } from "../../slo/default-objectives.js";
import { longestEmptyMs } from "../../slo/measure/measurer.js";
import type { AskedStretch, ReplayMeasurer } from "../../slo/measure/replay-measurer.js";
import type { Objective } from "../../slo/objective.js";
import type { Clock } from "../../telemetry/clock.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { CommittedChange } from "../cycle-draft.js";
import { createEvaluator } from "../evaluator.js";
import { ahead } from "./ahead.js";
import { type AskWholeDeps, askWhole } from "./ask-whole.js";
import { createTally, type ObjectiveTally } from "./backtest-tally.js";
import { type BacktestRange, planStretches } from "./plan-stretches.js";

/** What a backtest is made of. */
export interface BacktestDeps extends Pick<AskWholeDeps, "clock" | "pause"> {
  readonly measurer: ReplayMeasurer;
  readonly clock: Clock;
  /** Objectives as written. */
  readonly own: readonly Objective[];
  /** Given to every service whose calls are found and that has none of its own. */
  readonly defaults: DefaultsConfig | undefined;
  /** Told of changes in order, as soon as they happen. */
  readonly onChanges: (changes: readonly CommittedChange[]) => void;
  readonly onProgress: (progress: BacktestProgress) => void;
}

/** How far it is. */
export interface BacktestProgress {
  /** EVIDENCE: of the firings found, asked about afterwards. */
  readonly phase: "HISTORY" | "RANGE" | "EVIDENCE";
  /** 0..1 of everything; of EVIDENCE by itself. */
  readonly done: number;
  /** The instant it has come to; going backwards in the history. */
  readonly atMs: number;
}

/** What it found. */
export interface BacktestSummary {
  readonly fromMs: number;
  /** The last evaluation; before `fromMs` when it was stopped before the first. */
  readonly toMs: number;
  readonly stepMs: number;
  readonly evaluationCount: number;
  /** False when it was stopped on the way. */
  readonly isComplete: boolean;
  /** Where the longest window of the first evaluation begins, and where data begin; null: there are none at all. */
  readonly historyFromMs: number;
  readonly dataFromMs: number | null;
  /** The noisiest first. */
  readonly objectives: readonly ObjectiveTally[];
}

/** Stretches asked for at a time. */
const depth = 2;
/** Evaluations between two turns of the event loop, which answers and Ctrl-C need. */
const evaluationsATurn = 16;

/**
 * Runs it to the end of the range, or to where `signal` aborts: then with what was found so far.
 * @throws MESHLENS_ERR_SOURCE_* when counts of a stretch cannot be had
 */
export async function runBacktest(
  deps: BacktestDeps,
  range: BacktestRange,
  signal: AbortSignal,
): Promise<BacktestSummary> {
  const { measurer, own, defaults, onChanges, onProgress } = deps;
  const counted = [...own, ...defaultObjectives(defaults, [anyService], [])];
  const plan = planStretches(measurer.endOf(range.fromMs), measurer.endOf(range.toMs), counted);
  const asking: AskWholeDeps = { ...deps, objectives: counted, signal };
  const serviceOf = createServiceOf(measurer);
  const tally = createTally(range.stepMs, ({ service }) => serviceOf(service));
  const changes: CommittedChange[] = [];
  const evaluator = createEvaluator({
    measurer,
    alerts: { load: async () => ({ evaluatedAtMs: null, states: [], openIncidents: [] }), commitCycle: async () => {} },
    intervalMs: range.stepMs,
    serviceOf,
    onCommitted: (more) => changes.push(...more),
  });
  let dataFromMs: number | null = null;
  let evaluationCount = 0;
  let clockMs = range.fromMs;

  const keep = (answers: readonly AskedStretch[]) => {
    for (const answer of answers) {
      measurer.keep(answer);
      if (answer.dataFromMs !== null) dataFromMs = Math.min(dataFromMs ?? answer.dataFromMs, answer.dataFromMs);
    }
  };
  let stretchCount = 0;
  const tell = (phase: BacktestProgress["phase"], atMs: number) => {
    stretchCount += 1;
    onProgress({ phase, done: stretchCount / (plan.history.length + plan.range.length), atMs });
  };

  async function readHistory(): Promise<void> {
    let emptyMs = 0;
    for await (const answers of ahead(plan.history, depth, (stretch) => askWhole(stretch, asking))) {
      keep(answers);
      for (const { stretch, dataFromMs: found } of answers) {
        emptyMs = found === null ? emptyMs + (stretch.window.toMs - stretch.window.fromMs) : 0;
      }
      tell("HISTORY", answers[0]?.stretch.window.fromMs ?? range.fromMs);
      if (emptyMs >= longestEmptyMs) return;
    }
  }

  async function evaluateUntil(endMs: number): Promise<void> {
    const objectives = [...own, ...defaultObjectives(defaults, measurer.services(), own)];
    const call = { signal, deadlineMs: Number.POSITIVE_INFINITY };
    while (clockMs <= range.toMs && measurer.endOf(clockMs) <= endMs && !signal.aborted) {
      tally.evaluated(await evaluator.cycle(clockMs, { objectives, isComplete: true }, call));
      clockMs += range.stepMs;
      evaluationCount += 1;
      if (changes.length > 0) {
        const made = changes.splice(0);
        tally.changed(made);
        onChanges(made);
      }
      if (evaluationCount % evaluationsATurn === 0) await turn();
    }
  }

  try {
    await readHistory();
    stretchCount = plan.history.length;
    await evaluateUntil(measurer.endOf(range.fromMs));
    for await (const answers of ahead(plan.range, depth, (stretch) => askWhole(stretch, asking))) {
      keep(answers);
      await evaluateUntil(answers.at(-1)?.stretch.window.toMs ?? 0);
      if (signal.aborted) break;
      tell("RANGE", clockMs - range.stepMs);
    }
  } catch (error) {
    // Whoever stops it gets what was found so far, not the failures of calls that were given up.
    if (!signal.aborted) throw error;
  }
  return {
    fromMs: range.fromMs,
    toMs: clockMs - range.stepMs,
    stepMs: range.stepMs,
    evaluationCount,
    isComplete: clockMs > range.toMs,
    historyFromMs: plan.historyFromMs,
    dataFromMs,
    objectives: tally.objectives(),
  };
}

/** Stands for those that defaults are given to, before any is known. */
const anyService: ServiceRef = { cluster: "", namespace: "", name: "" };

/** The service of an objective: of those found where it names no cluster. */
function createServiceOf({ services }: Pick<ReplayMeasurer, "services">) {
  const kept = new Map<string, ServiceRef>();
  return ({ cluster, namespace, name }: ServiceRefInput): ServiceRef => {
    if (cluster !== null) return { cluster, namespace, name };
    const key = `${namespace}/${name}`;
    const known = kept.get(key) ?? services().find((found) => found.namespace === namespace && found.name === name);
    if (known === undefined) return { cluster: "default", namespace, name };
    kept.set(key, known);
    return known;
  };
}
