/** Thresholds between the edges of a histogram's buckets. Pure but for the one question which edges there are. Called by source-counts.ts. */
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";

/** A threshold as shares of cumulative buckets: count(threshold) = Σ weight · count(le). */
export interface ThresholdEdges {
  readonly weights: readonly { readonly le: string; readonly weight: number }[];
  /** Whether the threshold lies between two edges, so that the count is interpolated. */
  readonly isApproximate: boolean;
}

/** The edges of a histogram's buckets, ascending, without +Inf, as they are spelt in the port. */
export async function askEdges(source: MetricSource, metric: string, window: TimeWindow, options: CallOptions) {
  const select = { metric, matchers: [] };
  const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };
  const { rows } = await source.query(
    {
      parts: [{ id: "edges", expression: { kind: "seen", of, groupBy: ["le"] } }],
      window,
      stepMs: null,
      rangeMs: 0,
    },
    options,
  );
  const edges = rows.map(({ labels }) => labels["le"] ?? "").filter((le) => le !== "" && Number.isFinite(Number(le)));
  return [...new Set(edges)].sort((a, b) => Number(a) - Number(b));
}

/** Which buckets hold the calls of at most `threshold`, in the histogram's unit; null without buckets. */
export function edgesOf(edges: readonly string[], threshold: number): ThresholdEdges | null {
  const exact = edges.find((le) => Number(le) === threshold);
  if (exact !== undefined) return { weights: [{ le: exact, weight: 1 }], isApproximate: false };
  const upper = edges.find((le) => Number(le) > threshold);
  const lower = edges.findLast((le) => Number(le) < threshold);
  // Beyond the last edge nothing is told: the calls under it are the surely fast ones.
  if (upper === undefined)
    return lower === undefined ? null : { weights: [{ le: lower, weight: 1 }], isApproximate: true };
  const from = lower === undefined ? 0 : Number(lower);
  const share = (threshold - from) / (Number(upper) - from);
  const low = lower === undefined ? [] : [{ le: lower, weight: 1 - share }];
  return { weights: [...low, { le: upper, weight: share }], isApproximate: true };
}
