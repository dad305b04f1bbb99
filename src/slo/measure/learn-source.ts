/** What the counting must know of a source before it asks: who is who, whose proxy counts what, which bucket edges there are. */
import type { View } from "../../mesh/mesh.js";
import type { SpokenDialect } from "../../mesh/metrics/detect-dialects.js";
import type { MetricKnowledge } from "../../mesh/metrics/metric-knowledge.js";
import type { ServiceIndex } from "../../mesh/metrics/service-index.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import { provenMs } from "../../telemetry/step-count.js";
import { askEdges } from "./bucket-edges.js";
import { chooseViews, type ViewChoice } from "./view-choice.js";

/** A view chosen for an edge stays chosen this long after its last sample, as everywhere in the mesh. */
export const stickyMs = 3_600_000;

/** Kept this long: a service or caller that is new is placed by its own labels meanwhile. */
export const learnedForMs = 600_000;

/** Knowledge of one source at one time. */
export interface LearnedSource {
  readonly atMs: number;
  readonly index: ServiceIndex;
  /** By choiceKey. */
  readonly choices: ReadonlyMap<string, ViewChoice | null>;
  /** Bucket edges by histogram. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  /** Whether other callers than before are counted by other reports: what was counted since the learning before is to be asked again. */
  readonly isChanged: boolean;
}

/** What is to be counted, as far as learning depends on it. */
export interface LearnWish {
  readonly views: ReadonlySet<View>;
  readonly latencyViews: ReadonlySet<View>;
}

/** When to learn: the hour before `atMs`, and `moreMs` before that where a longer stretch is to be counted at once. */
export interface LearnTime {
  readonly atMs: number;
  readonly moreMs: number;
}

/** Learns of sources, each every ten minutes or when more is wished for. */
export function createLearnSource(knowledge: MetricKnowledge) {
  const kept = new Map<MetricSource, { readonly wish: string; readonly learned: LearnedSource }>();
  return async (
    source: MetricSource,
    wish: LearnWish,
    { atMs, moreMs }: LearnTime,
    options: CallOptions,
  ): Promise<LearnedSource> => {
    const key = JSON.stringify([[...wish.views].sort(), [...wish.latencyViews].sort(), moreMs]);
    const known = kept.get(source);
    if (known?.wish === key && Math.abs(atMs - known.learned.atMs) < learnedForMs) return known.learned;
    const lately = { fromMs: atMs - stickyMs - moreMs, toMs: atMs };
    const spoken = await knowledge.spoken(source, lately, options);
    const choices = new Map<string, ViewChoice | null>();
    const edges = new Map<string, readonly string[]>();
    const metrics = spoken.flatMap((one) => [...wish.latencyViews].flatMap((view) => bucketMetric(one, view) ?? []));
    // Side by side: a start waits for all of it.
    const [{ value: index }] = await Promise.all([
      knowledge.index(source, lately, options),
      ...spoken.flatMap((one) =>
        [...wish.views].map((view) => learnChoices(source, one, view, { atMs, moreMs }, options, choices)),
      ),
      ...[...new Set(metrics)].map(async (metric) =>
        edges.set(metric, await askEdges(source, metric, { fromMs: atMs - provenMs - moreMs, toMs: atMs }, options)),
      ),
    ]);
    const isChanged = known?.wish === key && told(known.learned.choices) !== told(choices);
    const learned = { atMs, index, choices, edges, isChanged };
    kept.set(source, { wish: key, learned });
    return learned;
  };
}

function told(choices: LearnedSource["choices"]): string {
  return JSON.stringify([...choices].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The classic histogram's buckets under a view; null where there is none. */
export function bucketMetric({ dialect, histogram }: SpokenDialect, view: View): string | null {
  return dialect.latency === null || histogram !== "classic" ? null : `${dialect.latency.metric[view]}_bucket`;
}

/** Names one choice among those of a source. */
export function choiceKey(dialect: string, view: View, preference: number): string {
  return `${dialect}|${view}|${preference}`;
}

async function learnChoices(
  source: MetricSource,
  { dialect }: SpokenDialect,
  view: View,
  { atMs, moreMs }: LearnTime,
  options: CallOptions,
  choices: Map<string, ViewChoice | null>,
): Promise<void> {
  const metric = dialect.requests.counters[0]?.metric;
  if (metric === undefined) return;
  for (const [i, preference] of dialect.requests.views[view].entries()) {
    const choice = await chooseViews(source, preference, metric, atMs, stickyMs + moreMs, options);
    choices.set(choiceKey(dialect.name, view, i), choice);
  }
}
