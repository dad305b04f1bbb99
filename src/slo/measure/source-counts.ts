/** Asks one source for the counts of all families over some steps: two questions, however many objectives there are. */
import type { MetricPart, MetricResult, MetricRow, MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { callParts, type FamilyPart, fastParts } from "./family-parts.js";
import { type BucketTimes, createCounts, foldCalls, foldSlow, type ScopedCounts } from "./fold-counts.js";
import type { LearnedSource } from "./learn-source.js";
import { type CallFamily, slowScope } from "./sli-family.js";
import type { UserCounts } from "./user-counts.js";

/** What to count, over which steps. */
export interface CountQuestion {
  readonly families: readonly CallFamily[];
  readonly queries: readonly UserCounts[];
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
  readonly warnings: readonly string[];
}

/** Parts of users' queries in one request. */
const mostUserParts = 100;

/** Counts of one source. @throws MESHLENS_ERR_SOURCE_* */
export async function askCounts(
  source: MetricSource,
  learned: LearnedSource,
  { families, queries, window, stepMs }: CountQuestion,
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
  const users = queries.flatMap((query) => query.parts.map((part) => ({ query, ...part })));
  const userParts = users.map(({ part }, i) => ({ ...part, id: `u${i}` }));
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
  const counts = await ask(calls.map(({ part }) => part)).then((result) =>
    families.flatMap((family) => foldCalls(ownOf(family, calls), result, learned.index, times)),
  );
  const slow = await ask(fast.map(({ part }) => part)).then((result) =>
    families.flatMap((family) => foldSlow(family, ownOf(family, fast), result, counts, learned.index, times)),
  );
  counts.push(...slow);
  const answer: { readonly rows: MetricRow[] } = { rows: [] };
  for (let at = 0; at < userParts.length; at += mostUserParts) {
    answer.rows.push(...(await ask(userParts.slice(at, at + mostUserParts))).rows);
  }
  for (const query of queries) {
    const sum = createCounts(query.counters, times);
    for (const [i, { query: own, counter, weight }] of users.entries()) {
      if (own !== query) continue;
      for (const row of answer.rows) if (row.part === `u${i}`) sum.add("", counter, row.values, weight);
    }
    counts.push({ scope: query.scope, block: sum.block() });
  }
  const approximate = fast.flatMap(({ family, thresholds }) =>
    [...thresholds].flatMap(([ms, edges]) =>
      edges.isApproximate ? family.rules.map(({ id }) => slowScope(family.view, family.grain, id, ms)) : [],
    ),
  );
  return { counts, rows: rowCount, approximate, warnings };
}

function numbered(prefix: string, parts: readonly FamilyPart[]): readonly FamilyPart[] {
  return parts.map((own, i) => ({ ...own, part: { ...own.part, id: `${prefix}${i}` } }));
}
