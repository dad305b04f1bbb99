/** Asks one source for the counts of all families over some steps: two questions, however many objectives there are. */
import type { MetricPart, MetricResult, MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { connectionParts, foldConnections } from "./connection-counts.js";
import { callParts, type FamilyPart, fastParts } from "./family-parts.js";
import { type BucketTimes, foldCalls, foldSlow, type ScopedCounts } from "./fold-counts.js";
import type { LearnedSource } from "./learn-source.js";
import { type CallFamily, callsScope, connectionsScope, type Grain, grainParts, slowScope } from "./sli-family.js";

/** What to count, over which steps. */
export interface CountQuestion {
  readonly families: readonly CallFamily[];
  readonly connections: readonly Grain[];
  /** Both ends multiples of the step. */
  readonly window: TimeWindow;
  readonly stepMs: number;
}

/** Counts by scope, and what the source said beside them. */
export interface CountAnswer {
  readonly counts: readonly ScopedCounts[];
  readonly rows: number;
  /** Scopes whose threshold lies between two bucket edges. */
  readonly approximate: readonly string[];
  /** Scopes that none of its metrics can tell apart, with the reason. */
  readonly untold: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Counts of one source. @throws MESHLENS_ERR_SOURCE_* */
export async function askCounts(
  source: MetricSource,
  learned: LearnedSource,
  { families, connections, window, stepMs }: CountQuestion,
  options: CallOptions,
): Promise<CountAnswer> {
  const { fromMs, toMs } = window;
  const times: BucketTimes = { startMs: fromMs, stepMs, bucketCount: Math.round((toMs - fromMs) / stepMs) };
  const calls = numbered(
    "c",
    families.flatMap((family) => callParts(family, learned)),
  );
  const fast = numbered(
    "f",
    families.flatMap((family) => fastParts(family, learned)),
  );
  const warnings: string[] = [];
  let rowCount = 0;
  const ask = async (parts: readonly MetricPart[]): Promise<Pick<MetricResult, "rows">> => {
    if (parts.length === 0) return { rows: [] };
    const result = await source.query({ parts, window, stepMs, rangeMs: stepMs }, options);
    rowCount += result.rows.length;
    warnings.push(...result.warnings);
    return result;
  };
  const ownOf = (family: CallFamily, parts: readonly FamilyPart[]) => parts.filter((part) => part.family === family);
  // One answer after the other: the rows of thousands of services are folded and forgotten before the next ones come.
  const isTold = ({ grain }: { readonly grain: Grain }, parts: readonly { readonly grain: Grain }[]) =>
    learned.index.spoken.length === 0 || parts.some((part) => part.grain === grain);
  const untold = new Map<string, string>();
  for (const family of families) {
    const own = ownOf(family, calls).map(() => family);
    if (isTold(family, own)) continue;
    for (const { id } of family.rules) untold.set(callsScope(family.view, family.grain, id), untoldWords(family.grain));
  }
  const counts = await ask(calls.map(({ part }) => part)).then((result) =>
    families.flatMap((family) => foldCalls(ownOf(family, calls), result, learned.index, times)),
  );
  const slow = await ask(fast.map(({ part }) => part)).then((result) =>
    families.flatMap((family) => foldSlow(family, ownOf(family, fast), result, counts, learned.index, times)),
  );
  counts.push(...slow);
  const opened = connections.flatMap((grain) => connectionParts(grain, learned));
  const numberedOpened = opened.map((own, i) => ({ ...own, part: { ...own.part, id: `t${i}` } }));
  const answer = await ask(numberedOpened.map(({ part }) => part));
  for (const grain of connections) {
    const own = numberedOpened.filter((part) => part.grain === grain);
    if (isTold({ grain }, own)) counts.push(foldConnections(grain, own, answer, learned.index, times));
    else untold.set(connectionsScope(grain), "The mesh's metrics count no connections in this scope.");
  }
  const approximate = fast.flatMap(({ family, thresholds }) =>
    [...thresholds].flatMap(([ms, edges]) =>
      edges.isApproximate ? family.rules.map(({ id }) => slowScope(family.view, family.grain, id, ms)) : [],
    ),
  );
  return { counts, rows: rowCount, approximate, untold, warnings };
}

function untoldWords(grain: Grain): string {
  const parts = grainParts(grain);
  const words = [
    parts.has("route")
      ? "routes (Istio's request_operation, where a Telemetry resource adds it, and OpenTelemetry's span_name do)"
      : null,
    parts.has("version") ? "versions (Istio's destination_version does)" : null,
    parts.has("caller") || parts.has("host") ? "callers" : null,
  ];
  return `The mesh's metrics do not name ${words.filter((word) => word !== null).join(", nor ")}: leave it out of the objective, or write events with a query of your own.`;
}

function numbered(prefix: string, parts: readonly FamilyPart[]): readonly FamilyPart[] {
  return parts.map((own, i) => ({ ...own, part: { ...own.part, id: `${prefix}${i}` } }));
}
