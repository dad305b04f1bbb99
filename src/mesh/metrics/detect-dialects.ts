/** Which dialects a metrics source speaks, told from the names of its metrics. */
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Dialect } from "../dialects/dialect.js";
import { knownDialects } from "../dialects/known-dialects.js";
import type { MeshKind } from "../mesh.js";
import { createKeptAnswers } from "./kept-answers.js";
import { recordedAt } from "./recorded-steps.js";

/** A dialect in use, and how its durations are stored there. */
export interface SpokenDialect {
  readonly dialect: Dialect;
  /** Null when it has no durations. */
  readonly histogram: "classic" | "native" | null;
  /** Whether rules count its buckets by steps; in an index: all through its window. */
  readonly isRecorded: boolean;
}

/** Tells the dialects of a source, in order of preference; kept for a minute per source. */
export type DetectDialects = (
  source: MetricSource,
  window: TimeWindow,
  options: CallOptions,
) => Promise<readonly SpokenDialect[]>;

const hourMs = 3_600_000;
const coarseMs = 300_000;

/** @param only the one kind to read, when the configuration names it; null: all that are there */
export function createDetectDialects(clock: Clock, only: MeshKind | null): DetectDialects {
  const candidates = knownDialects.filter((dialect) => only === null || dialect.kind === only);
  const histograms = candidates.flatMap(({ latency }) => (latency === null ? [] : Object.values(latency.metric)));
  const names = [
    ...new Set([...candidates.flatMap((dialect) => dialect.detect), ...histograms, ...histograms.map(bucketOf)]),
    recordedAt,
  ];
  const kept = createKeptAnswers<ReadonlySet<string>>(clock, 60_000, 100);
  return async (source, window, options) => {
    const toMs = Math.ceil(window.toMs / coarseMs) * coarseMs;
    const fromMs = Math.floor(Math.min(window.fromMs, window.toMs - hourMs) / coarseMs) * coarseMs;
    const present = await kept.get(`${source.name} ${fromMs} ${toMs}`, () =>
      source.presentMetrics(names, { fromMs, toMs }, options),
    );
    return candidates
      .filter((dialect) => dialect.detect.every((name) => present.has(name)))
      .map((dialect) => ({
        dialect,
        histogram: histogramOf(dialect, present),
        isRecorded: present.has(recordedAt),
      }));
  };
}

function histogramOf({ latency }: Dialect, present: ReadonlySet<string>): "classic" | "native" | null {
  if (latency === null) return null;
  const metrics = Object.values(latency.metric);
  if (metrics.some((metric) => present.has(bucketOf(metric)))) return "classic";
  return metrics.some((metric) => present.has(metric)) ? "native" : null;
}

function bucketOf(histogram: string): string {
  return `${histogram}_bucket`;
}
