/** Asks one source for the counts of users' own metrics, batched, each query at its own risk only. Called by ask-groups.ts. */
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource, RawSeries } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type LedgerBlock, ledgerTiers } from "../ledger/scope-ledger.js";
import type { AskApart } from "./ask-apart.js";
import { type BucketTimes, createCounts, type ScopedCounts } from "./fold-counts.js";
import { ownCounters, type SteppedRatio, type UserCounts } from "./user-counts.js";

/** What to ask, over which steps. */
export interface OwnQuestion {
  readonly counted: readonly UserCounts[];
  readonly stepped: readonly SteppedRatio[];
  /** Both ends multiples of the step. */
  readonly window: TimeWindow;
  readonly stepMs: number;
}

/** Counts by scope; what could not be had has none, and the reason in words. */
export interface OwnAnswer {
  readonly counts: readonly ScopedCounts[];
  readonly rows: number;
  readonly refused: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Queries in one request: a part or two of a counted one, one of a ratio, which may be of any cost. */
const mostCounted = 50;
const mostStepped = 20;

/** The counts. A ratio's value at the end of a fine step stands for the step, in coarse ones too. @throws MESHLENS_ERR_SOURCE_* */
export async function askOwnCounts(
  source: MetricSource,
  { counted, stepped, window, stepMs }: OwnQuestion,
  apart: { readonly counted: AskApart; readonly stepped: AskApart },
  options: CallOptions,
  clock: Clock,
): Promise<OwnAnswer> {
  const times: BucketTimes = {
    startMs: window.fromMs,
    stepMs,
    bucketCount: Math.round((window.toMs - window.fromMs) / stepMs),
  };
  const counts: ScopedCounts[] = [];
  const warnings: string[] = [];
  let rows = 0;
  const refusedCounts = await apart.counted(counted.map(keyed), mostCounted, async (items) => {
    const parts = items.flatMap(({ own }, i) => own.parts.map(({ part }, j) => ({ ...part, id: `${i} ${j}` })));
    const result = await source.query({ parts, window, stepMs, rangeMs: stepMs }, options);
    warnings.push(...result.warnings);
    rows += result.rows.length;
    for (const [i, { own }] of items.entries()) {
      const sum = createCounts(ownCounters, times);
      for (const [j, { counter, weight }] of own.parts.entries()) {
        for (const row of result.rows) if (row.part === `${i} ${j}`) sum.add("", counter, row.values, weight);
      }
      counts.push({ scope: own.scope, block: sum.block() });
    }
  });
  const partial = new Map<string, string>();
  const refusedSteps = await apart.stepped(stepped.map(keyed), mostStepped, async (items) => {
    const queries = items.map(({ own }, i) => ({ id: String(i), promql: own.promql }));
    const result = await source.evaluate({ queries, window, stepMs: ledgerTiers.fineMs }, shareOf(options, 8, clock));
    rows += result.series.length;
    for (const [i, { own }] of items.entries()) {
      const merged = oneSeries(result.series.filter(({ id }) => id === String(i)));
      const problem = result.warnings[0] ?? (merged === null ? severalSeries : null);
      if (problem !== null) partial.set(own.scope, problem);
      else counts.push({ scope: own.scope, block: foldSteps(merged ?? [], result.timestampsMs, times) });
    }
  });
  return { counts, rows, warnings, refused: new Map([...refusedCounts, ...refusedSteps, ...partial]) };
}

/** The terms of one call among several that must share the time. */
export function shareOf(options: CallOptions, calls: number, clock: Clock): CallOptions {
  const nowMs = clock.nowMs();
  return { ...options, deadlineMs: nowMs + Math.max(0, options.deadlineMs - nowMs) / calls };
}

/** Why an answer of several series is none. */
export const severalSeries =
  "The query gives several series and an objective is one: write sum(...) or avg(...) around it.";

/** The series of one query as one, where at most one of them has a value at each point; null where several have. */
export function oneSeries(series: readonly Pick<RawSeries, "values">[]): RawSeries["values"] | null {
  const [first, ...more] = series;
  if (first === undefined || more.length === 0) return first?.values ?? [];
  const isSeveral = first.values.some((_, i) => series.filter(({ values }) => values[i] !== null).length > 1);
  return isSeveral
    ? null
    : first.values.map((_, i) => series.find(({ values }) => values[i] !== null)?.values[i] ?? null);
}

function keyed<T extends { readonly scope: string }>(own: T): { readonly key: string; readonly own: T } {
  return { key: own.scope, own };
}

/** Sums and numbers of values by bucket; what is no number counts as a time without events. */
function foldSteps(raw: RawSeries["values"], timestampsMs: readonly number[], times: BucketTimes): LedgerBlock {
  const { startMs, stepMs, bucketCount } = times;
  const values = new Float64Array(2 * bucketCount).fill(Number.NaN);
  const add = (at: number, value: number) => {
    const before = values[at] as number;
    values[at] = (Number.isNaN(before) ? 0 : before) + value;
  };
  for (const [i, value] of raw.entries()) {
    const bucket = Math.ceil(((timestampsMs[i] ?? 0) - startMs) / stepMs) - 1;
    if (value === null || bucket < 0 || bucket >= bucketCount) continue;
    add(bucket, value === "NaN" ? 0 : value);
    add(bucketCount + bucket, value === "NaN" ? 0 : 1);
  }
  return {
    ...times,
    counters: ownCounters,
    keys: raw.length === 0 ? [] : [""],
    values: raw.length === 0 ? new Float64Array() : values,
  };
}
