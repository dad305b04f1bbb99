/** What /metrics says of objectives and the loop. Labels name services and objectives of the configuration; how many is capped. Used by self-metrics.ts. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { AlertBoard, ObjectiveStatus } from "../alerting/alert-board.js";
import type { EvaluatedCycle } from "../alerting/evaluator.js";
import { formatDuration } from "../slo/format-duration.js";
import type { BackfillStep } from "../slo/measure/measurer.js";

const seconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];
const states = ["OK", "BURNING", "EXHAUSTED", "UNKNOWN"] as const;
const dataStates = ["OK", "IDLE", "NO_DATA", "UNKNOWN"] as const;
/** Objectives with series of their own; a series per window and state each. */
const mostObjectives = 500;

/** What is read when /metrics is asked for. */
export interface WatchedAlerting {
  readonly board: Pick<AlertBoard, "list">;
  readonly openIncidents: () => readonly { readonly state: string; readonly severity: string }[];
}

/** What alerting reports to. */
export interface AlertMetrics {
  watch(alerting: WatchedAlerting): void;
  transition(to: string, severity: string): void;
  evaluated(
    cycle: EvaluatedCycle,
    facts: { readonly lagMs: number; readonly durationMs: number },
    countBytes: number,
  ): void;
  skipped(count: number): void;
  failed(): void;
  backfilled(step: BackfillStep): void;
}

/**
 * Registers the loop's metrics with `registry`; the objectives' own, which name services, with a registry that only callers who may see
 * every namespace are shown.
 */
export function createAlertMetrics(registry: Registry): {
  readonly metrics: AlertMetrics;
  readonly objectives: Registry;
} {
  const registers = [registry];
  const lag = new Gauge({
    name: "meshlens_alert_loop_lag_seconds",
    help: "How late the last evaluation began.",
    registers,
  });
  const duration = new Histogram({
    name: "meshlens_alert_loop_duration_seconds",
    help: "Time of one evaluation of all objectives.",
    buckets: seconds,
    registers,
  });
  const last = new Gauge({
    name: "meshlens_alert_last_evaluation_timestamp_seconds",
    help: "Instant of the last evaluation that was stored.",
    registers,
  });
  const failures = new Counter({
    name: "meshlens_alert_evaluation_failures_total",
    help: "Evaluations that could not be stored and were repeated.",
    registers,
  });
  const skips = new Counter({
    name: "meshlens_alert_evaluations_skipped_total",
    help: "Evaluations left out because the one before took too long or the clock was set.",
    registers,
  });
  const transitions = new Counter({
    name: "meshlens_alert_transitions_total",
    help: "Changes of incidents, by state and severity after the change.",
    labelNames: ["to", "severity"],
    registers,
  });
  const backfill = new Counter({
    name: "meshlens_slo_backfill_pieces_total",
    help: "Pieces of the past that were counted (filled), could not be (failed), or were not missing (done).",
    labelNames: ["outcome"],
    registers,
  });
  const clamped = new Counter({
    name: "meshlens_slo_clamped_windows_total",
    help: "Windows in which more good or failed events were counted than events, so that the ratio was cut.",
    registers,
  });
  const bytes = new Gauge({
    name: "meshlens_slo_counts_bytes",
    help: "Memory of the counts of all objectives.",
    registers,
  });
  const skew = new Gauge({
    name: "meshlens_source_clock_skew_seconds",
    help: "How far the clock of a metrics source is ahead of ours; objectives' windows end by the sources' clocks.",
    labelNames: ["source"],
    registers,
  });
  let watched: WatchedAlerting | null = null;
  new Gauge({
    name: "meshlens_alert_open_incidents",
    help: "Open incidents by state and severity.",
    labelNames: ["state", "severity"],
    registers,
    collect() {
      this.reset();
      for (const { state, severity } of watched?.openIncidents() ?? []) this.inc({ state, severity });
    },
  });
  const objectives = objectiveGauges(() => watched?.board.list() ?? []);
  const metrics: AlertMetrics = {
    watch(alerting) {
      watched = alerting;
    },
    transition: (to, severity) => transitions.inc({ to, severity }),
    evaluated({ evaluatedAtMs, measurements, clockSkewsMs }, { lagMs, durationMs }, countBytes) {
      lag.set(Math.max(0, lagMs) / 1000);
      duration.observe(durationMs / 1000);
      last.set(evaluatedAtMs / 1000);
      bytes.set(countBytes);
      for (const [source, skewMs] of clockSkewsMs) skew.set({ source }, skewMs / 1000);
      clamped.inc(measurements.clampedWindows());
    },
    skipped: (count) => skips.inc(count),
    failed: () => failures.inc(),
    backfilled: (outcome) => backfill.inc({ outcome }),
  };
  return { metrics, objectives };
}

function objectiveGauges(list: () => readonly ObjectiveStatus[]): Registry {
  const objectives = new Registry();
  const registers = [objectives];
  const names = ["cluster", "namespace", "service", "slo"] as const;
  const shown = () => list().slice(0, mostObjectives);
  const labels = ({ service, objective }: ObjectiveStatus) => ({
    cluster: service.cluster,
    namespace: service.namespace,
    service: service.name,
    slo: objective.name,
  });
  new Gauge({
    name: "meshlens_slo_series_truncated",
    help: `1 when there are more than ${mostObjectives} objectives, so that only the first have series here.`,
    registers,
    collect() {
      this.set(list().length > mostObjectives ? 1 : 0);
    },
  });
  new Gauge({
    name: "meshlens_slo_objective_ratio",
    help: "Share of events that shall be good.",
    labelNames: names,
    registers,
    collect() {
      this.reset();
      for (const status of shown()) this.set(labels(status), status.objective.target.ratio);
    },
  });
  new Gauge({
    name: "meshlens_slo_error_budget_remaining_ratio",
    help: "Share of the error budget that is left; below 0 when overspent. No series while it is not known.",
    labelNames: names,
    registers,
    collect() {
      this.reset();
      for (const status of shown()) {
        const remaining = status.budget?.remainingRatio ?? null;
        if (remaining !== null) this.set(labels(status), remaining);
      }
    },
  });
  new Gauge({
    name: "meshlens_slo_burn_rate",
    help: "Burn rate by window; 1 spends exactly the budget over the period. No series without events.",
    labelNames: [...names, "window"],
    registers,
    collect() {
      this.reset();
      for (const status of shown()) {
        for (const { windowMs, value } of (status.burnConditions ?? []).flatMap(({ long, short }) => [long, short])) {
          if (value !== null) this.set({ ...labels(status), window: formatDuration(windowMs) }, value);
        }
      }
    },
  });
  const enumGauge = <T extends string>(
    name: string,
    help: string,
    values: readonly T[],
    of: (s: ObjectiveStatus) => T,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [...names, "state"],
      registers,
      collect() {
        this.reset();
        for (const status of shown()) {
          for (const state of values) this.set({ ...labels(status), state }, of(status) === state ? 1 : 0);
        }
      },
    });
  enumGauge("meshlens_slo_state", "1 for the state the budget is in.", states, ({ state }) => state);
  enumGauge("meshlens_slo_data_state", "1 for the state the data is in.", dataStates, ({ dataState }) => dataState);
  return objectives;
}
